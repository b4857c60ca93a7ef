"""How urgent a date is: working days left, and the groups by which lists are ordered."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA

GROUPS = (
    ("overdue", _("Overdue")),
    ("today", _("Today")),
    ("soon", _("Within 3 working days")),
    ("week", _("This week")),
    ("later", _("Later")),
    ("none", _("No date")),
)
SOON, WEEK = 3, 5  # working days, today not counted


def days_left(calendar: WorkingCalendar, due_on: date, due_at: datetime, now: datetime) -> int:
    """Working days left, 0 today; what is overdue is at least one day late, even the same evening.

    A last day on a rest day ahead is not today, though no working day lies before it.
    """
    today = now.astimezone(CHINA).date()
    left = calendar.working_days_left(today, due_on)
    if due_at < now:
        return min(left, -1)
    return max(left, 1) if due_on > today else max(left, 0)


def group_of(left: int | None) -> str:
    """The group of so many days left; None: no date."""
    if left is None:
        return "none"
    if left < 0:
        return "overdue"
    return "today" if left == 0 else "soon" if left <= SOON else "week" if left <= WEEK else "later"


def last_days(calendar: WorkingCalendar, today: date) -> dict[str, date]:
    """The day before which a due day belongs to a group: the same limits for a query."""
    return {
        "soon": calendar.plus_working_days(today, SOON + 1),
        "week": calendar.plus_working_days(today, WEEK + 1),
    }

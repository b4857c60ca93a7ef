"""How a duty stands against its date, as pages show it."""

from dataclasses import dataclass
from datetime import datetime

from agencies.models import Obligation
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA
from agencies.rules.urgency import days_left


@dataclass(frozen=True)
class Standing:
    """state: open, overdue, met, waived. days_left: working days, negative when overdue.

    late: of what is met, whether it came late; days_late: by how many working days.
    """

    owed: Obligation
    state: str
    days_left: int | None
    late: bool = False
    days_late: int = 0

    @property
    def is_overdue(self) -> bool:
        return self.state == "overdue"


def standing(owed: Obligation, calendar: WorkingCalendar, now: datetime) -> Standing:
    state = owed.state(now)
    if state == "met" and owed.met_at is not None:
        came = owed.met_at.astimezone(CHINA).date()
        late = bool(owed.late)
        days = max(1, -calendar.working_days_left(came, owed.due_on)) if late else 0
        return Standing(owed, state, None, late, days)
    if state == "waived":
        return Standing(owed, state, None)
    return Standing(owed, state, days_left(calendar, owed.due_on, owed.due_at, now))

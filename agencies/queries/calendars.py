"""The official calendar: rows as a pure value."""

from collections.abc import Iterable
from datetime import date

from agencies.models import CalendarDay, CalendarYear
from agencies.rules.calendar import WorkingCalendar


def working_calendar() -> WorkingCalendar:
    """All loaded years, in two queries."""
    years = CalendarYear.objects.values_list("year", flat=True)
    return from_days(years, CalendarDay.objects.values_list("day", "kind"))


def from_days(years: Iterable[int], days: Iterable[tuple[date, str]]) -> WorkingCalendar:
    rows = list(days)
    return WorkingCalendar(
        years=frozenset(years),
        holidays=frozenset(day for day, kind in rows if kind == CalendarDay.Kind.HOLIDAY),
        make_up_days=frozenset(day for day, kind in rows if kind == CalendarDay.Kind.MAKE_UP),
    )

"""The official calendar: rows as a pure value."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from agencies.models import CalendarDay, CalendarYear
from agencies.rules.calendar import WorkingCalendar


def working_calendar() -> WorkingCalendar:
    """All loaded years with their days, in one query."""
    days = CalendarDay.objects.filter(day__year=OuterRef("year"))
    found = CalendarYear.objects.values_list(
        "year", ArraySubquery(days.values(data=JSONObject(day="day", kind="kind")))
    )
    rows = list(found)
    return from_days(
        (year for year, _days in rows),
        [(date.fromisoformat(one["day"]), one["kind"]) for _year, days in rows for one in days],
    )


def from_days(years: Iterable[int], days: Iterable[tuple[date, str]]) -> WorkingCalendar:
    rows = list(days)
    return WorkingCalendar(
        years=frozenset(years),
        holidays=frozenset(day for day, kind in rows if kind == CalendarDay.Kind.HOLIDAY),
        make_up_days=frozenset(day for day, kind in rows if kind == CalendarDay.Kind.MAKE_UP),
    )

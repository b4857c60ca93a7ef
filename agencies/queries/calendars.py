"""The official calendar: rows as a pure value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from agencies.models import CalendarDay, CalendarYear
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.calendar_file import HOLIDAY, MAKE_UP, SATURDAY, YearFile


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


@dataclass(frozen=True)
class Difference:
    """A day on which a file says otherwise than the loaded year; true: it is worked."""

    day: date
    before: bool
    after: bool


def differences(file: YearFile) -> list[Difference]:
    """The days that loading a file would change; none when its year is not loaded yet."""
    if not CalendarYear.objects.filter(year=file.year).exists():
        return []
    days = CalendarDay.objects.filter(day__year=file.year).values_list("day", "kind")
    loaded, given = dict(days), file.kinds
    return [
        Difference(day, _worked(day, loaded.get(day)), _worked(day, given.get(day)))
        for day in sorted(loaded.keys() | given.keys())
        if _worked(day, loaded.get(day)) != _worked(day, given.get(day))
    ]


def _worked(day: date, kind: str | None) -> bool:
    return kind == MAKE_UP or (kind != HOLIDAY and day.weekday() < SATURDAY)


@dataclass(frozen=True)
class LoadedYear:
    """A year with its notice and its days, as the page shows it."""

    year: int
    source: str
    days: list[CalendarDay]

    @property
    def off(self) -> list[CalendarDay]:
        return [day for day in self.days if day.kind == CalendarDay.Kind.HOLIDAY]

    @property
    def worked(self) -> list[CalendarDay]:
        return [day for day in self.days if day.kind == CalendarDay.Kind.MAKE_UP]


def loaded_years() -> list[LoadedYear]:
    """All loaded years, the latest first, in two queries."""
    by_year: dict[int, list[CalendarDay]] = {}
    for day in CalendarDay.objects.order_by("day"):
        by_year.setdefault(day.day.year, []).append(day)
    return [
        LoadedYear(row.year, row.source, by_year.get(row.year, []))
        for row in CalendarYear.objects.order_by("-year")
    ]

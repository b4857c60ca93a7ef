"""One child's school days, put together from stays in classes, rolls, marks and placements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from students.rules.absence import SchoolDay
from students.rules.enrollment import PlacementFacts, explains
from students.rules.marks import day_state
from students.rules.school_calendar import SchoolCalendar


@dataclass(frozen=True)
class Stay:
    """On the roster of one class, both days included; no end means still there."""

    class_id: int
    school_id: int
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Child:
    """What the rolls know of one child within a term."""

    stays: tuple[Stay, ...]
    marks: Mapping[date, str]
    placements: tuple[PlacementFacts, ...] = ()


@dataclass(frozen=True)
class Rolls:
    """The rolls of the classes concerned, and the calendar of each school."""

    states: Mapping[tuple[int, date], str]
    calendars: Mapping[int, SchoolCalendar]


def school_days(child: Child, rolls: Rolls, first: date, last: date) -> Iterable[SchoolDay]:
    """The child's school days in order; a transfer neither ends nor adds to a run."""
    for stay in sorted(child.stays, key=lambda stay: stay.starts_on):
        until = min(last, stay.ends_on) if stay.ends_on else last
        calendar = rolls.calendars[stay.school_id]
        for day in calendar.school_days(max(first, stay.starts_on), until):
            lawful = any(explains(placement, day) for placement in child.placements)
            roll = rolls.states.get((stay.class_id, day))
            yield SchoolDay(day, day_state(roll, child.marks.get(day), lawful))

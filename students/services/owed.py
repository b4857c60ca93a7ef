"""Raising duties of school life: each rests on the policy in force on its first day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from agencies.models import Agency
from agencies.queries.policy import in_force
from agencies.rules.calendar import WorkingCalendar
from agencies.services import obligations
from agencies.services.obligations import Ground, Owed
from students.models import SchoolClass

LONGEST = 80  # of Obligation.subject


def raise_each(
    county_id: int, duties: Iterable[Owed], calendar: WorkingCalendar, now: datetime
) -> int:
    """Raise duties that begin on different days. Returns how many were asked for."""
    by_day: dict[date, list[Owed]] = defaultdict(list)
    for one in duties:
        by_day[one.starts_on].append(one)
    for day, several in sorted(by_day.items()):
        obligations.raise_all(county_id, several, Ground(in_force(county_id, day), calendar, now))
    return sum(map(len, by_day.values()))


def subject_of(school: Agency, school_class: SchoolClass | None = None) -> str:
    """What a duty about a child is called: class and school, never the child."""
    names = (school_class.name if school_class else "", school.name)
    return " ".join(name for name in names if name)[:LONGEST]

"""Raising duties of school life: each rests on the policy in force on its first day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.utils import translation

from agencies.models import Agency
from agencies.queries.policy import in_force_on_days
from agencies.rules.calendar import WorkingCalendar
from agencies.services import obligations
from agencies.services.obligations import Ground, Owed
from students.models import SchoolClass

LONGEST = 80  # of Obligation.subject


def raise_each(
    county_id: int, duties: Iterable[Owed], calendar: WorkingCalendar, now: datetime
) -> int:
    """Raise duties that begin on different days. Returns how many were new."""
    by_day: dict[date, list[Owed]] = defaultdict(list)
    for one in duties:
        by_day[one.starts_on].append(one)
    policies = in_force_on_days(county_id, by_day)
    return sum(
        obligations.raise_many(county_id, several, Ground(policies[day], calendar, now))
        for day, several in sorted(by_day.items())
    )


def subject_of(school: Agency, school_class: SchoolClass | None = None) -> str:
    """What a duty about a child is called: class and school, never the child."""
    with translation.override(settings.LANGUAGE_CODE):  # whoever caused it, whatever they read
        names = (school_class.name if school_class else "", school.name)
    return " ".join(name for name in names if name)[:LONGEST]

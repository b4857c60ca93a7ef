"""Raising duties of school life: each rests on the policy in force on its first day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.conf import settings
from django.utils import translation

from agencies.models import Agency, Obligation
from agencies.queries.policy import in_force_on_days
from agencies.rules.calendar import WorkingCalendar
from agencies.services import obligations
from agencies.services.obligations import Ground, Owed
from students.models import EnrollmentRecord, SchoolClass

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


def go_with_the_child(owed: Mapping[int, EnrollmentRecord]) -> int:
    """Open duties about children who are on the roster of another school than the one that owes
    them: the new school owes them, by the same day. owed: by their ids."""
    rows = list(Obligation.objects.open().filter(pk__in=owed).select_related("owed_by"))
    moved = [row for row in rows if row.owed_by_id != owed[row.pk].school_id]
    for row in moved:
        stay = owed[row.pk]
        row.owed_by, row.region_path = stay.school, stay.school.region.path
        row.subject = subject_of(stay.school)
    return obligations.hand_over(moved)


def stays_of(student_ids: Iterable[int], on: date) -> dict[int, EnrollmentRecord]:
    """Where these children are on a roster on the day."""
    rows = EnrollmentRecord.objects.on(on).filter(student__in=list(student_ids))
    return {row.student_id: row for row in rows.select_related("school__region")}


def subject_of(school: Agency, school_class: SchoolClass | None = None) -> str:
    """What a duty about a child is called: class and school, never the child."""
    with translation.override(settings.LANGUAGE_CODE):  # whoever caused it, whatever they read
        names = (school_class.name if school_class else "", school.name)
    return " ".join(name for name in names if name)[:LONGEST]

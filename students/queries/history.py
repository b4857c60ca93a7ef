"""The school days of any children in one term, in a fixed number of queries."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from students.models import EnrollmentRecord, Placement, Roll, RollMark, Term
from students.queries.calendars import school_calendars
from students.rules.absence import SchoolDay
from students.rules.history import Child, Rolls, Stay, school_days


def school_days_of(
    student_ids: Collection[int], term: Term, first: date, last: date
) -> dict[int, list[SchoolDay]]:
    """Each child's school days from first to last, cut to the term."""
    stays: dict[int, list[Stay]] = {pk: [] for pk in student_ids}
    for record in EnrollmentRecord.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=term.starts_on),
        student_id__in=student_ids,
        starts_on__lte=term.ends_on,
    ):
        stay = Stay(record.school_class_id, record.school_id, record.starts_on, record.ends_on)
        stays[record.student_id].append(stay)
    marks: dict[int, dict[date, str]] = {pk: {} for pk in student_ids}
    for student_id, day, mark in RollMark.objects.filter(
        student_id__in=student_ids, day__range=(term.starts_on, term.ends_on)
    ).values_list("student_id", "day", "mark"):
        marks[student_id][day] = mark
    placements: dict[int, list[Placement]] = {pk: [] for pk in student_ids}
    for placement in Placement.objects.filter(student_id__in=student_ids):
        placements[placement.student_id].append(placement)
    everywhere = [stay for several in stays.values() for stay in several]
    rolls = Rolls(
        states={
            (class_id, day): state
            for class_id, day, state in Roll.objects.filter(
                school_class_id__in={stay.class_id for stay in everywhere},
                day__range=(term.starts_on, term.ends_on),
            ).values_list("school_class_id", "day", "state")
        },
        calendars=school_calendars(term, {stay.school_id for stay in everywhere}),
    )
    return {
        pk: list(
            school_days(
                Child(tuple(stays[pk]), marks[pk], tuple(p.facts for p in placements[pk])),
                rolls,
                first,
                last,
            )
        )
        for pk in student_ids
    }

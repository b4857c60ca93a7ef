"""Which rolls are missing, and a teacher's own class."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from agencies.rules.scope import Scope
from students.models import Roll, SchoolClass
from students.models.school_class import class_name
from students.queries.calendars import latest_term, school_calendars
from students.rules.identity import school_year_of


@dataclass(frozen=True)
class ClassDays:
    """One class: the school days of the term that still miss a roll, newest first."""

    public_id: UUID
    name: str
    school_name: str
    missing: list[date]
    taken_today: bool
    expected_today: bool


def class_of_teacher(scope: Scope) -> UUID | None:
    """The class of which the person is class teacher today."""
    if not scope.class_post_ids:
        return None
    return (
        SchoolClass.objects.of_year(school_year_of(scope.on))
        .filter(teachers__post_id__in=scope.class_post_ids, teachers__starts_on__lte=scope.on)
        .exclude(teachers__ends_on__lt=scope.on)
        .order_by("grade", "number")
        .values_list("public_id", flat=True)
        .first()
    )


def recent_days(classes: QuerySet[SchoolClass], scope: Scope) -> list[ClassDays]:
    """Each class with its missing days, those that miss most first."""
    term = latest_term(scope.county_id, scope.on)
    rows = list(classes.select_related("school").order_by("school__code", "grade", "number"))
    if term is None:
        return []
    calendars = school_calendars(term, {row.school_id for row in rows})
    taken = set(
        Roll.objects.filter(
            school_class__in=[row.pk for row in rows], day__gte=term.starts_on
        ).values_list("school_class_id", "day")
    )
    found = []
    for row in rows:
        days = calendars[row.school_id].school_days(term.starts_on, scope.on)
        missing = [day for day in days if (row.pk, day) not in taken]
        found.append(
            ClassDays(
                row.public_id,
                class_name(row.grade, row.number),
                row.school.name,
                [day for day in reversed(missing) if day < scope.on],
                (row.pk, scope.on) in taken,
                calendars[row.school_id].is_school_day(scope.on),
            )
        )
    return sorted(found, key=lambda one: (-len(one.missing), one.taken_today))

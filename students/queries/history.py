"""The school days of any children in one term, in a fixed number of queries."""

from collections.abc import Collection
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from agencies.rules.calendar import WorkingCalendar
from students.models import EnrollmentRecord, Placement, Roll, RollMark, Student, Term
from students.queries.calendars import school_calendars
from students.rules.absence import SchoolDay
from students.rules.enrollment import PlacementFacts
from students.rules.history import Child, Rolls, Stay, school_days


def school_days_of(
    student_ids: Collection[int],
    term: Term,
    first: date,
    last: date,
    working: WorkingCalendar | None = None,
) -> dict[int, list[SchoolDay]]:
    """Each child's school days from first to last, cut to the term.

    Two queries, and one each for the closed days and the calendar unless they are brought along.
    """
    children = _children(student_ids, term)
    stays = [stay for child in children.values() for stay in child.stays]
    called = Roll.objects.filter(
        school_class_id__in={stay.class_id for stay in stays},
        day__range=(term.starts_on, term.ends_on),
    )
    rolls = Rolls(
        states={
            (class_id, day): state
            for class_id, day, state in called.values_list("school_class_id", "day", "state")
        },
        calendars=school_calendars(term, {stay.school_id for stay in stays}, working),
    )
    return {pk: list(school_days(child, rolls, first, last)) for pk, child in children.items()}


def _children(student_ids: Collection[int], term: Term) -> dict[int, Child]:
    student = OuterRef("pk")
    period = {"starts_on": "starts_on", "ends_on": "ends_on"}
    stays = EnrollmentRecord.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=term.starts_on),
        student=student,
        starts_on__lte=term.ends_on,
    )
    marks = RollMark.objects.filter(student=student, day__range=(term.starts_on, term.ends_on))
    stay = JSONObject(class_id="school_class_id", school_id="school_id", **period)
    placement = JSONObject(kind="kind", proof="proof", returned_on="returned_on", **period)
    rows = Student.objects.filter(pk__in=student_ids).values_list(
        "pk",
        ArraySubquery(stays.values(data=stay)),
        ArraySubquery(marks.values(data=JSONObject(day="day", mark="mark"))),
        ArraySubquery(Placement.objects.filter(student=student).values(data=placement)),
    )
    return {
        pk: Child(
            stays=tuple(stay_of(one) for one in several),
            marks={date.fromisoformat(one["day"]): one["mark"] for one in marked},
            placements=tuple(placement_of(one) for one in away),
        )
        for pk, several, marked, away in rows
    }


def stay_of(row: dict) -> Stay:
    return Stay(row["class_id"], row["school_id"], _day(row["starts_on"]), _end(row["ends_on"]))


def placement_of(row: dict) -> PlacementFacts:
    return PlacementFacts(
        row["kind"],
        _day(row["starts_on"]),
        _day(row["ends_on"]),
        row["proof"],
        _end(row["returned_on"]),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _end(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

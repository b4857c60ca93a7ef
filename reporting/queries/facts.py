"""The facts of a board: one queryset each, and the condition of every indicator on it.

Counts (board.py) and lists (behind.py) are made from the same queryset and the same condition, so
they cannot disagree. Each fact is one grouped query whatever the number of pupils.

An area wholly within the viewer's reach (rules/areas.in_reach) needs no further narrowing; of any
other area only what visible_to shows is counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr

from agencies.models import Obligation
from cases.models import Case, CaseEvent, CaseObligation, Episode
from cases.rules.endings import NO_RETURN
from cases.rules.workflow import BACK, OPEN, State
from reporting.queries.lens import Lens
from reporting.rules.areas import TOWNSHIP_PATH, AreaKind
from reporting.rules.indicators import Rows
from students.models import AbsenceRun, EnrollmentRecord, Placement, RollMark, SchoolClass, Student
from students.rules.identity import school_year_of
from students.rules.marks import Mark, RollState

ABSENT = (Mark.SICK_LEAVE, Mark.PERSONAL_LEAVE, Mark.UNEXCUSED)
SCHOOL_YEAR_BEGINS = (9, 1)  # month and day, as in students.rules.identity.school_year_of


@dataclass(frozen=True)
class Fact:
    """build: its rows through a lens. by: what counts are grouped by. conditions: by indicator."""

    rows: Rows
    build: Callable[[Lens], QuerySet]
    by: tuple[str, ...]
    conditions: Callable[[Lens], dict[str, Q]]


def roster(lens: Lens) -> QuerySet:
    """Enrollment records of the day, with the roll of the class on that day as `called`.

    Children count where their school is; on a village's board, where they live.
    """
    found = EnrollmentRecord.objects.on(lens.on).filter(lens.tagged())
    found = found.filter(county_id=lens.scope.county_id)
    if lens.area.kind == AreaKind.VILLAGE:
        found = found.filter(student__household__region__path__startswith=lens.area.path)
        if not lens.sees_all:
            found = found.filter(student__in=Student.objects.visible_to(lens.scope))
    else:
        found = found.filter(lens.placed("school", "school_class"))
        if not lens.sees_all:
            found = found.filter(school_class__in=SchoolClass.objects.visible_to(lens.scope))
    on_that_day = Q(school_class__rolls__day=lens.on)
    return found.annotate(called=FilteredRelation("school_class__rolls", condition=on_that_day))


def of_roster(lens: Lens) -> dict[str, Q]:
    away = Placement.objects.on(lens.on).filter(
        Q(returned_on__isnull=True) | Q(returned_on__gt=lens.on)
    )
    expected = lens.has_school() & ~Q(student__in=away.values("student"))
    return {
        "enrolled": Q(),
        "pupils_expected": expected,
        "pupils_called": expected & Q(called__state=RollState.TAKEN),
        "unknown": expected & Q(called__isnull=True),
    }


def marked(lens: Lens) -> QuerySet:
    """Pupils of the roster with a mark in the roll of their class on the day, as `mark`.

    Found from the rolls of the day: marks are indexed by roll, and a year has many.
    """
    return (
        roster(lens)
        .annotate(exception=FilteredRelation("student__marks"))
        .filter(
            lens.has_school(),
            exception__roll=F("called__pk"),
            called__county_id=lens.scope.county_id,
            called__day=lens.on,
            called__state=RollState.TAKEN,
        )
        .annotate(mark=F("exception__mark"))
    )


def of_marked(lens: Lens) -> dict[str, Q]:
    return {
        "absent": Q(mark__in=ABSENT),
        "sick_leave": Q(mark=Mark.SICK_LEAVE),
        "personal_leave": Q(mark=Mark.PERSONAL_LEAVE),
        "unexcused": Q(mark=Mark.UNEXCUSED),
        "unknown": Q(mark=Mark.UNKNOWN),
    }


def running(lens: Lens) -> QuerySet:
    """Pupils whose run of unexcused absence is going on at the end of the day.

    days: known unexcused days up to the day; since: its first day. A run never crosses a term.
    """
    going_on = AbsenceRun.objects.going_on(lens.on).filter(term_id__in=lens.term_ids)
    known = (
        RollMark.objects.filter(
            student=OuterRef("student"),
            day__range=(OuterRef("run__starts_on"), lens.on),
            mark=Mark.UNEXCUSED,
            roll__state=RollState.TAKEN,
        )
        .values("student")
        .annotate(days=Count("pk"))
        .values("days")
    )
    return (
        roster(lens)
        .annotate(run=FilteredRelation("student__runs"))
        .filter(run__in=going_on.values("pk"))
        .annotate(
            since=F("run__starts_on"),
            days=models.Case(
                models.When(run__last_on__lte=lens.on, then=F("run__days")), default=Subquery(known)
            ),
        )
    )


def of_running(lens: Lens) -> dict[str, Q]:
    return {
        "runs_1": Q(days=1),
        "runs_2": Q(days=2),
        "runs_3": Q(days=3),
        "runs_4plus": Q(days__gte=4),
    }


def classes(lens: Lens) -> QuerySet:
    """Classes with pupils on the day, with their roll of that day as `roll`.

    All of them, so that units and what lies in none are the same for every focus group.
    """
    pupils = EnrollmentRecord.objects.on(lens.on).filter(school_class=OuterRef("pk"))
    return (
        SchoolClass.objects.visible_to(lens.scope)
        .filter(lens.placed("school", "pk"), Exists(pupils))
        .annotate(roll=FilteredRelation("rolls", condition=Q(rolls__day=lens.on)))
    )


def of_classes(lens: Lens) -> dict[str, Q]:
    here = EnrollmentRecord.objects.on(lens.on).filter(lens.tagged())
    counted = Q(pk__in=here.values("school_class")) if lens.tag else Q()
    expected = lens.has_school() & counted
    return {
        "classes": counted,
        "rolls_expected": expected,
        "rolls_taken": expected & Q(roll__state=RollState.TAKEN),
        "rolls_not_held": expected & Q(roll__state=RollState.NOT_HELD),
        "rolls_missing": expected & Q(roll__isnull=True),
    }


def cases(lens: Lens) -> QuerySet:
    """Cases with their state at the end of the day (`then`) and the day of the return (`back_on`).

    A past day is read from the timeline: the last event recorded of those dated up to that day.
    A case counts at its school; without a school, where the household lives.
    """
    seen = Case.objects.filter(lens.tagged(), county_id=lens.area.county_id)
    if not lens.sees_all:
        seen = seen.visible_to(lens.scope)
    found = seen.filter(_case_in_area(lens))
    found = found.annotate(
        place=Substr(Coalesce("school__region__path", "household__region__path"), 1, TOWNSHIP_PATH)
    )
    if not lens.is_past:
        return found.annotate(
            then=F("state"), back_on=F("current__returned_on"), episode_then=F("current")
        )
    last = CaseEvent.objects.filter(case=OuterRef("pk"), on__lte=lens.on).order_by("-at", "-pk")
    episode = Episode.objects.filter(case=OuterRef("pk"), number=OuterRef("event__episode"))
    return (
        found.annotate(event=FilteredRelation("events"))
        .filter(event__pk=Subquery(last.values("pk")[:1]))
        .annotate(
            then=F("event__after"),
            back_on=Subquery(episode.values("returned_on")[:1]),
            episode_then=Subquery(episode.values("pk")[:1]),
        )
    )


def _case_in_area(lens: Lens) -> Q:
    area = lens.area
    homeless = Q(school__isnull=True)
    if area.kind == AreaKind.VILLAGE:
        return Q(household__region__path__startswith=area.path)
    if area.kind == AreaKind.TOWNSHIP:
        without = homeless & Q(household__region__path__startswith=area.path)
        return without if area.rest else without | Q(school__region__path__startswith=area.path)
    if area.kind == AreaKind.COUNTY and area.rest:
        without = homeless & Q(household__region__path=area.path)
        return without | Q(school__region__path=area.path)
    if area.kind == AreaKind.SCHOOL and area.rest:
        of_today = SchoolClass.objects.filter(school_id=area.school_id).filter(
            Exists(EnrollmentRecord.objects.on(lens.on).filter(school_class=OuterRef("pk")))
        )
        return Q(school_id=area.school_id) & (
            Q(school_class__isnull=True) | ~Q(school_class__in=of_today)
        )
    return lens.placed("school", "school_class")


def of_cases(lens: Lens) -> dict[str, Q]:
    first = date(school_year_of(lens.on), *SCHOOL_YEAR_BEGINS)
    this_year = (first, lens.on)
    no_return = Q(ending__in=sorted(NO_RETURN), ended_on__lte=lens.on)
    returned = Episode.objects.filter(returned_on__range=this_year).exclude(no_return)
    staying = sorted(BACK | {State.END_REQUESTED, State.CLOSED})
    is_open = Q(then__in=sorted(OPEN))
    late = CaseObligation.objects.filter(obligation__in=_overdue(lens)).values("case")
    return {
        **{f"cases_{state}": Q(then=state) for state in State if state in OPEN},
        "cases_open": is_open,
        "overdue": is_open & Q(pk__in=late),
        "returned": Q(pk__in=returned.values("case")),
        "returned_staying": Q(then__in=staying, back_on__range=this_year)
        & Q(episode_then__in=returned.values("pk")),
    }


def _overdue(lens: Lens) -> QuerySet:
    """Duties overdue at the present instant, or at the end of a past day."""
    if not lens.is_past:
        return Obligation.objects.overdue(lens.now)
    end = lens.as_of
    return Obligation.objects.filter(
        Q(met_at__isnull=True) | Q(met_at__gte=end),
        Q(waived_at__isnull=True) | Q(waived_at__gte=end),
        starts_on__lte=lens.on,
        due_at__lt=end,
    )


CLASSES = Fact(
    Rows.CLASSES,
    classes,
    ("pk", "public_id", "grade", "number", "school_id", "school__region__path"),
    of_classes,
)
ROSTER = Fact(Rows.STUDENTS, roster, ("school_class_id",), of_roster)
MARKED = Fact(Rows.STUDENTS, marked, ("school_class_id",), of_marked)
RUNNING = Fact(Rows.STUDENTS, running, ("school_class_id",), of_running)
CASES = Fact(Rows.CASES, cases, ("place", "school_id", "school_class_id"), of_cases)
FACTS = (CLASSES, ROSTER, MARKED, RUNNING, CASES)

"""What must always be true of the stored facts, as a list of checks.

Each check names its rows that break it. Nothing is repaired here: a fault is read by a person.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from agencies.models import Obligation, Region
from agencies.models.bases import valid_on
from agencies.rules.region_code import Level
from cases.models import (
    Case,
    CaseEvent,
    CaseGrant,
    CaseObligation,
    CaseReport,
    Episode,
    HouseholdTeam,
    TeamSeat,
)
from cases.rules.opening import Effect, Known, effect
from cases.rules.workflow import ENDED, State
from reporting.queries import balance
from students.models import AbsenceRun, EnrollmentRecord, RollMark, Term
from students.queries.recount import differences
from students.rules.marks import RollState


@dataclass(frozen=True)
class Check:
    """find: primary keys of the rows of `table` that break it on a day."""

    name: str
    meaning: str
    table: str
    find: Callable[[date], Iterable[int]]


@dataclass(frozen=True)
class Fault:
    check: Check
    rows: list[int]


def faults(today: date) -> list[Fault]:
    """Every check that is broken, with its rows."""
    found = [Fault(check, sorted(set(check.find(today)))) for check in CHECKS]
    return [fault for fault in found if fault.rows]


def _keys(rows: QuerySet) -> Iterable[int]:
    return rows.order_by().values_list("pk", flat=True)


def _current_terms(today: date) -> list[Term]:
    """The latest term of each county that has begun."""
    begun = Term.objects.filter(starts_on__lte=today)
    return list(begun.order_by("county", "-starts_on").distinct("county"))


def runs_differ(today: date) -> Iterable[int]:
    return [pk for term in _current_terms(today) for pk in differences(term)]


def crossed_runs_without_case(today: date) -> Iterable[int]:
    """The rule of opening says that these runs open or reopen a case, and no episode has them."""
    waiting = (
        AbsenceRun.objects.crossed()
        .filter(term__in=_current_terms(today))
        .filter(~Exists(Episode.objects.filter(run=OuterRef("pk"))))
        .values_list(
            "pk",
            "starts_on",
            "student__case__state",
            "student__case__current__returned_on",
            "student__case__current__ended_on",
            "student__case__current__ending",
        )
    )
    for pk, starts_on, state, returned_on, ended_on, ending in waiting:
        known = Known(State(state), returned_on, ended_on, ending or "") if state else None
        if effect(starts_on, known) in (Effect.OPEN, Effect.REOPEN):
            yield pk


def enrolled_twice(today: date) -> Iterable[int]:
    other = EnrollmentRecord.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("starts_on")),
        student=OuterRef("student"),
        starts_on__lte=OuterRef("starts_on"),
    ).exclude(pk=OuterRef("pk"))
    return _keys(EnrollmentRecord.objects.filter(Exists(other)))


def marks_off_roster(today: date) -> Iterable[int]:
    stay = EnrollmentRecord.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("roll__day")),
        student=OuterRef("student"),
        school_class=OuterRef("roll__school_class"),
        starts_on__lte=OuterRef("roll__day"),
    )
    return _keys(RollMark.objects.filter(~Exists(stay)))


def marks_of_another_day(today: date) -> Iterable[int]:
    return _keys(RollMark.objects.exclude(day=F("roll__day")))


def marks_on_roll_not_held(today: date) -> Iterable[int]:
    return _keys(RollMark.objects.filter(roll__state=RollState.NOT_HELD))


def open_cases_without_report(today: date) -> Iterable[int]:
    reports = CaseReport.objects.filter(episode=OuterRef("current"))
    return _keys(Case.objects.open().filter(~Exists(reports)))


def open_cases_without_team(today: date) -> Iterable[int]:
    team = HouseholdTeam.objects.filter(household=OuterRef("household"))
    return _keys(Case.objects.open().filter(~Exists(team)))


def grants_differ_from_seats(today: date) -> Iterable[int]:
    """Open cases on which somebody has a seat without a grant or a grant without a seat."""
    held = TeamSeat.objects.filter(
        valid_on(today, "post__"), until__isnull=True, post__user__is_active=True
    )
    of_case = held.filter(team__household=OuterRef("household"))
    granted = CaseGrant.objects.filter(content_object=OuterRef(OuterRef("pk")))
    ungranted = of_case.filter(~Exists(granted.filter(user=OuterRef("post__user"))))
    seats = held.filter(team__household=OuterRef(OuterRef("household")))
    unseated = CaseGrant.objects.filter(content_object=OuterRef("pk")).filter(
        ~Exists(seats.filter(post__user=OuterRef("user")))
    )
    return _keys(Case.objects.open().filter(Exists(ungranted) | Exists(unseated)))


def open_duties_of_ended_cases(today: date) -> Iterable[int]:
    ended = CaseObligation.objects.filter(case__state__in=sorted(ENDED))
    return _keys(Obligation.objects.open().filter(pk__in=ended.values("obligation")))


def open_cases_without_duty(today: date) -> Iterable[int]:
    owed = CaseObligation.objects.filter(
        case=OuterRef("pk"), obligation__in=Obligation.objects.open()
    )
    return _keys(Case.objects.open().filter(~Exists(owed)))


def states_off_timeline(today: date) -> Iterable[int]:
    last = CaseEvent.objects.filter(case=OuterRef("pk")).order_by("-at", "-pk").values("after")
    cases = Case.objects.annotate(told=Subquery(last[:1]))
    return _keys(cases.filter(Q(told__isnull=True) | ~Q(told=F("state"))))


def wrong_lateness(today: date) -> Iterable[int]:
    met = Obligation.objects.filter(met_at__isnull=False)
    late = Q(met_at__gt=F("due_at"))
    wrong = (late & ~Q(late=True)) | (~late & ~Q(late=False)) | Q(late__isnull=True)
    return _keys(met.filter(wrong))


def counted_twice(today: date) -> Iterable[int]:
    counties = Region.objects.filter(level=Level.COUNTY).values_list("pk", flat=True)
    return [pk for county in counties for pk in balance.twice(county, today)]


CHECKS: tuple[Check, ...] = (
    Check(
        "runs_differ",
        "runs of absence are not those of the recount from the rolls",
        "student",
        runs_differ,
    ),
    Check(
        "crossed_runs_without_case",
        "a run passed the threshold and has no case",
        "absence run",
        crossed_runs_without_case,
    ),
    Check("enrolled_twice", "a child is enrolled twice", "enrollment record", enrolled_twice),
    Check(
        "marks_off_roster",
        "a mark for a pupil who was not on the roster of the class that day",
        "roll mark",
        marks_off_roster,
    ),
    Check(
        "marks_of_another_day",
        "a mark of another day than its roll",
        "roll mark",
        marks_of_another_day,
    ),
    Check(
        "marks_on_roll_not_held",
        "a mark on the roll of a class that was not held",
        "roll mark",
        marks_on_roll_not_held,
    ),
    Check(
        "open_cases_without_report",
        "an open case of which nobody was told",
        "case",
        open_cases_without_report,
    ),
    Check(
        "open_cases_without_team",
        "an open case whose household has no team",
        "case",
        open_cases_without_team,
    ),
    Check(
        "grants_differ_from_seats",
        "an open case whose grants are not its seats",
        "case",
        grants_differ_from_seats,
    ),
    Check(
        "open_duties_of_ended_cases",
        "a duty is still open although its case has ended",
        "obligation",
        open_duties_of_ended_cases,
    ),
    Check(
        "open_cases_without_duty",
        "an open case for which nobody owes anything",
        "case",
        open_cases_without_duty,
    ),
    Check(
        "states_off_timeline",
        "the state of a case is not the one that its timeline ends with",
        "case",
        states_off_timeline,
    ),
    Check(
        "wrong_lateness",
        "a duty that was met is marked late, or not, against its due moment",
        "obligation",
        wrong_lateness,
    ),
    Check(
        "counted_twice",
        "a child is in two parts of the balance",
        "student",
        counted_twice,
    ),
)

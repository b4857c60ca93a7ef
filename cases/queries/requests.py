"""Requests to other agencies as the two sides see them, and figures of each body.

The asked body sees what was shared until the request has ended, then only that there was one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.standing import Standing, standing
from agencies.rules import masking
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from cases.models import Case, HelpRequest, RequestStep
from cases.queries.paper_facts import CHINESE, place_of, printed
from cases.rules.requests import (
    LIVE,
    MATTERS,
    WAITS_FOR_THEM,
    Matter,
    Move,
    Outcome,
    Particular,
    RequestState,
    Shared,
    only,
    possible,
)
from cases.rules.two_tests import Person, Referral, referrals
from cases.rules.workflow import ENDED, State
from students.models import Guardian, Student
from students.models.school_class import class_name
from students.rules.identity import compulsory_cohort, full_years, school_year_of

# What whoever works on the case reads masked, as on its other pages.
MASKED = {Shared.ID_NUMBER: masking.id_number, Shared.GUARDIAN_PHONE: masking.phone}
NEWEST = 50  # of what has ended; all of it stands in the figures


@dataclass(frozen=True)
class Line:
    """One request in a list. over: its case, or the episode it was made in, has ended."""

    request: HelpRequest
    over: bool
    standing: Standing | None

    @property
    def state(self) -> RequestState:
        return RequestState(self.request.state)

    @property
    def running(self) -> bool:
        return self.state in LIVE and not self.over

    @property
    def state_label(self) -> str:
        """Settled or not; what the case has ended is neither."""
        if self.state in LIVE and self.over:
            return _("ended with the case")
        return str(self.state.label)

    @property
    def matter(self) -> Matter:
        return Matter(self.request.matter)


@dataclass(frozen=True)
class StepLine:
    """What one side did. Words and results are empty for whoever may no longer read them."""

    at: datetime
    state: str
    body: str
    text: str = ""
    outcome: str = ""
    outcome_label: str = ""
    paper_number: str = ""
    day: str = ""
    file_id: str = ""

    @property
    def state_label(self) -> str:
        return str(RequestState(self.state).label)


@dataclass(frozen=True)
class Full:
    """A request with its contents, as far as the reader may see them; moves: what is possible."""

    line: Line
    asked: str
    shared: list[tuple[Shared, str]]
    particulars: list[tuple[Particular, str]]
    steps: list[StepLine]
    moves: list[Move]


@dataclass(frozen=True)
class Waiting:
    """The list of an asked body: what waits for it, what it has answered, what has ended."""

    waiting: list[Line]
    answered: list[Line]
    ended: list[Line]


def with_bodies(rows: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    return rows.select_related(
        "case__current", "to", "by__agency", "by__user", "obligation", "paper__pdf"
    )


def with_steps(rows: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    steps = RequestStep.objects.select_related("by__agency", "file").order_by("pk")
    return with_bodies(rows).prefetch_related(Prefetch("steps", queryset=steps))


def waiting(scope: Scope, now: datetime) -> Waiting:
    """What the bodies of this person were asked: two queries, however much there is."""
    mine = with_bodies(HelpRequest.objects.answerable_by(scope))
    running = mine.running().order_by("obligation__due_at", "pk")  # type: ignore[attr-defined]
    others = mine.exclude(pk__in=HelpRequest.objects.answerable_by(scope).running().values("pk"))
    calendar = working_calendar()
    lines = [line(row, calendar, now) for row in running]
    return Waiting(
        waiting=[one for one in lines if one.state in WAITS_FOR_THEM],
        answered=[one for one in lines if one.state not in WAITS_FOR_THEM],
        ended=[line(row, calendar, now) for row in others.order_by("-asked_at", "-pk")[:NEWEST]],
    )


def of_case(case: Case, now: datetime) -> list[Full]:
    """All requests of a case with what was done, newest first: two queries and the calendar."""
    rows = with_steps(HelpRequest.objects.filter(case=case)).order_by("-asked_at", "-pk")
    calendar = working_calendar()
    return [asking_side(line(row, calendar, now)) for row in rows]


def line(row: HelpRequest, calendar: WorkingCalendar, now: datetime) -> Line:
    over = is_over(row)
    waits = row.state in LIVE and not over and row.obligation is not None
    return Line(
        row, over, standing(row.obligation, calendar, now) if waits and row.obligation else None
    )


def is_over(row: HelpRequest) -> bool:
    """The case has ended, or a new episode began: the request was for the one before."""
    case = row.case
    return State(case.state) in ENDED or (
        case.current is not None and case.current.number != row.episode
    )


def asking_side(one: Line) -> Full:
    """Whoever works on the case reads all of it; numbers are masked as everywhere there."""
    row = one.request
    shared = [(name, MASKED.get(name, str)(value)) for name, value in _shared(row)]
    return Full(
        line=one,
        asked=masking.free_text(row.asked),
        shared=shared,
        particulars=_particulars(row),
        steps=[_step(step) for step in row.steps.all()],
        moves=possible(one.state, theirs=False, over=one.over),
    )


def asked_side(one: Line) -> Full:
    """The asked body reads what was shared, in full, while the request runs; then nothing of it."""
    row = one.request
    if not one.running:
        ended = [StepLine(step.at, step.state, step.by.agency.name) for step in row.steps.all()]
        return Full(one, "", [], [], ended, [])
    return Full(
        line=one,
        asked=masking.free_text(row.asked),
        shared=_shared(row),
        particulars=_particulars(row),
        steps=[_step(step) for step in row.steps.all()],
        moves=possible(one.state, theirs=True, over=one.over),
    )


def _shared(row: HelpRequest) -> list[tuple[Shared, str]]:
    found = [(Shared(name), value) for name, value in row.shared.items()]
    return [
        (name, str(Student.Sex(value).label) if name is Shared.SEX else value)
        for name, value in sorted(found, key=lambda pair: list(Shared).index(pair[0]))
    ]


def _particulars(row: HelpRequest) -> list[tuple[Particular, str]]:
    order = (*MATTERS[Matter(row.matter)].must, *MATTERS[Matter(row.matter)].may)
    return [
        (name, masking.free_text(row.particulars[name]))
        for name in order
        if name in row.particulars
    ]


def _step(step: RequestStep) -> StepLine:
    return StepLine(
        at=step.at,
        state=step.state,
        body=step.by.agency.name,
        text=masking.free_text(step.text),
        outcome=step.outcome,
        outcome_label=str(Outcome(step.outcome).label) if step.outcome else "",
        paper_number=step.paper_number,
        day=step.particulars.get("day", ""),
        file_id=str(step.file.public_id) if step.file else "",
    )


def facts_of(case: Case, matter: Matter, on: date) -> dict[str, str]:
    """The fields of the child that this matter needs, as they stand on the day; frozen from then.

    Only what it needs is read out at all. Days are ISO, the sex is its code.
    """
    wanted = MATTERS[matter].shares
    student = case.student
    guardian = Guardian.objects.filter(student=student, is_guardian=True).order_by("order").first()
    known = {
        Shared.NAME.value: student.name,
        Shared.SEX.value: student.sex,
        Shared.AGE.value: str(full_years(student.born_on, on)),
        Shared.BORN_ON.value: student.born_on.isoformat(),
        Shared.ID_NUMBER.value: student.id_number or "",
        Shared.HOME.value: place_of(case),
        Shared.GUARDIAN.value: f"{guardian.name}（{guardian.relation}）" if guardian else "",
        Shared.GUARDIAN_PHONE.value: guardian.phone if guardian else "",
        Shared.SCHOOL.value: _school(case),
        Shared.ABSENT_SINCE.value: _absent_since(case).isoformat(),
    }
    return only(wanted, known)


def letter_facts(row: HelpRequest) -> dict[str, object]:
    """What its letter says (rules/papers.py HELP_REQUEST): Chinese, whoever writes it."""
    with translation.override(CHINESE):
        matter = Matter(row.matter)
        rows = [
            *(
                (name.label, masking.id_number(value) if name is Shared.ID_NUMBER else value)
                for name, value in _shared(row)
            ),
            *((name.label, value) for name, value in _particulars(row)),
        ]
        return {
            "matter": str(matter.label),
            "asked": row.asked,
            "reply_by": printed(row.obligation.due_on) if row.obligation else "",
            "shared": [{"label": str(label), "value": value} for label, value in rows],
        }


def _school(case: Case) -> str:
    """In Chinese, whoever asks: it is frozen."""
    if case.school is None:
        return ""
    with translation.override(CHINESE):
        grade = case.school_class
        return (
            f"{case.school.name} {class_name(grade.grade, grade.number) if grade else ''}".strip()
        )


def _absent_since(case: Case) -> date:
    run = case.episode.run
    return run.starts_on if run else case.episode.trigger_date


def referrals_of(case: Case, on: date) -> frozenset[Referral]:
    """The two tests of rule 10 for the child of this case, were it found at work."""
    policy = in_force(case.county_id, on)
    cohort = compulsory_cohort(
        school_year_of(on), policy.number(Key.ENTRY_AGE), policy.number(Key.SCHOOLING_YEARS)
    )
    child = Person(case.student.born_on, completed=case.student.completed_on is not None)
    return referrals(child, on, cohort)


def bodies(county_id: int, on: date) -> QuerySet[Agency]:
    """Whoever can be asked for something at all."""
    kinds = {kind for row in MATTERS.values() for kind in row.to}
    return (
        Agency.objects.on(on).filter(county_id=county_id, kind__in=kinds).order_by("kind", "name")
    )


def names_of(lines: Iterable[tuple[Shared, str]]) -> list[str]:
    """Which fields were shown: for the access log, which never holds a value."""
    return [name.value for name, _value in lines]

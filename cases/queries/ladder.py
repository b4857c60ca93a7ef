"""Where a case stands on the county's legal ladder, with the steps taken and their services."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, OuterRef, Prefetch, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.duties import Position
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from cases.models import Case, LadderRung, LegalStep, PaperService
from cases.rules import ladder as rules
from cases.rules.ladder import FINAL, Place, Rung, Standing, Step
from cases.rules.two_tests import Person, Referral, may_be_hired_from, referrals
from cases.rules.workflow import State
from students.rules.identity import compulsory_cohort, school_year_of


def rows_on(county_id: int, on: date) -> list[LadderRung]:
    """The rungs of the county on a day, from the lowest."""
    return list(LadderRung.objects.on(on).filter(county=county_id).order_by("order"))


def latest(county_id: int, key: str) -> LadderRung | None:
    """The last form of a rung, whether it is in force, ended or still to come."""
    return LadderRung.objects.filter(county=county_id, key=key).order_by("starts_on").last()


@dataclass(frozen=True)
class ListRow:
    """A rung on the county's page: what is in force, what comes; None: ended, or not begun."""

    key: str
    now: LadderRung | None
    coming: LadderRung | None
    last: LadderRung

    @property
    def positions(self) -> list[str]:
        return [str(Position(one).label) for one in (self.now or self.last).positions]


def list_page(county_id: int, on: date) -> list[ListRow]:
    """Every rung that the county has ever had, in the order of the ladder."""
    by_key: dict[str, list[LadderRung]] = {}
    for row in LadderRung.objects.filter(county=county_id).order_by("order", "key", "starts_on"):
        by_key.setdefault(row.key, []).append(row)
    return [
        ListRow(
            key,
            next((r for r in rows if r.starts_on <= on and (r.ends_on or on) >= on), None),
            next((r for r in rows if r.starts_on > on), None),
            rows[-1],
        )
        for key, rows in by_key.items()
    ]


def as_rung(row: LadderRung) -> Rung:
    return Rung(
        key=row.key,
        order=row.order,
        name=row.name,
        basis=row.basis,
        positions=frozenset(row.positions),
        needs=frozenset(row.needs),
        paper=row.paper,
        own_paper=row.own_paper,
        days=row.days,
        counting=row.counting,
        law=row.law,
    )


def steps_of(case: Case) -> QuerySet[LegalStep]:
    """All steps of all episodes, the first first; delivered: its paper is served somehow."""
    served = PaperService.objects.valid().filter(paper=OuterRef("paper"))
    rows = LegalStep.objects.filter(case=case).annotate(delivered=Exists(served))
    return rows.select_related("rung").order_by("taken_on", "pk")


def as_step(row: LegalStep) -> Step:
    """The row as the rules see it; it comes from steps_of."""
    return Step(
        rung=row.rung.key if row.rung else "",
        name=row.name,
        taken_on=row.taken_on,
        has_paper=row.paper_id is not None,
        delivered=getattr(row, "delivered", False),
        served_on=row.served_on,
        ends_on=row.ends_on,
        outcome=row.outcome,
    )


def of_episode(case: Case, rows: Iterable[LegalStep]) -> list[Step]:
    """A new episode begins at the foot of the ladder: what was ordered before was about then."""
    return [as_step(row) for row in rows if row.episode == case.episode.number]


def standing(scope: Scope, case: Case, on: date) -> Standing:
    positions = frozenset(post.position.value for post in scope.posts)
    return Standing(State(case.state), positions, on)


@dataclass(frozen=True)
class StepRow:
    """One step on the page; open: its outcome is still to be said.

    provisional: the calendar of a year that its period runs into is not loaded yet (rule 4).
    """

    row: LegalStep
    step: Step
    services: list[PaperService]
    current: bool
    today: date
    provisional: bool

    @property
    def left(self) -> str:
        """The guardian's remaining time in words."""
        return rules.days_left(self.step.ends_on, self.today) if self.step.ends_on else ""

    @property
    def open(self) -> bool:
        return self.current and self.step.outcome not in FINAL

    @property
    def clock(self) -> bool:
        """The guardian's time runs or has run out, and nothing has been said about it."""
        return self.open and self.step.ends_on is not None

    @property
    def to_be_served(self) -> bool:
        """Not until there is a service that only waits for its receipt, or has it."""
        return self.open and self.step.has_paper and self.step.served_on is None


@dataclass(frozen=True)
class LadderPage:
    """Everything that the page of the ladder shows of one case."""

    places: list[Place]
    steps: list[StepRow]


def ladder_page(scope: Scope, case: Case) -> LadderPage:
    """In four queries whatever the number of steps."""
    ladder = [as_rung(row) for row in rows_on(case.county_id, scope.on)]
    services = PaperService.objects.select_related("served_by__user", "receipt")
    services = services.defer("receipt__content").order_by("served_on", "pk")
    rows = list(
        steps_of(case)
        .select_related("rung", "paper__pdf", "scan", "by__user", "by__agency")
        .defer("paper__pdf__content", "scan__content", "paper__facts")
        .prefetch_related(Prefetch("paper__services", services))
    )
    at = standing(scope, case, scope.on)
    calendar = working_calendar()
    return LadderPage(
        places=rules.places(ladder, of_episode(case, rows), at),
        steps=[_row(case, row, scope.on, calendar) for row in rows],
    )


def _row(case: Case, row: LegalStep, today: date, calendar: WorkingCalendar) -> StepRow:
    return StepRow(
        row=row,
        step=as_step(row),
        services=list(row.paper.services.all()) if row.paper else [],
        current=row.episode == case.episode.number,
        today=today,
        provisional=_provisional(row, calendar),
    )


def _provisional(row: LegalStep, calendar: WorkingCalendar) -> bool:
    if row.served_on is None or row.days is None:
        return False
    return rules.end_of_period(row.served_on, row.days, row.counting, calendar).provisional


@dataclass(frozen=True)
class TwoTests:
    """What a child who is found at work is referred for (rule 10), each test for itself."""

    labour: bool
    schooling: bool
    may_be_hired_from: date


def two_tests(case: Case, on: date) -> TwoTests:
    """Both tests for the child of the case, in one query."""
    policy = in_force(case.county_id, on)
    cohort = compulsory_cohort(
        school_year_of(on), policy.number(Key.ENTRY_AGE), policy.number(Key.SCHOOLING_YEARS)
    )
    student = case.student
    found = referrals(Person(student.born_on, student.completed_on is not None), on, cohort)
    first = may_be_hired_from(student.born_on)
    return TwoTests(Referral.LABOUR in found, Referral.SCHOOLING in found, first)


def step_lines(case: Case) -> QuerySet:
    """Steps for the timeline: kind, at, name, number, issuer, facts, by."""
    number = Coalesce(NullIf("paper__number", Value("")), "external_number")
    return LegalStep.objects.filter(case=case).values_list(
        Value("step"), "taken_at", "name", number, "issuer", "facts", "by__user__name", "pk"
    )


def service_lines(case: Case) -> QuerySet:
    """Services for the timeline: kind, at, way, number of the paper, day, note, by."""
    day = Cast("served_on", CharField())
    return PaperService.objects.filter(paper__case=case).values_list(
        Value("service"), "recorded_at", "method", "paper__number", day, "note",
        "served_by__user__name", "pk",
    )  # fmt: skip

"""The plan of an episode, the standing of its measures, and the help given: in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf

from agencies.models import Obligation, Post
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import Standing, standing
from agencies.rules import masking
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.scope import Scope
from cases.models import Assistance, Case, CaseEvent, Episode, Measure, Plan, PlanCause, TeamSeat
from cases.queries import team as teams
from cases.rules.assistance import AssistanceKind
from cases.rules.plan import Effect
from cases.rules.team import Chair, Seat


@dataclass(frozen=True)
class MeasureRow:
    """One measure. standing: of its clock, None before the plan is approved.

    holder, holder_post: who sits on its seat today, empty and None where nobody does.
    """

    id: str
    code: str
    cause: str
    what: str
    seat: Seat
    holder: str
    holder_post: int | None
    due_on: date
    done_on: date | None
    effect: Effect | None
    note: str
    dropped_because: str
    standing: Standing | None

    @property
    def open(self) -> bool:
        return not (self.done_on or self.dropped_because)

    @property
    def state(self) -> str:
        """done, dropped, planned (before approval), or its clock's: open, overdue, waived."""
        if self.done_on:
            return "done"
        if self.dropped_because:
            return "dropped"
        return self.standing.state if self.standing else "planned"

    @property
    def waits(self) -> bool:
        """Its clock does not run yet: the plan has to be approved first."""
        return self.open and self.standing is None


@dataclass(frozen=True)
class CauseRow:
    """One cause. current: False when only finished measures still name it."""

    code: str
    name: str
    group: str = ""
    main: bool = False
    note: str = ""
    current: bool = True
    measures: list[MeasureRow] = field(default_factory=list)


@dataclass(frozen=True)
class HelpRow:
    """Help that was given. giver: an agency's name, or what was typed."""

    id: str
    kind: AssistanceKind
    giver: str
    what: str
    amount: Decimal | None
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class CaseHelp:
    """What the case page, the plan page and the household page show of one episode."""

    case_id: int
    episode: int
    plan: Plan | None
    causes: list[CauseRow]
    assistance: list[HelpRow]

    @property
    def measures(self) -> list[MeasureRow]:
        return [row for cause in self.causes for row in cause.measures]

    @property
    def open_measures(self) -> list[MeasureRow]:
        return [row for row in self.measures if row.open]

    @property
    def main(self) -> CauseRow | None:
        return next((cause for cause in self.causes if cause.main), None)

    @property
    def money(self) -> Decimal:
        return sum((row.amount for row in self.assistance if row.amount), Decimal())


@dataclass(frozen=True)
class Around:
    """What is known beside the rows: who sits where, the duties by their ids, the moment."""

    holders: Mapping[str, Post]
    obligations: Mapping[int, Obligation]
    calendar: WorkingCalendar
    now: datetime


GIVER = Coalesce(NullIf(F("giver_name"), Value("")), F("giver__name"), Value(""))
CAUSE = JSONObject(
    code="cause__code",
    name="cause__name",
    group="cause__parent__name",
    main="is_main",
    note="note",
)
MEASURE = JSONObject(
    id="public_id",
    code="cause__code",
    cause="cause__name",
    what="what",
    seat="seat",
    due_on="due_on",
    obligation="obligation",
    done_on="done_on",
    effect="effect",
    note="effect_note",
    dropped="dropped_because",
)
HELP = JSONObject(
    id="public_id",
    kind="kind",
    giver=GIVER,
    what="what",
    amount=Cast("amount", TextField()),
    starts_on="starts_on",
    ends_on="ends_on",
)


def of_case(case: Case, around: Around) -> CaseHelp:
    """Of the current episode, in one query."""
    return of_episodes(Episode.objects.filter(pk=case.episode.pk), {case.pk: around})[0]


def of_episodes(episodes: QuerySet[Episode], beside: Mapping[int, Around]) -> list[CaseHelp]:
    """Of several, still in one query; beside: by case. The help is that of the whole case."""
    causes = PlanCause.objects.filter(plan__episode=OuterRef("pk")).order_by("-is_main", "pk")
    measures = Measure.objects.filter(plan__episode=OuterRef("pk")).order_by("due_on", "pk")
    given = Assistance.objects.filter(case=OuterRef("case")).order_by("-starts_on", "-pk")
    rows = episodes.annotate(
        named=ArraySubquery(causes.values(json=CAUSE)),
        planned=ArraySubquery(measures.values(json=MEASURE)),
        given=ArraySubquery(given.values(json=HELP)),
    ).select_related(
        "plan__written_by__user", "plan__approved_by__user", "plan__approved_by__agency"
    )
    return [
        CaseHelp(
            case_id=row.case_id,
            episode=row.number,
            plan=getattr(row, "plan", None),
            causes=_causes(row.named, [_measure(one, beside[row.case_id]) for one in row.planned]),
            assistance=[_help(one) for one in row.given],
        )
        for row in rows
    ]


def _causes(named: list[dict[str, Any]], measures: list[MeasureRow]) -> list[CauseRow]:
    rows = {
        one["code"]: CauseRow(
            one["code"],
            one["name"],
            one["group"] or "",
            one["main"],
            masking.free_text(one["note"]),
        )
        for one in named
    }
    for measure in measures:
        row = rows.setdefault(measure.code, CauseRow(measure.code, measure.cause, current=False))
        row.measures.append(measure)
    return list(rows.values())


def _measure(one: dict[str, Any], around: Around) -> MeasureRow:
    owed = around.obligations.get(one["obligation"])
    holder = around.holders.get(one["seat"])
    return MeasureRow(
        id=one["id"],
        code=one["code"],
        cause=one["cause"],
        what=masking.free_text(one["what"]),
        seat=Seat(one["seat"]),
        holder=holder.user.name if holder else "",
        holder_post=holder.pk if holder else None,
        due_on=date.fromisoformat(one["due_on"]),
        done_on=_day(one["done_on"]),
        effect=Effect(one["effect"]) if one["effect"] else None,
        note=masking.free_text(one["note"]),
        dropped_because=masking.free_text(one["dropped"]),
        standing=standing(owed, around.calendar, around.now) if owed else None,
    )


def _help(one: dict[str, Any]) -> HelpRow:
    return HelpRow(
        id=one["id"],
        kind=AssistanceKind(one["kind"]),
        giver=one["giver"],
        what=masking.free_text(one["what"]),
        amount=Decimal(one["amount"]) if one["amount"] else None,
        starts_on=date.fromisoformat(one["starts_on"]),
        ends_on=_day(one["ends_on"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def holders_of(case: Case, seats: Mapping[Chair, TeamSeat]) -> dict[str, Post]:
    """Who sits where for this child: of the seats of schools those of its own school."""
    mine = (None, case.school_id)
    return {chair.seat.value: row.post for chair, row in seats.items() if chair.school in mine}


def obligations_of(cases: Iterable[Case]) -> dict[int, Obligation]:
    """The clocks of all measures of these cases."""
    ids = Measure.objects.filter(plan__episode__case__in=list(cases)).values("obligation")
    return Obligation.objects.in_bulk(list(ids.values_list("obligation", flat=True)))


def as_stored(plan: Plan) -> dict[str, object]:
    """The plan in the words of the contract: what a form starts from, a conflict shows, and an
    approval keeps.
    """
    measures: dict[str, list[dict[str, object]]] = {}
    for one in plan.measures.select_related("cause").order_by("due_on", "pk"):
        measures.setdefault(one.cause.code, []).append(
            {
                "id": str(one.public_id),
                "what": one.what,
                "seat": one.seat,
                "due_on": one.due_on.isoformat(),
                "open": not (one.done_on or one.dropped_because),
            }
        )
    return {
        "version": plan.version,
        "situation": plan.situation,
        "review_on": plan.review_on.isoformat() if plan.review_on else None,
        "approved": plan.approved_at is not None,
        "causes": [
            {
                "cause": row.cause.code,
                "name": row.cause.name,
                "main": row.is_main,
                "note": row.note,
                "measures": measures.get(row.cause.code, []),
            }
            for row in plan.causes.select_related("cause").order_by("-is_main", "pk")
        ],
    }


def readable(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The same with seats by their names, for a person."""
    causes = [
        cause | {"measures": [row | {"seat": Seat(row["seat"]).label} for row in cause["measures"]]}
        for cause in stored["causes"]
    ]
    return {**stored, "causes": causes}


@dataclass(frozen=True)
class PlanPage:
    """The plan of the current episode, and as it was when it was signed before."""

    help: CaseHelp
    holders: Mapping[str, Post]
    signed: list[CaseEvent]

    @property
    def empty_seats(self) -> list[Seat]:
        """Seats that are to do something and on which nobody sits."""
        wanted = dict.fromkeys(row.seat for row in self.help.open_measures if not row.holder)
        return list(wanted)


def plan_page(scope: Scope, case: Case, now: datetime) -> PlanPage:
    holders = holders_of(case, teams.seats_of_household(case.household_id, scope.on))
    around = Around(holders, obligations_of([case]), working_calendar(), now)
    events = CaseEvent.objects.filter(case=case, action="plan_approved")
    signed = events.select_related("by__user", "by__agency").order_by("-pk")
    return PlanPage(of_case(case, around), holders, list(signed))

"""The seats of a team as the case shows them: who sits, what each owes, what each has done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from agencies.errors import Text
from agencies.models import Obligation, Post
from agencies.rules.obligations import ObligationKind
from cases.models import Case, CaseEvent, CaseObligation, Measure, PaperService, TeamSeat, Visit
from cases.queries import team as teams
from cases.queries.timeline import TITLES
from cases.rules import team as rules
from cases.rules.team import OF_SCHOOL, Chair, Home
from cases.rules.workflow import Action


@dataclass(frozen=True)
class Task:
    """What a seat owes on the case. state: open, overdue, done or late (done, but too late).

    Of what was done, one line for each kind: the last time, and how often.
    """

    kind: ObligationKind
    state: str
    due_on: date
    met_at: datetime | None = None
    times: int = 1


@dataclass(frozen=True)
class Deeds:
    """What a person has done on the case in this post."""

    visits: int = 0
    papers: int = 0
    measures: int = 0
    last_at: datetime | None = None
    last_act: Text = ""


@dataclass(frozen=True)
class SeatRow:
    """One chair of the household's team, as it stands on this case."""

    chair: Chair
    key: str
    label: Text
    school: str = ""
    school_code: str = ""
    post: Post | None = None
    since: date | None = None
    tasks: list[Task] = field(default_factory=list)
    deeds: Deeds = Deeds()


def seats_of_case(
    case: Case,
    cases: Iterable[Case],
    duties: Iterable[CaseObligation],
    on: date,
    now: datetime,
) -> list[SeatRow]:
    """A row for each chair, in one query. cases: all of the household, this one among them.

    A seat for the school of another child owes nothing on this case, but may have done a lot.
    """
    home = teams.home_from(case.household, cases, case)
    held = teams.by_chair(with_deeds(teams.held_on(case.household_id, on), case))
    tasks = tasks_of(duties, now)
    rows = []
    for chair in rules.chairs(home):
        seat = held.get(chair)
        mine = chair.seat not in OF_SCHOOL or chair.school == case.school_id
        rows.append(
            SeatRow(
                chair=chair,
                key=rules.key_of(chair, home),
                label=label_of(chair, home),
                school=home.schools[chair.school].name if chair.school else "",
                school_code=home.schools[chair.school].code if chair.school else "",
                post=seat.post if seat else None,
                since=seat.since if seat else None,
                tasks=tasks.get(chair.seat, []) if mine else [],
                deeds=deeds_of(seat) if seat else Deeds(),
            )
        )
    return rows


def label_of(chair: Chair, home: Home) -> Text:
    """The seat in words; with its school where the household has children at several."""
    if chair.school is None or len(home.schools) == 1:
        return chair.seat.label
    return f"{chair.seat.label}（{home.schools[chair.school].name}）"


def tasks_of(duties: Iterable[CaseObligation], now: datetime) -> dict[str, list[Task]]:
    """What each seat owes and owed: open first, the first due first; without what was waived."""
    found: dict[str, list[Task]] = {}
    done: dict[tuple[str, str], list[Obligation]] = {}
    for link in sorted(duties, key=lambda one: one.obligation.due_at):
        row = link.obligation
        kind, state = ObligationKind(row.kind), row.state(now)
        if state in ("open", "overdue"):
            found.setdefault(link.seat, []).append(Task(kind, state, row.due_on))
        elif state == "met":
            done.setdefault((link.seat, kind), []).append(row)
    for (seat, of_kind), rows in done.items():
        last = max(rows, key=lambda row: row.met_at or now)
        state = "late" if last.late else "done"
        task = Task(ObligationKind(of_kind), state, last.due_on, last.met_at, len(rows))
        found.setdefault(seat, []).append(task)
    return found


def with_deeds(seats: QuerySet[TeamSeat], case: Case) -> QuerySet[TeamSeat]:
    """Each seat with what its holder has done on the case: read by deeds_of, no further query."""
    me = OuterRef("post")
    visits = Visit.objects.filter(case=case, present=me)
    served = PaperService.objects.valid().filter(paper__case=case, served_by=me)
    carried = Measure.objects.filter(plan__episode__case=case, done_by=me)
    acts = CaseEvent.objects.filter(case=case, by=me).order_by("-at", "-pk")
    return seats.annotate(
        visits=_number(visits),
        papers=_number(served),
        measures=_number(carried),
        visited_at=Subquery(visits.order_by("-at").values("at")[:1]),
        acted_at=Subquery(acts.values("at")[:1]),
        acted=Subquery(acts.values("action")[:1]),
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, as a subquery of the outer row."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def deeds_of(seat: Any) -> Deeds:
    """seat: a row of with_deeds. A visit counts as an act of everybody who was there."""
    acts = [(seat.visited_at, Action.VISIT.value), (seat.acted_at, seat.acted)]
    last_at, last_act = max(((at, act) for at, act in acts if at), default=(None, ""))
    title = TITLES.get(last_act, last_act)
    return Deeds(seat.visits, seat.papers, seat.measures, last_at, title)


@dataclass(frozen=True)
class Holding:
    """Who held a seat from when to when; until None: still. deeds: on this case."""

    seat: TeamSeat
    deeds: Deeds


def history_of(case: Case) -> list[Holding]:
    """Every holder of every seat of the household, the newest first in each, in one query."""
    order = {seat: place for place, seat in enumerate(rules.Seat)}
    seats = (
        TeamSeat.objects.filter(team__household=case.household_id)
        .select_related("post__user", "post__agency", "school")
        .order_by("-since", "-pk")
    )
    rows = [Holding(seat, deeds_of(seat)) for seat in with_deeds(seats, case)]
    return sorted(rows, key=lambda row: (order[rules.Seat(row.seat.seat)], row.seat.school_id or 0))

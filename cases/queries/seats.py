"""The seats of a team as the case shows them: who sits, what each owes, what each has done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Max, Value

from agencies.errors import Text
from agencies.models import Obligation, Post
from agencies.rules.obligations import ObligationKind
from cases.models import Case, CaseEvent, CaseObligation, Measure, PaperService, TeamSeat, Visit
from cases.queries import team as teams
from cases.queries.timeline import TITLES
from cases.rules import team as rules
from cases.rules.team import OF_SCHOOL, Chair, Home


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
    """A row for each chair, in two queries. cases: all of the household, this one among them.

    A seat for the school of another child owes nothing on this case, but may have done a lot.
    """
    home = teams.home_from(case.household, cases, case)
    held = teams.seats_of_household(case.household_id, on)
    deeds = deeds_on(case)
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
                deeds=deeds.get(seat.post_id, Deeds()) if seat else Deeds(),
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


def deeds_on(case: Case) -> Mapping[int, Deeds]:
    """By post, in one query: visits with it, papers served, measures carried out, the last act."""
    there = Visit.present.through.objects.filter(visit__case=case).values("post_id")
    served = PaperService.objects.valid().filter(paper__case=case).values("served_by")
    carried = Measure.objects.filter(plan__episode__case=case, done_by__isnull=False)
    acts = CaseEvent.objects.filter(case=case, by__isnull=False)
    nothing = Value(None, output_field=CaseEvent._meta.get_field("at"))
    counted = there.annotate(n=Count("pk"), last=Max("visit__at"))
    rows = counted.values_list(Value("visits"), "post_id", "n", "last", Value("visit")).union(
        served.annotate(n=Count("pk"), last=Max("recorded_at")).values_list(
            Value("papers"), "served_by", "n", "last", Value("served")
        ),
        carried.values("done_by")
        .annotate(n=Count("pk"))
        .values_list(Value("measures"), "done_by", "n", nothing, Value("")),
        acts.order_by("by", "-at", "-pk")
        .distinct("by")
        .values_list(Value("acts"), "by", Value(1), F("at"), "action"),
        all=True,
    )
    found: dict[int, list[tuple[str, int, datetime | None, str]]] = {}
    for what, post_id, n, last, act in rows:
        found.setdefault(post_id, []).append((what, n, last, act))
    return {post_id: _deeds(several) for post_id, several in found.items()}


def _deeds(several: list[tuple[str, int, datetime | None, str]]) -> Deeds:
    numbers = {what: n for what, n, _last, _act in several}
    dated = [(last, act) for _what, _n, last, act in several if last]
    last_at, last_act = max(dated, default=(None, ""))
    return Deeds(
        visits=numbers.get("visits", 0),
        papers=numbers.get("papers", 0),
        measures=numbers.get("measures", 0),
        last_at=last_at,
        last_act=TITLES.get(last_act, last_act),
    )


@dataclass(frozen=True)
class Holding:
    """Who held a seat from when to when; until None: still. deeds: on this case."""

    seat: TeamSeat
    deeds: Deeds


def history_of(case: Case) -> list[Holding]:
    """Every holder of every seat of the household, the newest first in each, in two queries."""
    order = {seat: place for place, seat in enumerate(rules.Seat)}
    seats = (
        TeamSeat.objects.filter(team__household=case.household_id)
        .select_related("post__user", "post__agency", "school")
        .order_by("-since", "-pk")
    )
    deeds = deeds_on(case)
    rows = [Holding(seat, deeds.get(seat.post_id, Deeds())) for seat in seats]
    return sorted(rows, key=lambda row: (order[rules.Seat(row.seat.seat)], row.seat.school_id or 0))

"""The scenarios: what our code does, and its floor, on the same county in the same run."""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies import clock
from agencies.access import scope_of
from agencies.demo import COUNTY
from agencies.models import Region, User
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import Position
from bench import (
    attendance,
    balance,
    case_page,
    county,
    deadlines,
    floors,
    matching,
    roster,
    term_start,
)
from bench.measure import Found, Measured, Size, get, in_turn, statements
from cases.queries.worklist import Filters, rows_for
from config.embedded import ROOT
from reporting.queries import areas
from reporting.queries.board import board_for
from students.models import Roll, RollMark, RollRevision, SchoolClass, Student, Term
from students.queries.recount import recount
from students.rules.marks import Mark

THRESHOLD = 3  # runs of more than so many days
# A year of 35,000 pupils on disk as roll rows and exceptions, in trials of the smallest tables.
STORED_PUPILS, STORED_MB = 35_000, 37.0
Key = Callable[[tuple[int, str]], object]  # of a pupil: what its fields are called by
FORM = "application/x-www-form-urlencoded"


# --- the roll -------------------------------------------------------------------------------


def roll_open(size: Size, rounds: int) -> Found:
    one, teacher = county.classes()[0]
    ours, floor = county.client_of(teacher), floors.floor_client(teacher)
    url = reverse("roll", args=(one.public_id, clock.today()))
    found = Measured(queries=statements(lambda _: get(ours, url), 0))
    found.ours, found.floor = in_turn(
        rounds, lambda _: get(ours, url), lambda _: get(floor, f"/roll/{one.pk}/")
    )
    return {"roll_open": found}


@dataclass
class Form:
    """The roll of a class of today as its teacher sends it: every pupil, three unexcused."""

    one: SchoolClass
    client: Client
    post: int
    pupils: list[tuple[int, str]]

    @property
    def absent(self) -> list[tuple[int, str]]:
        return random.Random(self.one.pk).sample(self.pupils, 3)

    def fields(self, key: Key) -> dict[str, object]:
        absent = set(self.absent)
        said: dict[str, object] = {"version": 0, "state": "taken", "post": self.post}
        for pupil in self.pupils:
            said[f"mark-{key(pupil)}"] = Mark.UNEXCUSED.value if pupil in absent else ""
            said[f"reason-{key(pupil)}"] = ""
        return said

    def save(self) -> None:
        url = reverse("roll", args=(self.one.public_id, clock.today()))
        self._send(self.client, url, lambda pupil: pupil[1])

    def save_bare(self, floor: Client) -> None:
        self._send(floor, f"/save/{self.one.pk}/", lambda pupil: pupil[0])

    def _send(self, client: Client, url: str, key: Key) -> None:
        answer = client.post(url, urlencode(self.fields(key)), FORM)
        assert answer.status_code == 302, answer.status_code

    def save_plain(self) -> None:
        marks = {pk: Mark.UNEXCUSED.value for pk, _ in self.absent}
        floors.save_roll(self.one.pk, marks, self.post)


def forms(wanted: int) -> list[Form]:
    """Classes whose roll of today was not taken yet."""
    day = clock.today()
    chosen = county.classes()[:wanted]
    rolls = Roll.objects.filter(day=day, school_class__in=[one for one, _ in chosen])
    RollMark.objects.filter(roll__in=rolls).delete()
    RollRevision.objects.filter(roll__in=rolls).delete()
    rolls.delete()
    return [
        Form(
            one,
            county.client_of(teacher),
            scope_of(teacher).posts[0].id,
            [
                (pk, str(public_id))
                for pk, public_id in Student.objects.enrolled_on(day)
                .filter(enrollments__school_class=one, placements=None)
                .values_list("pk", "public_id")
            ],
        )
        for one, teacher in chosen
    ]


def roll_save(size: Size, rounds: int) -> Found:
    """Every save is the first one of another class."""
    several = forms(3 * (rounds + 1) + 1)
    first = several.pop()
    rounds = len(several) // 3 - 1  # a small county has few classes
    ours, bare, plain = several[::3], several[1::3], several[2::3]
    floor = floors.empty_client()
    page = Measured(queries=statements(lambda _: first.save(), 0))
    page.ours, page.floor, sql = in_turn(
        rounds,
        lambda nth: ours[nth].save(),
        lambda nth: bare[nth].save_bare(floor),
        lambda nth: plain[nth].save_plain(),
    )
    return {"roll_save": page, "roll_save_sql": Measured(page.ours, sql)}


def runs(size: Size, rounds: int) -> Found:
    terms = list(Term.objects.filter(county__code=COUNTY))
    calendar = working_calendar()
    days = [day for term in terms for day in calendar.working_days(term.starts_on, term.ends_on)]

    def ours(_: int) -> set[tuple]:
        found = (one for term in terms for one in recount(term, more_than=THRESHOLD))
        return {(one.student_id, one.starts_on, one.last_on, one.days) for one in found}

    def floor(_: int) -> set[tuple]:
        return set(floors.runs(days, THRESHOLD))

    assert ours(0) == floor(0), "the floor is not the same result"
    found = Measured(queries=statements(ours, 0))
    found.ours, found.floor = in_turn(rounds, ours, floor)
    return {"runs": found}


# --- board and work list --------------------------------------------------------------------


def board(size: Size, rounds: int) -> Found:
    leader = county.holder(Position.BUREAU_LEADER)
    ours, floor = county.client_of(leader), floors.floor_client(leader)
    area = Region.objects.get(code=COUNTY, ends_on=None).pk
    _same_numbers(leader, area)
    found = Measured(queries=statements(lambda _: get(ours, reverse("board")), 0))
    found.ours, found.floor = in_turn(
        rounds, lambda _: get(ours, reverse("board")), lambda _: get(floor, f"/board/{area}/")
    )
    return {"board": found}


def _same_numbers(leader: User, area: int) -> None:
    """The floor counts what the board counts: (which statement, which column) of some figures."""
    scope = scope_of(leader)
    totals = board_for(scope, areas.own(scope, scope.on), scope.on, clock.now()).totals
    at = {"rolls_taken": (0, 2), "pupils_called": (1, 2), "unexcused": (2, 1)}
    at |= {"runs_4plus": (3, 4), "cases_open": (4, 1), "overdue": (4, 2)}
    plain = floors.board(area)
    sums = {key: sum(row[of] for row in plain[fact]) for key, (fact, of) in at.items()}
    ours = {key: totals[key] for key in at}
    assert ours == sums, (ours, sums)


@dataclass
class Cadre:
    """A township cadre and how many open cases are on the work list."""

    user: User
    cases: int
    county: int
    place: str


def cadres() -> list[Cadre]:
    found = []
    for post in county.holders(Position.TOWNSHIP_CADRE):
        scope, place = scope_of(post.user), post.agency.region.path
        cases = rows_for(scope, Filters(), clock.now()).count()
        if cases and cases == len(floors.work_list(scope.county_id, place)):
            found.append(Cadre(post.user, cases, scope.county_id, place))
    assert found, "no township has open cases"
    return found


def work_list(size: Size, rounds: int) -> Found:
    """A township of this county, and one with about as many cases in a small county."""
    here, small = connection.settings_dict["NAME"], county.ready(size.small, full_year=False)
    busiest = max(cadres(), key=lambda cadre: cadre.cases)
    ours, floor = county.client_of(busiest.user), floors.floor_client(busiest.user)
    url, bare = reverse("worklist"), f"/cases/{busiest.county}/{busiest.place}/"
    page = Measured(queries=statements(lambda _: get(ours, url), 0))
    page.ours, page.floor = in_turn(rounds, lambda _: get(ours, url), lambda _: get(floor, bare))
    of_row = Measured(unit="ms a row")
    pairs = {here: cadres()}
    county.use(small)
    pairs[small] = cadres()
    many, few = min(
        ((one, other) for one in pairs[here] for other in pairs[small]),
        key=lambda pair: (abs(pair[0].cases - pair[1].cases), -pair[0].cases),
    )
    for name, cadre, samples in ((small, few, of_row.floor), (here, many, of_row.ours)):
        county.use(name)
        client = county.client_of(cadre.user)
        times = in_turn(rounds, lambda _, client=client: get(client, url))[0]
        samples += [one / cadre.cases for one in times]
    return {"work_list": page, "work_list_small": of_row}


# --- import and storage ---------------------------------------------------------------------


def roster_import(size: Size, rounds: int) -> Found:
    """Preview, preview and application, and the floor: each in a process and a copy of its own."""
    name = connection.settings_dict["NAME"]
    found = {"preview": Measured(), "applied": Measured(), "floor": Measured()}
    school = roster.school()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "roster.xlsx"
        roster.write(file, school, size.rows)
        for _ in range(rounds):
            for job, measured in found.items():
                with county.copy_of(name) as copy:
                    said = _in_a_process(copy, job, file, school.code)
                assert said["counts"]["new"] > size.rows / 3, said["counts"]
                assert not said["counts"].get("error"), said["counts"]
                measured.ours.append(said["seconds"] * 1000)
                measured.mib = max(measured.mib or 0, said["mib"])
    county.use(name)
    for job in ("preview", "applied"):
        found[job].floor = found["floor"].ours
    return {f"import_{job}": found[job] for job in ("preview", "applied")}


def _in_a_process(database: str, job: str, file: Path, school: str) -> dict:
    done = subprocess.run(  # noqa: S603 our own command
        [sys.executable, "-m", "bench.roster", job, file, school],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": county.url_of(database)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def storage(size: Size, rounds: int) -> Found:
    """Tables with their indexes; of both, megabytes for 35,000 pupils and a year."""
    tables = ["students_roll", "students_rollmark"]
    bytes_ = floors.query("SELECT sum(pg_total_relation_size(t)) FROM unnest(%(t)s) t", t=tables)
    share = STORED_PUPILS / Student.objects.enrolled_on(clock.today()).count()
    mb = float(bytes_[0][0]) / 1024**2 * share
    return {"storage": Measured([mb], [STORED_MB], unit="MB")}


# In this order: the import comes last because it works on copies, the save changes the county.
SCENARIOS: dict[str, Callable[[Size, int], Found]] = {
    "storage": storage,
    "roll_open": roll_open,
    "runs": runs,
    "board": board,
    "balance": balance.whole_county,
    "attendance": attendance.whole_county,
    "work_list": work_list,
    "roll_save": roll_save,
    "sweep": deadlines.sweep_deadlines,
    "term_open": term_start.term_start,
    "case_page": case_page.case_page,
    "import_preview": roster_import,
    "matching": matching.match_register,
}

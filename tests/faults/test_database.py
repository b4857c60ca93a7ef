"""F7, F8, F9 and F12: PostgreSQL is killed or cut off under writes, and requests come twice."""

import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from tests.faults.relay import Relay
from tests.faults.stage import Stage, children_of, until
from tests.faults.web import Answer, Person, Program, Web
from tests.support.world import PASSWORD

pytestmark = pytest.mark.fault
BACKENDS = """
SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
ORDER BY state <> 'active', random()
"""
STORED = "SELECT client_id::text FROM cases_visit"
PAUSE = 0.3  # seconds after a 503
RIGHT = {200, 201, 302}


@pytest.fixture(scope="module")
def web(stage: Stage) -> Web:
    return stage.web()


@dataclass
class Visit:
    """One visit as a phone sends it: it may be sent again."""

    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    key: str = field(default_factory=lambda: str(uuid.uuid4()))

    def send(self, stage: Stage, program: Program) -> Answer:
        url = f"/api/v1/cases/{stage.facts['case']}/visits/"
        told = {"at": "2026-10-11T10:00:00+08:00", "place": "home", "reached": "guardian"}
        body = {"client_id": self.id, "outcome": "promised", "note": self.id, **told}
        return program.send("POST", url, body, self.key)


@dataclass
class Load:
    """Writers and readers at work; the journal is kept here, outside of any database."""

    stage: Stage
    programs: list[Program]
    readers: list[Person]
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    sent: list[tuple[Visit, Program, int]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        over = threading.Event()

        def repeat(work: Callable[[], None]) -> None:
            while not over.is_set():
                try:
                    work()
                except Exception as error:
                    self.broken.append(repr(error))
                time.sleep(0.01)

        works = [lambda one=one: self._write(one) for one in self.programs]
        works += [lambda one=one: self._read(one) for one in self.readers]
        threads = [threading.Thread(target=repeat, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join(60)

    def _write(self, program: Program) -> None:
        visit = Visit()
        answer = visit.send(self.stage, program)
        self.sent.append((visit, program, answer.status))
        self.answers.append(("api", answer))
        if answer.status == 503:
            time.sleep(PAUSE)

    def _read(self, person: Person) -> None:
        answer = person.get("/cases/")
        self.answers.append(("page", answer))
        if answer.status == 503:
            time.sleep(PAUSE)

    def statuses(self) -> Counter:
        return Counter(answer.status for _kind, answer in self.answers)

    def acknowledged(self) -> set[str]:
        return {visit.id for visit, _program, status in self.sent if status == 201}

    def well_said(self) -> bool:
        """Every 503 says what it is, in the shape of who asked."""
        return all(
            answer.headers["Retry-After"] == "5"
            and ("problem+json" in answer.headers["Content-Type"]) == (kind == "api")
            for kind, answer in self.answers
            if answer.status == 503
        )


def load(stage: Stage, web: Web) -> Load:
    programs = [web.program(role, PASSWORD) for role in ("village_cadre", "township_cadre")]
    return Load(
        stage, programs, [web.person(role, PASSWORD) for role in ("teacher", "bureau_staff")]
    )


def stored(stage: Stage) -> set[str]:
    return {row[0] for row in stage.sql(STORED)}


def answers_again(stage: Stage, work: Load, seconds: float = 60) -> float:
    """Seconds until a write is right again."""
    return until(lambda: Visit().send(stage, work.programs[0]).status == 201, seconds, "a write")


def test_a_backend_is_killed_under_load(stage: Stage, web: Web, saw) -> None:
    work, gaps = load(stage, web), []
    processes = children_of(web.child.process.pid)
    with work.running():
        for _ in range(3):
            time.sleep(random.uniform(0.8, 1.2))
            pid = stage.one(BACKENDS)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            gaps.append(answers_again(stage, work))
    counts = work.statuses()
    missing = work.acknowledged() - stored(stage)
    assert work.broken == [], Counter(work.broken)
    assert set(counts) <= RIGHT | {503}, (counts, stage.errors("web"))
    assert counts[503], "nobody has noticed"
    assert work.well_said()
    assert missing == set()
    assert children_of(web.child.process.pid) == processes, "a process of ours was replaced"
    saw(
        "F7",
        f"3 backends killed: {counts[503]} of {sum(counts.values())} answers were 503, no "
        f"other error; {len(work.acknowledged())} acknowledged visits, 0 missing; writes again after "
        f"{max(gaps):.1f} s at most, without a restart",
    )


@pytest.mark.parametrize("goes", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_all_of_postgres_is_killed(stage: Stage, web: Web, saw, goes: int) -> None:
    work, gaps, killed = load(stage, web), [], 0
    with work.running():
        for _ in range(goes):
            time.sleep(random.uniform(0.8, 1.2))
            killed += stage.kill_postgres()
            time.sleep(0.5)
            began = time.monotonic()
            stage.start_postgres()
            answers_again(stage, work)
            gaps.append(time.monotonic() - began)
    counts, there = work.statuses(), stored(stage)
    unsure = [(visit, program) for visit, program, status in work.sent if status != 201]
    unknown = [visit for visit, _program in unsure if visit.id in there]
    assert work.broken == [], Counter(work.broken)
    assert set(counts) <= RIGHT | {503}, (counts, stage.errors("web"))
    assert work.well_said()
    assert work.acknowledged() <= there
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda one: one[0].send(stage, one[1]).status, unsure))
    assert set(again) == {201}
    assert {visit.id for visit, _program, _status in work.sent} <= stored(stage)
    saw(
        "F8",
        f"{killed} processes killed in {goes} goes: {len(work.acknowledged())} acknowledged visits, "
        f"0 missing; {len(unsure)} not acknowledged, of which {len(unknown)} were stored; all sent "
        f"again with their keys, each there once; writes {max(gaps):.1f} s after the start",
    )


@pytest.mark.slow
def test_the_connection_is_cut_after_the_commit(stage: Stage, saw) -> None:
    with Relay(stage.services.sockets, stage.var / "relay") as relay:
        web = stage.web("relayed", DATABASE_URL=relay.address)
        try:
            program = web.program("village_cadre", PASSWORD)
            for _ in range(3):
                visit = Visit()
                relay.cut_after('INSERT INTO "cases_visit"')
                first = visit.send(stage, program)
                assert (first.status, relay.cuts) == (503, 1), (first.status, relay.cuts)
                assert "problem+json" in first.headers["Content-Type"]
                assert visit.id in stored(stage), "the COMMIT went through"
                second, third = (visit.send(stage, program) for _ in range(2))
                assert (second.status, third.status, third.json()) == (201, 201, second.json())
                again = "SELECT count(*) FROM cases_visit WHERE client_id = %(id)s"
                assert stage.one(again, id=visit.id) == 1
        finally:
            web.child.stop(10)
    saw(
        "F9",
        "3 times: 503 although the visit was stored; sent again with the same key: 201 with "
        "the first result, one row",
    )


@pytest.mark.parametrize("times", [2, 20])
def test_a_form_is_sent_several_times_at_once(stage: Stage, web: Web, saw, times: int) -> None:
    program, person = (
        web.program("village_cadre", PASSWORD),
        web.person("township_cadre", PASSWORD),
    )
    one, form = Visit(), Visit()
    page = f"/cases/{stage.facts['case']}/visit/"
    fields = {"client_id": form.id, "at": "2026-10-11T10:00", "place": "home"}
    fields |= {"reached": "guardian", "outcome": "promised", "note": form.id}
    with ThreadPoolExecutor(times) as pool:
        answers = list(pool.map(lambda _: one.send(stage, program), range(times)))
        pages = list(pool.map(lambda _: person.post(page, fields), range(times)))
    assert {answer.status for answer in answers} == {201}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert {(answer.status, answer.headers["Location"]) for answer in pages} == {
        (302, f"/cases/{stage.facts['case']}/")
    }
    for visit in (one, form):
        again = "SELECT count(*) FROM cases_visit WHERE client_id = %(id)s"
        assert stage.one(again, id=visit.id) == 1
    saw(
        "F12",
        f"{times} at once by the API and {times} by the form: one visit each, every answer "
        "shows it",
    )

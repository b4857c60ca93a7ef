"""F3 to F6: Redis is gone, hangs or is emptied; two beats, or none. PostgreSQL decides anyway."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.owed import Tally, owe, said_once, tally
from tests.faults.stage import Stage, until
from tests.faults.web import Answer, Person, Web
from tests.support.world import PASSWORD

pytestmark = pytest.mark.fault
LONGER, LONGEST, PROMISE = 1.5, 6.0, 300  # seconds
LETTER = """
WITH n AS (
    INSERT INTO agencies_notice (county_id, kind, dedupe, level, href, params, created_at, expanded_at)
    VALUES (%(county)s, 'test', gen_random_uuid()::text, 0, '', '{}', now(), now()) RETURNING id
)
INSERT INTO agencies_delivery (public_id, notice_id, user_id, channel, state, tries, created_at)
SELECT gen_random_uuid(), n.id, %(admin)s, 'mail', 'dead', 8, now() FROM n RETURNING public_id::text
"""
WAITING = "SELECT count(*) FROM agencies_delivery WHERE state = 'waiting'"


@pytest.fixture(scope="module")
def crew(stage: Stage) -> Iterator[dict]:
    """A worker and beat in a hurry, both at work."""
    crew = {"worker": stage.celery("worker"), "beat": stage.celery("beat")}
    owe(stage, "start", 1)
    until(lambda: said(stage, "start", 1), 60, "worker and beat are at work")
    yield crew
    for child in crew.values():
        child.stop(10)


@pytest.fixture
def web(stage: Stage) -> Iterator[Web]:
    """Started anew: its hints have not failed yet."""
    web = stage.web()
    yield web
    web.child.stop(10)


def said(stage: Stage, name: str, due: int) -> Tally | None:
    """When all of them have been said and are in the inbox."""
    found = tally(stage, name)
    return found if found.moved == due and found.inbox == due else None


def hinting(stage: Stage, admin: Person) -> Callable[[], Answer]:
    """A page that asks for a task: a message that was given up is tried again."""
    facts = {key: stage.facts[key] for key in ("county", "admin")}
    letter = stage.one(LETTER, **facts)
    return lambda: admin.post(f"/status/letters/{letter}/", {"act": "again"})


def save_roll(stage: Stage, teacher: Person) -> tuple[float, float]:
    """Seconds to open the roll of today and to save it."""
    url = f"/classes/{stage.facts['class']}/roll/2026-10-12/"
    page = teacher.get(url)
    version = page.text.partition('name="version" value="')[2].partition('"')[0]
    marks = {f"mark-{pupil}": "" for pupil in stage.facts["pupils"]}
    saved = teacher.post(url, {"version": version, "state": "taken", **marks})
    assert (page.status, saved.status) == (200, 302), (page.status, saved.status)
    return page.seconds, saved.seconds


def at_once(*works: Callable[[], Answer]) -> list[Answer]:
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(lambda work: work(), works))


@pytest.mark.parametrize("down", [3, pytest.param(300, marks=pytest.mark.slow)])
def test_redis_is_gone(stage: Stage, crew: dict, web: Web, saw, down: int) -> None:
    teacher, admin = (web.person(role, PASSWORD) for role in ("teacher", "system_admin"))
    usual = [
        max(times) for times in zip(*[save_roll(stage, teacher) for _ in range(3)], strict=True)
    ]
    hint, began, name = hinting(stage, admin), time.monotonic(), f"f3-{down}"
    stage.kill_valkey()
    try:
        hinted = hint()
        assert hinted.status == 302
        without = [max(t) for t in zip(*[save_roll(stage, teacher) for _ in range(3)], strict=True)]
        login = web.program("teacher", PASSWORD)
        rounds = 0
        while time.monotonic() - began < down or not rounds:  # cron: every two minutes at most
            owe(stage, f"{name}-{rounds}", 50, 0.2)
            time.sleep(0.3 if down < 60 else 60)
            assert stage.tick().returncode == 0
            rounds += 1
        lates = [tally(stage, f"{name}-{nth}") for nth in range(rounds)]
        assert all(said_once(one, 50) and one.inbox == 50 for one in lates), lates
    finally:
        stage.start_valkey()
    owe(stage, f"{name}-after", 50)
    back = until(lambda: said(stage, f"{name}-after", 50), PROMISE, "the worker goes on")
    assert said_once(tally(stage, f"{name}-after"), 50)
    saw.within(LONGER, hinted.seconds, "a page with a hint")
    saw.within(LONGER, without[0] - usual[0], "a page longer than before")
    saw.within(LONGER, without[1] - usual[1], "a save longer than before")
    assert max(one.late for one in lates) < PROMISE
    saw(
        "F3",
        f"gone for {time.monotonic() - began - back:.0f} s: page {without[0]:.2f} s (before "
        f"{usual[0]:.2f}), save {without[1]:.2f} s (before {usual[1]:.2f}), a page with a hint "
        f"{hinted.seconds:.2f} s, token {login.seconds:.2f} s; {50 * rounds} due meanwhile said by "
        f"`tick` at most {max(one.late for one in lates):.0f} s late; worker back after {back:.1f} s",
    )


def test_redis_hangs(stage: Stage, crew: dict, web: Web, saw) -> None:
    admin, teacher = (web.person(role, PASSWORD) for role in ("system_admin", "teacher"))
    hints = [hinting(stage, admin) for _ in range(8)]
    valkey = stage.server("valkey").process
    with stage.a_task_waits():  # so that its end is what Redis does not hear
        valkey.send_signal(signal.SIGSTOP)
    try:
        answers = at_once(*hints)
        assert {one.status for one in answers} == {302}
        login = web.program("teacher", PASSWORD)
        after = at_once(*[lambda: teacher.get("/roll/")] * 4, *[lambda: admin.get("/status/")] * 4)
        assert {one.status for one in after} <= {200, 302}
        owe(stage, "f4", 50)
        assert stage.tick().returncode == 0
        assert said_once(tally(stage, "f4"), 50)
    finally:
        valkey.send_signal(signal.SIGCONT)
    owe(stage, "f4-after", 50)
    back = until(lambda: said(stage, "f4-after", 50), PROMISE, "the worker goes on")
    with stage.valkey() as client:
        quiet = lambda: not client.llen("celery") and not stage.one(WAITING)  # noqa: E731
        drained = until(quiet, 60, "the queue is empty")
    longest = max(one.seconds for one in answers)
    saw.within(LONGEST, max(longest, login.seconds), "a request while Redis hangs")
    saw.within(LONGER, max(one.seconds for one in after), "a thread is still blocked")
    saw(
        "F4",
        f"8 requests at once: the longest {longest:.1f} s, token {login.seconds:.1f} s, the "
        f"next 8 pages {max(one.seconds for one in after):.2f} s; worker back after {back:.1f} s, "
        f"queue empty after {drained:.1f} s more",
    )


@pytest.mark.slow
def test_redis_is_emptied(stage: Stage, crew: dict, web: Web, saw) -> None:
    teacher = web.person("teacher", PASSWORD)
    crew["worker"].signal_group(signal.SIGSTOP)
    try:
        owe(stage, "f5", 100)
        with stage.valkey() as client:
            until(lambda: client.llen("celery") >= 3, 30, "tasks wait in the queue")
            lost = client.llen("celery")
            client.flushall()
    finally:
        crew["worker"].signal_group(signal.SIGCONT)
    back = until(lambda: said(stage, "f5", 100), PROMISE, "the work reappears")
    assert said_once(tally(stage, "f5"), 100)
    assert teacher.get("/roll/").status in (200, 302)
    assert "/login/" not in teacher.get("/roll/").headers.get("Location", "")
    saw("F5", f"{lost} tasks lost; 100 duties said {back:.1f} s later, none twice; still logged in")


@pytest.mark.slow
def test_two_beats_or_none_say_the_same(stage: Stage, crew: dict, saw) -> None:
    def all_said(name: str) -> Tally:
        until(lambda: said(stage, name, 200), 60, name)
        return tally(stage, name)

    owe(stage, "f6-one", 200)
    found = {"one": all_said("f6-one")}
    second = [stage.celery(kind, f"second-{kind}") for kind in ("worker", "beat")]
    time.sleep(5)
    owe(stage, "f6-two", 200)
    found["two"] = all_said("f6-two")
    for child in (*second, crew["beat"]):
        child.signal_group(signal.SIGKILL)
        child.process.wait(10)
    owe(stage, "f6-none", 200)
    with ThreadPoolExecutor(2) as pool:
        ticks = list(pool.map(lambda _: stage.tick().returncode, range(2)))
    found["none"] = tally(stage, "f6-none")
    crew["beat"] = stage.celery("beat", "third-beat")
    assert ticks == [0, 0]
    assert all(said_once(one, 200) and one.inbox == 200 for one in found.values()), found
    saw(
        "F6",
        "200 duties each with one beat, with two beats and two workers, with none and two "
        "`tick` at once: 200 escalations, notices and lines in the inbox each time",
    )

"""F1: workers are killed in the middle of their work, over and over."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from tests.faults.conftest import SETTLED
from tests.faults.owed import owe, said_once, tally
from tests.faults.stage import Stage, until

pytestmark = pytest.mark.fault
SWEEPERS, PATIENCE = 4, 120
WHOLE = pytest.param(10_000, marks=pytest.mark.slow)
ABORT = """
SELECT count(pg_terminate_backend(pid)) FROM (
    SELECT pid FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()
        AND datname = current_database() AND query LIKE %(query)s ORDER BY random() LIMIT 1
) busy
"""


class Sweepers:
    """The processes of sweepers.py, and who kills them."""

    def __init__(self, stage: Stage, kind: str, batch: int, query: str) -> None:
        command = [sys.executable, "-c", SETTLED.format("sweepers"), kind]
        self.stage, self.query, self.alive = stage, query, list[int]()
        self.child = stage.start(
            f"sweepers-{kind}",
            [*command, str(SWEEPERS), str(batch)],
            stage.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.kills = self.aborts = 0

    def _read(self) -> None:
        with self.child.process.stdout as said:
            for line in said:
                self.alive.append(int(line.split()[1]))

    def kill_one(self) -> None:
        """SIGKILL; every third time its backend goes first, so that a statement ends half-way."""
        if self.kills % 3 == 0:
            self.aborts += self.stage.one(ABORT, query=self.query)
        victim = self.alive.pop(random.randrange(len(self.alive)))
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            self.kills += 1

    def kill_until(self, question: str, pause: float, **values: str) -> float:
        """Until the answer is no: a kill at a random moment of each pause. Returns the seconds."""
        until(lambda: len(self.alive) == SWEEPERS, 60, "the sweepers have started")
        began = time.monotonic()
        while self.stage.one(question, **values):
            assert time.monotonic() - began < PATIENCE, "the sweepers do not get on"
            time.sleep(random.uniform(0, pause))
            if self.alive:
                self.kill_one()
        took = time.monotonic() - began
        self.child.process.stdin.close()
        self.child.process.wait(20)
        return took


@pytest.mark.parametrize("due", [2_000, WHOLE])
def test_sweepers_and_dispatchers_are_killed_over_and_over(stage: Stage, saw, due: int) -> None:
    """As many again are not due."""
    name, kills = f"f1-{due}", min(30, due // 200)
    stage.sql("UPDATE agencies_obligation SET next_check_at = NULL")  # those of the county's case
    owe(stage, name, due)
    owe(stage, f"{name}-rest", due, 30 * 86400)
    sweepers = Sweepers(stage, "sweep", 5, "%WITH due AS MATERIALIZED%")
    left = "SELECT count(*) FROM agencies_obligation WHERE key LIKE %(name)s || ':%%' AND level = 0"
    took = sweepers.kill_until(left, 0.04, name=name)
    assert sweepers.kills >= kills
    found, rest = tally(stage, name), tally(stage, f"{name}-rest")
    assert said_once(found, due), found
    assert said_once(rest, 0, due), rest
    saw(
        "F1",
        f"sweep: {sweepers.kills} kills and {sweepers.aborts} statements cut off in "
        f"{took:.1f} s; {found.escalations:,} escalations and notices of {due:,} due, none twice, "
        f"{rest.untouched:,} others untouched",
    )

    senders = Sweepers(stage, "expand", max(10, due // 500), "%")
    waiting = "SELECT EXISTS (SELECT FROM agencies_notice WHERE expanded_at IS NULL)"
    took = senders.kill_until(waiting, 0.15)
    assert senders.kills >= kills
    found = tally(stage, name)
    assert (found.inbox, found.inbox_once) == (due, due), found
    saw(
        "F1",
        f"outbox: {senders.kills} kills and {senders.aborts} transactions cut off in "
        f"{took:.1f} s; {found.inbox:,} lines in the inbox for {due:,} notices, none twice",
    )

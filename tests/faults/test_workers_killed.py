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
DUE, REST, SWEEPERS, KILLS = 10_000, 10_000, 4, 30
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

    def kill_until(self, question: str, seconds: float, pause: float) -> float:
        """Until the answer is no: a kill at a random moment of each pause. Returns the seconds."""
        until(lambda: len(self.alive) == SWEEPERS, 60, "the sweepers have started")
        began = time.monotonic()
        while self.stage.one(question):
            assert time.monotonic() - began < seconds, "the sweepers do not get on"
            time.sleep(random.uniform(0, pause))
            if self.alive:
                self.kill_one()
        took = time.monotonic() - began
        self.child.process.stdin.close()
        self.child.process.wait(20)
        return took


def test_sweepers_and_dispatchers_are_killed_over_and_over(stage: Stage, saw) -> None:
    stage.sql("UPDATE agencies_obligation SET next_check_at = NULL")  # those of the county's case
    owe(stage, "f1", DUE)
    owe(stage, "f1-rest", REST, 30 * 86400)
    sweepers = Sweepers(stage, "sweep", 10, "%WITH due AS MATERIALIZED%")
    left = "SELECT EXISTS (SELECT FROM agencies_obligation WHERE key LIKE 'f1:%%' AND level = 0)"
    took = sweepers.kill_until(left, 90, 0.04)
    assert sweepers.kills >= KILLS
    found, rest = tally(stage, "f1"), tally(stage, "f1-rest")
    assert said_once(found, DUE), found
    assert said_once(rest, 0, REST), rest
    saw(
        "F1",
        f"sweep: {sweepers.kills} kills and {sweepers.aborts} statements cut off in "
        f"{took:.1f} s; {found.escalations:,} escalations and notices of {DUE:,} due, none twice, "
        f"{rest.untouched:,} others untouched",
    )

    senders = Sweepers(stage, "expand", 100, "%")
    waiting = "SELECT EXISTS (SELECT FROM agencies_notice WHERE expanded_at IS NULL)"
    took = senders.kill_until(waiting, 90, 0.2)
    assert senders.kills >= KILLS
    found = tally(stage, "f1")
    assert (found.inbox, found.inbox_once) == (DUE, DUE), found
    saw(
        "F1",
        f"outbox: {senders.kills} kills and {senders.aborts} transactions cut off in "
        f"{took:.1f} s; {found.inbox:,} lines in the inbox for {DUE:,} notices, none twice",
    )

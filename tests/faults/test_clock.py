"""F10: the clock jumps, under faketime (Debian: apt install faketime)."""

import json
import os
import shutil
import signal
import sys

import pytest

from tests.faults.owed import owe, tally
from tests.faults.stage import Stage

pytestmark = [pytest.mark.fault, pytest.mark.slow]
FAKETIME = shutil.which("faketime")
# The sweep of two minutes ago.
MARK = """
DELETE FROM agencies_clockmark;
INSERT INTO agencies_clockmark (now, boot, up, doubt)
VALUES (now() - interval '2 minutes', %(boot)s, %(up)s, '')
"""
DUE, LATER = 100, 86400


@pytest.fixture(autouse=True)
def _needs_faketime() -> None:
    if FAKETIME:
        return
    if os.environ.get("REQUIRE_FAULTS") == "1":
        pytest.fail("faketime is missing (Debian: apt install faketime).")
    pytest.skip("faketime is missing")


def mark(stage: Stage) -> None:
    boot, up = json.loads(
        stage.run(
            sys.executable,
            "-c",
            "import json, django; django.setup(); from agencies import clock; "
            "print(json.dumps(clock.since_boot()))",
        ).stdout
    )
    stage.sql(MARK, boot=boot, up=up - 120)


def jumped(stage: Stage, offset: str, *arguments: str):
    """`manage.py tick` whose clock is so far off. The time since the start is not faked."""
    command = [sys.executable, "manage.py", "tick", *arguments]
    return stage.run(str(FAKETIME), "-f", offset, *command, FAKETIME_DONT_FAKE_MONOTONIC="1")


def doubt(stage: Stage) -> str:
    return stage.one("SELECT doubt FROM agencies_clockmark")


def gauge(stage: Stage) -> dict:
    """What /health/status says of the clock."""
    shown = stage.run(
        sys.executable,
        "-c",
        "import django; django.setup(); from django.test import Client; "
        "print(Client().get('/health/status').content.decode())",
    )
    gauges = {one["name"]: one for one in json.loads(shown.stdout)["gauges"]}
    return gauges["clock_doubt"]


@pytest.mark.parametrize("offset", ["+40h", "-1h"])
def test_the_clock_of_the_application_jumps(stage: Stage, saw, offset: str) -> None:
    name = f"f10{offset}"
    owe(stage, name, DUE, LATER if offset == "+40h" else -1)
    mark(stage)
    done = jumped(stage, offset)
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert "clock" in done.stderr
    assert (doubt(stage), gauge(stage)["ok"]) == ("apart", False)
    assert tally(stage, name).escalations == 0, "nothing was said"
    right = stage.tick()
    assert right.returncode == 0, right.stderr
    assert (doubt(stage), gauge(stage)["ok"]) == ("", True)
    assert tally(stage, name).escalations == (0 if offset == "+40h" else DUE)
    saw(
        "F10",
        f"`tick` {offset}: refused with status 1 (apart), shown at /health/status, nothing said; "
        "right again: exactly what is due",
    )


def test_application_and_database_jump_together(
    stage: Stage, saw, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(stage, "f10-both", DUE, LATER)
    mark(stage)
    preload = stage.run(str(FAKETIME), "-f", "+40h", "env").stdout
    loaded = dict(line.split("=", 1) for line in preload.splitlines() if "=" in line)
    stage.server("postgres").process.send_signal(signal.SIGINT)
    stage.server("postgres").process.wait(20)
    with monkeypatch.context() as patch:
        for key in ("LD_PRELOAD", "FAKETIME"):
            patch.setenv(key, loaded[key])
        patch.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        stage.start_postgres()
    try:
        done = jumped(stage, "+40h")
        assert done.returncode == 1, (done.stdout, done.stderr)
        assert (doubt(stage), tally(stage, "f10-both").escalations) == ("forward", 0)
        trusted = jumped(stage, "+40h", "--trust-clock")
        assert trusted.returncode == 0, trusted.stderr
        assert (doubt(stage), tally(stage, "f10-both").escalations) == ("", DUE)
    finally:
        stage.server("postgres").process.send_signal(signal.SIGINT)
        stage.server("postgres").process.wait(20)
        stage.start_postgres()
    behind = stage.tick()  # the clock was set right: it lies 40 hours before what was believed
    assert (behind.returncode, doubt(stage)) == (1, "backward")
    assert stage.tick("--trust-clock").returncode == 0
    assert (doubt(stage), gauge(stage)["ok"]) == ("", True)
    saw(
        "F10",
        f"PostgreSQL and `tick` both +40h: refused (forward); `--trust-clock`: {DUE} said; set "
        "back: refused (backward); `--trust-clock`: goes on",
    )

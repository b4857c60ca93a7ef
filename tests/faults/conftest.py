"""Servers of their own for each module, copies of a cluster that is prepared once a run."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import database_url, postgres_programs
from tests.faults import report
from tests.faults.stage import NOW, Stage

SETTLED = "import sys, django; django.setup(); from tests.faults import {0}; {0}.main()"


def pytest_sessionfinish(exitstatus: int) -> None:
    report.at_the_end(exitstatus == 0)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A cluster with the migrations, the reference data and the county: made by whoever is first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    made = shared / "faults-cluster"
    with (shared / "faults.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            draft = shared / "faults-draft"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            _make(draft)
            draft.rename(made)
    return made


def _make(draft: Path) -> None:
    with Stage(durable=False) as stage:
        if "TEST_FROM_TEMPLATE" in os.environ:
            _copy_migrated(stage)
        done = stage.run(sys.executable, "-m", "config.prepare")
        assert done.returncode == 0, done.stderr
        built = stage.run(sys.executable, "-c", SETTLED.format("county"), now=NOW)
        assert built.returncode == 0, built.stderr
        (draft / "facts.json").write_text(built.stdout.splitlines()[-1], "utf-8")
        stage.sql("VACUUM ANALYZE")
        stage.services.stack.close()  # PostgreSQL has written everything
        shutil.copytree(stage.var / "pg", draft / "pg", symlinks=True)
    json.loads((draft / "facts.json").read_text("utf-8"))


def _copy_migrated(stage: Stage) -> None:
    """What .ci/test has migrated, so that these servers need not do it again."""
    programs, dump = postgres_programs(), stage.var / "migrated.sql"
    for program, address, option in (
        ("pg_dump", os.environ["DATABASE_URL"], f"--file={dump}"),
        ("psql", database_url(stage.var), f"--file={dump}"),
    ):
        command = [programs / program, option, f"--dbname={address}"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 of our own


@pytest.fixture(scope="module")
def stage(prepared: Path) -> Iterator[Stage]:
    with Stage(prepared) as stage:
        yield stage


@pytest.fixture
def saw(request: pytest.FixtureRequest) -> report.Saw:
    """What a test has seen, for the table: saw("F1", "60 kills, ...")."""
    return report.Saw(request.node.name)

"""Real servers on empty folders: they start, answer, stop and leave nothing running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from config.embedded import (
    NAME,
    ROOT,
    ServiceError,
    Services,
    database_url,
    has_lock,
    only_copy,
    redis_url,
    socket_folder,
)


@contextmanager
def running(var: Path) -> Iterator[Services]:
    with only_copy(var) as lock, Services(var, lock, given={}, durable=False) as services:
        yield services


def ask(var: Path, question: str) -> object:
    with closing(psycopg2.connect(database_url(var))) as connection:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]


def test_both_services_answer_and_nothing_is_left(tmp_path: Path) -> None:
    with running(tmp_path) as services:
        processes = [child.process for child in services.children]
        ask(tmp_path, "CREATE EXTENSION pg_trgm; SELECT 1")
        assert ask(tmp_path, "SELECT show_trgm('张三')"), "Chinese names need a UTF-8 locale"
        with redis.Redis.from_url(redis_url(tmp_path)) as client:
            assert client.ping()
        assert socket_folder(tmp_path).stat().st_mode & 0o077 == 0

    assert [process.poll() for process in processes] == [0, 0]
    with (tmp_path / "children.lock").open("wb") as inherited:
        assert has_lock(inherited), "some process of PostgreSQL or Valkey is still there"


def test_data_and_services_survive_a_stranger_with_the_old_number(tmp_path: Path) -> None:
    with running(tmp_path):
        ask(tmp_path, "CREATE TABLE kept AS SELECT 7 AS value; SELECT 1")
    with running(tmp_path):
        pid_file = (tmp_path / "pg" / "postmaster.pid").read_text()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        lines = [str(stranger.pid), *pid_file.splitlines()[1:]]
        (tmp_path / "pg" / "postmaster.pid").write_text("\n".join(lines) + "\n")
        with running(tmp_path):
            assert ask(tmp_path, "SELECT value FROM kept") == 7
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_long_path_and_a_second_copy(tmp_path: Path) -> None:
    var = tmp_path / "数据 folder, long" / ("x" * 120)
    assert len(str(socket_folder(var))) < 90
    with running(var):
        assert ask(var, "SELECT 1") == 1
        with pytest.raises(ServiceError, match="Another copy"), running(var):
            pass
        assert ask(var, "SELECT 1") == 1


def test_a_killed_parent_takes_everything_along(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "config.embedded", "run", "--", "sleep", "60"]
    environment = {"PATH": os.environ["PATH"], "VAR": str(tmp_path)}  # no LANG either
    parent = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    wait_for_sleep(tmp_path)
    parent.kill()
    parent.wait()
    with running(tmp_path):  # at once: it waits until the old ones have ended
        assert ask(tmp_path, "SELECT current_database()") == NAME


def test_the_command_line_passes_the_status_and_the_signal_on(tmp_path: Path) -> None:
    environment = {**os.environ, "VAR": str(tmp_path), "DATABASE_URL": "given"}
    script = 'echo "$DATABASE_URL $REDIS_URL"; exit 7'
    command = [sys.executable, "-m", "config.embedded", "run", "--throwaway", "--", "sh", "-c"]
    environment.pop("REDIS_URL", None)
    done = subprocess.run(
        [*command, script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 7
    assert done.stdout.startswith("given unix://")

    parent = subprocess.Popen([*command, "sleep 60"], cwd=ROOT, env=environment)
    time.sleep(1)
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(20) == 128 + signal.SIGTERM


def wait_for_sleep(var: Path) -> None:
    """The database is made last, so from then on everything runs."""
    for _ in range(200):
        try:
            ask(var, "SELECT 1")
        except psycopg2.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("The services did not start.")

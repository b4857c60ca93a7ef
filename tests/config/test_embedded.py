"""Real servers on empty folders: they start, answer, stop and leave nothing running."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from config.embedded import (
    NAME,
    ROOT,
    Services,
    database_url,
    has_lock,
    only_copy,
    redis_url,
    socket_folder,
)
from config.processes import ServiceError


@contextmanager
def running(var: Path) -> Iterator[Services]:
    with only_copy(var) as lock, Services(var, lock, given={}, durable=False) as services:
        yield services


def ask(var: Path, question: str) -> object:
    with closing(psycopg2.connect(database_url(var))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(question)
        return cursor.fetchone()[0]


def start(var: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """`python -m config.embedded run ...`, with few variables: no LANG either."""
    return subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, "-m", "config.embedded", "run", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR": str(var), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


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


def test_data_is_kept_and_a_stranger_with_the_old_number_does_not_matter(tmp_path: Path) -> None:
    with running(tmp_path):
        ask(tmp_path, "CREATE TABLE kept AS SELECT 7 AS value; SELECT 1")
    with running(tmp_path):
        pid_file = (tmp_path / "pg" / "postmaster.pid").read_text()
    waiting = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE) as stranger:  # noqa: S603
        lines = [str(stranger.pid), *pid_file.splitlines()[1:]]
        (tmp_path / "pg" / "postmaster.pid").write_text("\n".join(lines) + "\n")
        with running(tmp_path):
            assert ask(tmp_path, "SELECT value FROM kept") == 7
        assert stranger.poll() is None


def test_a_long_path_and_a_second_copy(tmp_path: Path) -> None:
    var = tmp_path / "数据 folder, long" / ("x" * 120)
    assert len(str(socket_folder(var))) < 90
    with running(var):
        assert ask(var, "SELECT 1") == 1
        with pytest.raises(ServiceError, match="Another copy"), running(var):
            pass
        assert ask(var, "SELECT 1") == 1


def test_a_killed_parent_takes_everything_along(tmp_path: Path) -> None:
    with start(tmp_path, "--", "sh", "-c", "echo started; sleep 60") as parent:
        assert parent.stdout.readline() == "started\n"
        parent.kill()
    with running(tmp_path):  # at once: it waits until the old ones have ended
        assert ask(tmp_path, "SELECT current_database()") == NAME


def test_the_command_gets_the_addresses_and_its_status_comes_back(tmp_path: Path) -> None:
    script = 'echo "$DATABASE_URL $REDIS_URL"; exit 7'
    with start(tmp_path, "--throwaway", "--", "sh", "-c", script, DATABASE_URL="given") as parent:
        given, ours = parent.stdout.read().split()
    assert (given, ours[:8], parent.returncode) == ("given", "unix:///", 7)


def test_a_signal_ends_the_command_and_the_services(tmp_path: Path) -> None:
    with start(tmp_path, "--", "sh", "-c", "echo started; sleep 60") as parent:
        assert parent.stdout.readline() == "started\n"
        parent.send_signal(signal.SIGTERM)
    assert parent.returncode == 128 + signal.SIGTERM
    assert not (tmp_path / "pg" / "postmaster.pid").exists()

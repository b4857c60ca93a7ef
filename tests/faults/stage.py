"""A county on servers of its own, whose processes can be killed, stopped and started again."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2
import redis

from config.demo import commands
from config.embedded import (
    ROOT,
    Services,
    answers_ping,
    database_url,
    has_database,
    only_copy,
    redis_url,
)
from config.processes import Child
from tests.faults.web import Web

NOW = "2026-10-12T08:00:00+08:00"  # what pages believe: a Monday with school
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
QUICK = ["-A", "tests.faults.hurry"]


@contextmanager
def folder() -> Iterator[Path]:
    """Under the system's folder: sockets have short names, the user of the services passes."""
    with tempfile.TemporaryDirectory(prefix="notoneless-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


class Stage:
    """Durable servers on a copy of a prepared cluster. Everything ends when it is left."""

    def __init__(self, prepared: Path | None = None, *, durable: bool = True) -> None:
        self.prepared, self.durable = prepared, durable
        self.facts: dict[str, Any] = {}

    def __enter__(self) -> "Stage":
        with ExitStack() as stack:
            self.var = stack.enter_context(folder())
            lock = stack.enter_context(only_copy(self.var))
            if self.prepared:
                shutil.copytree(self.prepared / "pg", self.var / "pg", symlinks=True)
                self.facts = json.loads((self.prepared / "facts.json").read_text("utf-8"))
            services = Services(self.var, lock, given={}, durable=self.durable)
            self.services = stack.enter_context(services)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    # --- processes --------------------------------------------------------------------------

    def environment(self, now: str | None = None, **more: str) -> dict[str, str]:
        """now None: the clock of the machine."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        fixed = {"NOW": now} if now else {}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": database_url(self.var),
            "REDIS_URL": redis_url(self.var),
            "PYTHONUTF8": "1",
            "VAR": str(self.var),
            **fixed,
            **more,
        }

    def run(
        self, *command: str, now: str | None = None, **more: str
    ) -> subprocess.CompletedProcess:
        """A command of the product to its end; ten minutes are long on any machine."""
        return subprocess.run(  # noqa: S603 our own command
            command,
            cwd=ROOT,
            env=self.environment(now, **more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def tick(self, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        return self.run(sys.executable, "manage.py", "tick", *arguments, **more)

    def start(
        self, name: str, command: list[str], environment: dict[str, str], **more: Any
    ) -> Child:
        """A process that lasts; what it says goes into a file."""
        options = {"stdin": subprocess.DEVNULL, **more}
        with (self.var / "log" / f"{name}.log").open("ab") as log:
            options.setdefault("stdout", log)
            child = Child(name, command, cwd=ROOT, env=environment, stderr=log, **options)
        self.stack.callback(child.stop, 5)
        return child

    def celery(self, kind: str, name: str = "") -> Child:
        """A worker, or beat in a hurry (hurry.py), with the options of the product."""
        var = self.var / (name or kind)
        var.mkdir(exist_ok=True)
        command = commands(var, 0)[kind]
        at = command.index("-A")
        return self.start(
            name or kind, [*command[:at], *QUICK, *command[at + 2 :]], self.environment()
        )

    def web(self, name: str = "web", *, workers: int = 2, **environment: str) -> Web:
        """The web server of the product, on a socket; its clock stands at NOW."""
        path = self.var / f"{name}.sock"
        command = commands(self.var, 0)["web"]
        command[command.index("--bind") + 1] = f"unix:{path}"
        command[command.index("--workers") + 1] = str(workers)
        web = Web(path, self.start(name, command, self.environment(NOW, **environment)))
        until(web.is_live, 60, "the web server answers")
        return web

    # --- servers ----------------------------------------------------------------------------

    def server(self, name: str) -> Child:
        return [child for child in self.services.children if child.name == name][-1]

    def kill_valkey(self) -> None:
        self.server("valkey").signal_group(signal.SIGKILL)
        self.server("valkey").process.wait(10)

    def start_valkey(self) -> None:
        services = self.services
        services.start(services.stack, "valkey", services.valkey(), signal.SIGTERM)
        services.wait(partial(answers_ping, services.sockets / "valkey.sock"))

    def kill_postgres(self) -> int:
        """SIGKILL for the postmaster and everything that it started. Returns how many."""
        child = self.server("postgres")
        pids = [child.process.pid, *children_of(child.process.pid)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        child.process.wait(10)
        until(lambda: not any(is_running(pid) for pid in pids), 10, "all of PostgreSQL is dead")
        return len(pids)

    def start_postgres(self) -> None:
        services = self.services
        services.start(services.stack, "postgres", services.postgres(), signal.SIGINT)
        services.wait(partial(has_database, self.var))

    def errors(self, name: str) -> Counter[str]:
        """The last lines of the tracebacks in what a process has said."""
        text = (self.var / "log" / f"{name}.log").read_text("utf-8", errors="replace")
        return Counter(
            re.findall(r"^[a-z_A-Z0-9.]+(?:Error|Exception|Shutdown).*", text, re.MULTILINE)
        )

    # --- what is there ----------------------------------------------------------------------

    def sql(self, statement: str, **values: Any) -> list[tuple]:
        with closing(psycopg2.connect(database_url(self.var))) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def a_task_waits(self) -> Iterator[None]:
        """A worker is in the middle of the sweep for as long as this lasts."""
        with closing(psycopg2.connect(database_url(self.var))) as connection:
            connection.cursor().execute("LOCK TABLE agencies_obligation IN EXCLUSIVE MODE")
            until(lambda: self.one(BLOCKED), 30, "a task waits")
            yield

    def one(self, statement: str, **values: Any) -> Any:
        return self.sql(statement, **values)[0][0]

    def valkey(self) -> redis.Redis:
        return redis.Redis.from_url(redis_url(self.var), socket_timeout=5)


def until(true: Callable[[], object], seconds: float, what: str) -> float:
    """Wait for it and return how long that took; fails when it takes longer."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if true():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"Not within {seconds:.0f} seconds: {what}.")


def children_of(pid: int) -> list[int]:
    return [
        child
        for child in map(int, filter(str.isdigit, os.listdir("/proc")))
        if pid in stat(child)[:1]
    ]


def is_running(pid: int) -> bool:
    return bool(stat(pid))


def stat(pid: int) -> list[int]:
    """The parent of a process; nothing for one that has ended."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except (OSError, ValueError):
        return []
    return [] if state in "ZX" else [int(parent)]

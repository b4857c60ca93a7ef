"""The demonstration: services, web server, Celery worker and beat under one supervisor.

VAR=var PORT=8000 [NOW=2026-09-04T08:00:00+08:00] python -m config.demo
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from config.embedded import ROOT, Services, only_copy, var_folder
from config.processes import Child, ServiceError, Stopped, check_alive, raise_when_stopped

COLOURS = {"prepare": 33, "web": 32, "worker": 35, "beat": 36}
COLUMNS = ("role", "username", "password", "post")


def free_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ServiceError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as problem:
            raise ServiceError(
                f"Port {text} cannot be used ({problem.strerror}): choose another one, "
                f"for instance `make demo PORT={int(text) % 65535 + 1}`."
            ) from None
    return int(text)


def commands(var: Path, port: int) -> dict[str, list[str]]:
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi:application",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    serving = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    quiet = ["--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"]
    calm = ["-W", "ignore:You're running the worker with superuser"]
    celery = [sys.executable, *calm, "-m", "celery", "--quiet", "-A", "config"]
    alone = ["--concurrency", "1", "--without-gossip", "--without-mingle"]
    schedule = ["--schedule", str(var / "beat-schedule"), "--pidfile="]
    return {
        "web": [*gunicorn, *serving, *quiet],
        "worker": [*celery, "worker", *alone, "--loglevel", "warning"],
        "beat": [*celery, "beat", *schedule, "--loglevel", "warning"],
    }


def start(
    stack: ExitStack, environment: dict[str, str], lock: IO[bytes], name: str, command: list[str]
) -> Child:
    child = Child(
        name,
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[lock.fileno()],
    )
    stack.callback(child.stop)
    threading.Thread(target=relay, args=[child], daemon=True).start()
    return child


def relay(child: Child) -> None:
    colour, plain = (f"\033[{COLOURS[child.name]}m", "\033[0m") if sys.stdout.isatty() else ("", "")
    for line in child.process.stdout or ():
        print(
            f"{colour}{child.name:>7}{plain} | {line.decode(errors='replace').rstrip()}", flush=True
        )


def wait_until_live(port: int, children: list[Child], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        check_alive(children)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise ServiceError(f"The web server does not answer within {seconds:.0f} seconds.")


def announce(var: Path, port: int) -> Path:
    """demo.json for programs, READY and the table of logins for people."""
    seeded = json.loads((var / "accounts.json").read_text(encoding="utf-8"))
    url = f"http://127.0.0.1:{port}/"
    present = datetime.now(ZoneInfo("Asia/Shanghai"))  # noqa: TID251 (no Django here)
    now = os.environ.get("NOW") or seeded.get("now") or present.isoformat(timespec="seconds")
    facts = {"url": url, "now": now, "county": seeded["county"], "accounts": seeded["accounts"]}
    draft, final = var / "demo.json.new", var / "demo.json"
    draft.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(final)
    print(f"\n{table(seeded['accounts'])}\n\nREADY {url}    (Ctrl-C stops)\n", flush=True)
    return final


def table(accounts: list[dict[str, Any]]) -> str:
    rows = [COLUMNS, *([str(account.get(key) or "") for key in COLUMNS] for account in accounts)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def width(text: str) -> int:
    """A Chinese character takes two places in a terminal."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def run() -> None:
    var = var_folder()
    raise_when_stopped()
    with ExitStack() as stack:
        lock = stack.enter_context(only_copy(var))
        port = free_port()
        print(f"Not One Less (一个都不能少): starting, data in {var}", flush=True)
        services = stack.enter_context(Services(var, lock))
        (var / "demo.json").unlink(missing_ok=True)
        environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            **os.environ,
            **services.environment,
            "PYTHONUTF8": "1",
            "VAR": str(var),
        }
        launch = partial(start, stack, environment, lock)
        prepare = [sys.executable, "-m", "config.prepare", "--demo"]
        if launch("prepare", prepare).process.wait():
            raise ServiceError("The database could not be prepared: see above.")
        children = list(services.children)
        for name, command in commands(var, port).items():
            children.append(launch(name, command))
        wait_until_live(port, children)
        stack.callback(announce(var, port).unlink, missing_ok=True)
        while True:
            check_alive(children)
            time.sleep(0.5)


def main() -> int:
    try:
        run()
    except Stopped:
        print("Stopped.", flush=True)
        return 0
    except (ServiceError, OSError) as problem:
        print(problem, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())

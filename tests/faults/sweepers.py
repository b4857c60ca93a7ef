"""Sweepers that are there to be killed: as many as wanted, each dead one replaced at once.

Each is a process with a connection of its own; forked, so that a new one costs no start of Django.
Says "+ PID" for each; ends when its input does.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable

from django.db import Error

from agencies import clock
from agencies.services import dispatch, sweep
from config.processes import die_with_parent

WORK: dict[str, Callable[[int], int]] = {
    "sweep": lambda batch: sweep.sweep_batch(clock.now(), batch),
    "expand": lambda batch: dispatch.expand(clock.now(), batch),
}


def main() -> None:
    kind, number, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    alive: set[int] = set()
    while not select.select([sys.stdin], [], [], 0.002)[0]:
        while (ended := os.waitpid(-1, os.WNOHANG) if alive else (0, 0))[0]:
            alive.discard(ended[0])
        while len(alive) < number:
            alive.add(_fork(WORK[kind], batch))
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    for pid in alive:
        os.waitpid(pid, 0)


def _fork(work: Callable[[int], int], batch: int) -> int:
    pid = os.fork()
    if pid:
        print(f"+ {pid}", flush=True)
        return pid
    die_with_parent(signal.SIGKILL)
    try:
        while True:
            if not work(batch):
                time.sleep(0.02)
    except Error:
        pass  # its backend was ended: as dead as by a signal
    finally:
        os._exit(1)

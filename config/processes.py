"""Child processes that stop in order and cannot outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

PR_SET_PDEATHSIG = 1  # of the Linux kernel (prctl.h)


class ServiceError(Exception):
    """Why something cannot run, in words for the person at the keyboard."""


class Stopped(Exception):
    """Somebody asked us to stop: Ctrl-C, or a signal."""

    def __init__(self, number: int) -> None:
        self.number = number


def raise_when_stopped() -> None:
    """The first signal raises Stopped; more of them do not disturb the clean stop."""
    if "MAKELEVEL" in os.environ:  # kill -9 of `make` stops us too
        die_with_parent()
    wanted = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup: the terminal may go
        wanted.append(signal.SIGHUP)

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    for each in wanted:
        signal.signal(each, stop)


def die_with_parent(sent: signal.Signals = signal.SIGTERM) -> None:
    """After kill -9 of the parent nothing keeps running (Linux only)."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0)


class Child:
    """A process in a session of its own: Ctrl-C reaches only us, and we stop it in order."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        stop: signal.Signals = signal.SIGTERM,
        become: Callable[[], None] | None = None,
        **options: Any,
    ) -> None:
        self.name, self.stop_signal = name, stop
        parent = os.getpid()

        def before_start() -> None:
            if become:
                become()
            die_with_parent(stop)  # after `become`: a change of user would clear it
            if os.getppid() != parent:
                os._exit(1)

        self.process = subprocess.Popen(  # noqa: S603 (our own commands)
            command, start_new_session=True, preexec_fn=before_start, **options
        )

    def signal_group(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def stop(self, grace: float = 20) -> None:
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(grace)
        self.signal_group(signal.SIGKILL)  # itself when it hangs, and what it left behind
        self.process.wait()


def check_alive(children: Sequence[Child]) -> None:
    for child in children:
        if (status := child.process.poll()) is not None:
            raise ServiceError(f"{child.name} ended by itself (status {status}); all are stopped.")

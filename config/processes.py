"""Child processes that cannot outlive us, and the modest users that they run as."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

# Numbers of the Linux kernel (prctl.h, capability.h, sched.h).
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAPABILITY_VERSION_3, CAP_DAC_OVERRIDE = 0x20080522, 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534


class Stopped(Exception):
    """Somebody asked us to stop: Ctrl-C, or a signal."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextmanager
def stoppable() -> Iterator[None]:
    """The first signal raises Stopped; more of them do not disturb the clean stop."""
    wanted = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup: the terminal may go
        wanted.append(signal.SIGHUP)

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    for each in wanted:
        signal.signal(each, stop)
    yield


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


@dataclass(frozen=True)
class Identity:
    """Who runs the services: what to do between fork and exec, and the owner of their files."""

    owner: int
    become: Callable[[], None] | None


def identities() -> list[Identity]:
    """PostgreSQL refuses to run as root; what else root may try, the least power first."""
    if os.geteuid() != 0:
        return [Identity(os.geteuid(), None)]
    return [
        Identity(NOBODY, become_nobody),
        Identity(NOBODY, become_nobody_who_may_pass),
        Identity(0, become_nobody_in_a_namespace),
    ]


def become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def become_nobody_who_may_pass() -> None:
    """For a project in a closed folder such as /root; works inside containers too."""
    prctl(PR_SET_KEEPCAPS, 1)
    become_nobody()
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    only = 1 << CAP_DAC_OVERRIDE
    sets = (ctypes.c_uint32 * 6)(only, only, only, 0, 0, 0)  # effective, permitted, inheritable
    if LIBC is None or LIBC.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def become_nobody_in_a_namespace() -> None:
    """Root outside, nobody inside: where capabilities cannot be handed on."""
    if LIBC is None or LIBC.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")


def prctl(option: int, first: int, second: int = 0) -> None:
    if LIBC is None or LIBC.prctl(option, first, second, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")

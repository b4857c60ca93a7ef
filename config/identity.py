"""The user who runs the embedded services: PostgreSQL refuses to run as root."""

import ctypes
import os
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.processes import LIBC, ServiceError

# Numbers of the Linux kernel (prctl.h, securebits.h, capability.h, sched.h).
PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 4
CAPABILITY_VERSION_3, CAP_DAC_OVERRIDE = 0x20080522, 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534


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
    prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)  # a change of user takes nothing away, so
    become_nobody()  # that access(), which initdb asks, knows of the one right that is left
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


def choose_identity(postgres: Path, folders: list[Path]) -> Identity:
    """The first user who can run PostgreSQL and enter its folders."""
    for identity in identities():
        for folder in folders:
            give(folder, identity.owner)

        def enter(become: Callable[[], None] | None = identity.become) -> None:
            if become:
                become()
            for folder in folders:
                os.chdir(folder)

        with suppress(subprocess.SubprocessError, OSError):
            probe = [str(postgres), "--version"]
            subprocess.run(probe, preexec_fn=enter, check=True, capture_output=True)  # noqa: S603
            return identity
    raise ServiceError(
        f"PostgreSQL does not run as root, and no other user can reach {folders[0]}. "
        "Run this as an ordinary user, or choose a folder that is open to others with VAR."
    )


def give(folder: Path, owner: int) -> None:
    """A folder that only its owner (and root) may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in {os.geteuid(), NOBODY, owner}:
        raise ServiceError(f"{folder} belongs to somebody else: remove it, or set VAR.")
    if found.st_uid != owner:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, -1, follow_symlinks=False)
    folder.chmod(0o700)

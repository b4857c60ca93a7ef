"""Whether the clock can be believed before a sweep acts on it (security.md 6.2, fault F10).

A machine that was off for three days catches up; a clock that jumped ahead would call everything
overdue, and what was said cannot be taken back. Both look alike from the wall clock alone, so the
time since the machine's start, which nobody sets, is kept beside it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

APART = timedelta(seconds=60)
JUMP = timedelta(hours=36)
BACK = timedelta(seconds=5)  # two machines are never quite together


class Doubt(StrEnum):
    """Why the sweep refuses."""

    APART = "apart"  # application and database disagree by more than a minute
    BACKWARD = "backward"  # before the last sweep
    FORWARD = "forward"  # more than 36 hours further than the machine has been running


@dataclass(frozen=True)
class Reading:
    """now and the database's time; boot: which start of the machine; up: seconds since then."""

    now: datetime
    database: datetime
    boot: str
    up: float


@dataclass(frozen=True)
class Mark:
    """What the last believed reading was."""

    now: datetime
    boot: str
    up: float


def doubt(reading: Reading, last: Mark | None) -> Doubt | None:
    """The reason not to believe this reading, or None."""
    if abs(reading.now - reading.database) > APART:
        return Doubt.APART
    if last is None:
        return None
    if reading.now < last.now - BACK:
        return Doubt.BACKWARD
    if reading.boot == last.boot:
        ran = timedelta(seconds=max(0.0, reading.up - last.up))
        if reading.now - last.now - ran > JUMP:
            return Doubt.FORWARD
    return None

"""Which readings of the clock a sweep believes (fault F10)."""

from datetime import UTC, datetime, timedelta

import pytest

from agencies.rules.clock_guard import Doubt, Mark, Reading, doubt

LAST = Mark(datetime(2026, 10, 12, 8, tzinfo=UTC), "boot-1", 1000.0)
HOUR = timedelta(hours=1)


def reading(later: timedelta, *, up: float = 1060.0, boot: str = "boot-1", database=timedelta()):
    now = LAST.now + later
    return Reading(now, now + database, boot, up)


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (reading(timedelta(seconds=60)), None),
        # The application and its database.
        (reading(HOUR, database=timedelta(seconds=60)), None),
        (reading(HOUR, database=timedelta(seconds=61)), Doubt.APART),
        (reading(HOUR, database=timedelta(seconds=-61)), Doubt.APART),
        # Backward: two machines are never quite together.
        (reading(timedelta(seconds=-5)), None),
        (reading(timedelta(seconds=-6)), Doubt.BACKWARD),
        (reading(timedelta(days=-30), boot="boot-2", up=5), Doubt.BACKWARD),
        # Forward, in the same run of the machine.
        (reading(36 * HOUR), None),
        (reading(37 * HOUR), Doubt.FORWARD),
        (reading(timedelta(days=365)), Doubt.FORWARD),
        # Three days in which no sweep ran, but the machine did: nothing jumped.
        (reading(72 * HOUR, up=1000 + 72 * 3600), None),
        (reading(110 * HOUR, up=1000 + 72 * 3600), Doubt.FORWARD),
        # The machine was off for three days: only its own start is known.
        (reading(72 * HOUR, boot="boot-2", up=30), None),
    ],
)
def test_readings(read, found):
    assert doubt(read, LAST) is found


def test_the_first_reading_is_believed_unless_the_two_clocks_disagree():
    assert doubt(reading(timedelta()), None) is None
    assert doubt(reading(timedelta(), database=HOUR), None) is Doubt.APART

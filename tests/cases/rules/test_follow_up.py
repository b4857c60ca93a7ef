"""Rule 14: return is not closure."""

from datetime import date

import pytest

from cases.rules.follow_up import follow_up
from tests.students.rules.test_absence import days

BACK = date(2026, 10, 12)


def test_the_day_of_return_is_day_one():
    done = follow_up(days("P" * 20, BACK), 20)
    assert (done.done_on, done.missing) == (date(2026, 11, 6), 0)
    assert follow_up(days("P" * 19, BACK), 20).missing == 1


@pytest.mark.parametrize(
    ("states", "counted", "attended", "unknown"),
    [
        ("PPP", 3, 3, 0),
        ("PEP", 3, 2, 0),  # a day of leave is a school day that passed
        ("PP?P", 3, 3, 1),  # a day without a roll waits for its roll
        ("PPxP", 3, 3, 0),
        ("PPUPP", 2, 2, 0),  # an unexcused day restarts the count
        ("PPPU", 0, 0, 0),
    ],
)
def test_counting(states, counted, attended, unknown):
    found = follow_up(days(states, BACK), 20)
    assert (found.counted, found.attended, found.unknown) == (counted, attended, unknown)


def test_a_restart_takes_back_what_was_reached():
    found = follow_up(days("P" * 20 + "U" + "P", BACK), 20)
    assert (found.done_on, found.counted, found.restarted_on) == (None, 1, date(2026, 11, 9))

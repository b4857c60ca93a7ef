"""Rules 1 and 2: runs of absence. U unexcused, P present, E excused, ? no roll, x not held."""

from datetime import date, timedelta

import pytest

from students.rules.absence import DayState, SchoolDay, run_now, runs
from students.rules.school_calendar import SchoolCalendar
from tests.support.official import calendar

STATES = {
    "U": DayState.UNEXCUSED,
    "P": DayState.PRESENT,
    "E": DayState.EXCUSED,
    "?": DayState.UNKNOWN,
    "x": DayState.NOT_HELD,
}
TERM = SchoolCalendar(date(2026, 9, 1), date(2027, 1, 29), calendar())


def days(states: str, first: date = date(2026, 9, 1)) -> list[SchoolDay]:
    """The states on the school days from the first on."""
    school_days = TERM.school_days(first, TERM.ends_on)
    return [SchoolDay(day, STATES[s]) for s, day in zip(states, school_days, strict=False)]


@pytest.mark.parametrize(
    ("states", "expected"),  # (days, unknown days, nth school day on which it crossed)
    [
        ("UUU", [(3, 0, None)]),
        ("UUUU", [(4, 0, 4)]),
        ("UUPUU", [(2, 0, None), (2, 0, None)]),
        ("UUEUUU", [(2, 0, None), (3, 0, None)]),
        ("UU?UU", [(4, 1, 5)]),  # a day without a roll neither counts nor ends
        ("UU?U", [(3, 1, None)]),
        ("?UUU?", [(3, 0, None)]),  # unknown before and after lies outside the run
        ("UUxUU", [(4, 0, 5)]),  # a class that was not held is no school day
        ("PPPP", []),
        ("U" * 10, [(10, 0, 4)]),
    ],
)
def test_runs(states, expected):
    found = runs(days(states), threshold=3)
    crossed = [
        next((n for n, one in enumerate(days(states), 1) if one.day == run.crossed_on), None)
        for run in found
    ]
    assert [
        (run.days, run.unknown_days, nth) for run, nth in zip(found, crossed, strict=True)
    ] == expected


def test_the_holiday_neither_adds_nor_ends():
    """U on Tue 09-29, Wed 09-30, holiday, Thu 10-08: 3; and on Fri 10-09: 4."""
    (run,) = runs(days("UUUU", date(2026, 9, 29)), threshold=3)
    assert run.crossed_on == date(2026, 10, 9)
    (run,) = runs(days("UUU", date(2026, 9, 29)), threshold=3)
    assert (run.last_on, run.crossed_on) == (date(2026, 10, 8), None)


def test_a_make_up_sunday_counts():
    """U on Fri 09-18, Sun 09-20, Mon 09-21, Tue 09-22: trigger 09-22."""
    (run,) = runs(days("UUUU", date(2026, 9, 18)), threshold=3)
    assert run.crossed_on == date(2026, 9, 22)


def test_a_day_on_which_the_school_was_closed_is_left_out():
    closed = SchoolCalendar(
        TERM.opens_on, TERM.ends_on, TERM.working, frozenset({date(2026, 9, 3)})
    )
    found = list(closed.school_days(date(2026, 9, 1), date(2026, 9, 5)))
    assert found == [date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 4)]


@pytest.mark.parametrize("threshold", [1, 2, 3, 5])
def test_the_threshold_is_a_policy_value_and_strict(threshold):
    (run,) = runs(days("U" * threshold), threshold)
    assert run.crossed_on is None
    (run,) = runs(days("U" * (threshold + 1)), threshold)
    assert run.crossed_on == run.last_on


def test_resting_on_an_untaken_roll_is_said_only_when_it_lies_before_the_crossing():
    (run,) = runs(days("UU?UU"), threshold=3)
    assert run.rests_on_unknown
    (run,) = runs(days("UUUU?U"), threshold=3)
    assert not run.rests_on_unknown


def test_the_run_of_today_counts_the_days_without_a_roll_after_it():
    now = run_now(days("PUU??"), threshold=3)
    assert (now.days, now.unknown_days, now.at_least) == (2, 2, True)
    assert run_now(days("UUP"), threshold=3).days == 0


def test_ended_on_is_the_day_that_ended_it():
    found = days("UUP")
    (run,) = runs(found, threshold=3)
    assert run.ended_on == found[2].day
    assert run.ended_on - run.last_on >= timedelta(days=1)

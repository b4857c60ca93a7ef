"""The quota of home teaching: week by week and for the school year (S1-45, law.md 2.9)."""

from datetime import date, time, timedelta

import pytest

from students.rules import home_teaching as rules
from students.rules.home_teaching import Lesson, Plan, YearState, monday_of

MONDAY = date(2026, 10, 12)
DAYS = {MONDAY + timedelta(days=n) for n in range(5)}
# 山东: two sessions of three periods, 216 a year.
PLAN = Plan(date(2026, 9, 1), date(2027, 8, 31), 2, 3, 40, 216)


def lesson(day: int, periods: int) -> Lesson:
    return Lesson(date(2026, 10, day), periods)


@pytest.mark.parametrize(
    ("taught", "short"),
    [
        ([], (2, 6)),
        ([lesson(12, 3)], (1, 3)),
        ([lesson(12, 3), lesson(15, 3)], (0, 0)),
        ([lesson(12, 3), lesson(15, 2)], (0, 1)),
        ([lesson(12, 6)], (1, 0)),  # all periods at once are no two sessions
        ([lesson(12, 3), lesson(18, 3)], (0, 0)),  # on the Sunday of the week
        ([lesson(11, 3), lesson(19, 3)], (2, 6)),  # before it and after it
    ],
)
def test_a_week(taught, short):
    found = rules.week(PLAN, MONDAY, DAYS, taught)
    assert (found.short_sessions, found.short_periods) == short
    assert found.is_met is (short == (0, 0))


@pytest.mark.parametrize(
    ("days", "owed"),
    [(DAYS, 2), ({MONDAY}, 1), (set(), 0), ({MONDAY + timedelta(days=7)}, 0)],
)
def test_a_week_never_owes_more_sessions_than_it_has_school_days(days, owed):
    assert rules.owed_in(PLAN, MONDAY, days) == owed


def test_days_outside_the_plan_owe_nothing():
    late = Plan(date(2026, 10, 16), date(2027, 8, 31), 2, 3, 40, 216)
    assert rules.owed_in(late, MONDAY, DAYS) == 1  # the Friday
    over = Plan(date(2026, 9, 1), date(2026, 10, 11), 2, 3, 40, 216)
    assert rules.owed_in(over, MONDAY, DAYS) == 0


def test_the_lesson_that_makes_the_week_full():
    taught = [lesson(12, 3), lesson(13, 1), lesson(14, 2), lesson(15, 3)]
    assert rules.met_by(PLAN, MONDAY, DAYS, taught) == 3
    assert rules.met_by(PLAN, MONDAY, DAYS, taught[:2]) is None


@pytest.mark.parametrize(
    ("taught", "left", "missing", "needed", "state"),
    [
        (216, 10, 0, None, YearState.MET),
        (156, 10, 60, 6, YearState.ON_COURSE),
        (155, 10, 61, 7, YearState.BEHIND),
        (215, 0, 1, None, YearState.MISSED),
        (0, None, 216, None, YearState.OPEN),
    ],
)
def test_a_school_year(taught, left, missing, needed, state):
    lessons = [Lesson(date(2026, 9, 7), taught), Lesson(date(2026, 8, 31), 99)]
    found = rules.year(PLAN, date(2027, 4, 1), lessons, left)
    assert (found.owed, found.missing, found.needed, found.state) == (216, missing, needed, state)


@pytest.mark.parametrize(
    ("first", "last", "owed"),
    [
        (date(2026, 9, 1), date(2027, 7, 3), 216),  # to the end of the summer term
        (date(2027, 3, 1), date(2027, 8, 31), 87),  # 122 of 303 days
        (date(2025, 9, 1), date(2026, 8, 31), 0),
    ],
)
def test_a_part_of_the_teaching_time_owes_its_part(first, last, owed):
    plan = Plan(first, last, 2, 3, 40, 216)
    assert rules.year(plan, date(2027, 4, 1), [], 10).owed == owed


@pytest.mark.parametrize(
    ("day", "at", "periods", "codes"),
    [
        (MONDAY, time(9), 3, []),
        (MONDAY, time(12, 1), 3, ["future"]),
        (date(2026, 8, 31), time(9), 3, ["outside_plan"]),
        (MONDAY, time(9), 0, ["periods"]),
        (date(2026, 10, 11), time(22, 30), 3, ["periods"]),  # past midnight
    ],
)
def test_a_session_that_cannot_have_been(day, at, periods, codes):
    found = rules.session_problems(PLAN, day, at, periods, (MONDAY, time(12)))
    assert [one.code for one in found] == codes


def test_a_week_begins_on_its_monday():
    assert monday_of(date(2026, 10, 18)) == MONDAY
    assert list(rules.mondays(date(2026, 10, 18), date(2026, 10, 19))) == [
        MONDAY,
        date(2026, 10, 19),
    ]

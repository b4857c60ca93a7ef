"""What is said around a due moment: reminders before it, the ladder after it, across holidays."""

from datetime import date, datetime, time

import pytest

from agencies.rules.deadlines import CHINA, ending
from agencies.rules.obligations import LADDER, receivers
from agencies.rules.timetable import Plan, Step, highest, numbers, timetable
from tests.support.official import calendar

LONG_AGO = datetime(2026, 1, 1, tzinfo=CHINA)
USUAL = Plan()


def said(last: str, plan: Plan = USUAL, closing: time | None = None, raised: datetime = LONG_AGO):
    day = date.fromisoformat(last)
    steps = timetable(ending(day, day, closing, calendar()), plan, calendar(), raised)
    return [(f"{step.at.astimezone(CHINA):%m-%d %H:%M}", step.level) for step in steps]


@pytest.mark.parametrize(
    ("last", "moments"),
    [
        # An ordinary week.
        ("2026-09-07", ["09-02 08:00", "09-04 08:00", "09-08 00:00", "09-09 00:00", "09-11 00:00"]),
        # The last day before National Day (09-25 is off): the rungs wait until work begins again.
        ("2026-09-30", ["09-24 08:00", "09-29 08:00", "10-01 00:00", "10-09 00:00", "10-11 00:00"]),
        # The first day after it: the reminders lie before the holidays.
        ("2026-10-08", ["09-28 08:00", "09-30 08:00", "10-09 00:00", "10-10 00:00", "10-13 00:00"]),
        # A made-up Saturday before Spring Festival: nine days later work begins.
        ("2026-02-14", ["02-11 08:00", "02-13 08:00", "02-15 00:00", "02-25 00:00", "02-27 00:00"]),
    ],
)
def test_reminders_and_rungs_count_working_days(last, moments):
    assert said(last) == list(zip(moments, [0, 0, 1, 2, 3], strict=True))


def test_the_office_hour_holds_for_every_rung():
    assert said("2026-09-30", closing=time(17, 30)) == [
        ("09-24 08:00", 0),
        ("09-29 08:00", 0),
        ("09-30 17:30", 1),
        ("10-08 17:30", 2),
        ("10-10 17:30", 3),
    ]


@pytest.mark.parametrize(
    ("raised", "left"),
    [
        (datetime(2026, 9, 4, 7, 59, tzinfo=CHINA), ["09-04 08:00"]),
        (datetime(2026, 9, 4, 8, 0, tzinfo=CHINA), []),
        (datetime(2026, 12, 1, tzinfo=CHINA), []),
    ],
)
def test_a_reminder_before_the_raising_is_left_out_and_a_rung_never(raised, left):
    steps = said("2026-09-07", raised=raised)
    assert [moment for moment, level in steps if level == 0] == left
    assert [level for _moment, level in steps if level] == [1, 2, 3]


@pytest.mark.parametrize(
    ("plan", "levels"),
    [
        (Plan(remind=()), [1, 2, 3]),
        (Plan(ladder=(0,)), [0, 0, 1]),
        (Plan(remind=(1, 1)), [0, 1, 2, 3]),  # the same reminder twice is one
        (Plan(remind=(0,)), [0, 1, 2, 3]),  # in the morning of the last day
        (Plan(remind=(), ladder=(0, 1, 2, 3, 5)), [1, 2, 3, 4, 5]),
    ],
)
def test_plans(plan, levels):
    assert [level for _moment, level in said("2026-09-07", plan)] == levels


def test_a_reminder_after_the_office_has_closed_is_none():
    late = Plan(remind=(0,), remind_at=time(18))
    assert [level for _moment, level in said("2026-09-07", late, time(17, 30))] == [1, 2, 3]
    assert [level for _moment, level in said("2026-09-07", late)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "found"), [("3,1", (3, 1)), ("", ()), ("0", (0,)), ("20,5,1", (20, 5, 1))]
)
def test_days_of_a_policy_value(text, found):
    assert numbers(text) == found


def test_a_step_is_reached_strictly_after_its_moment():
    moment = datetime(2026, 9, 8, tzinfo=CHINA)
    steps = [Step(moment, 1), Step(datetime(2026, 9, 9, tzinfo=CHINA), 2)]
    assert highest(steps, moment) == 0
    assert highest(steps, moment.replace(second=1)) == 1
    assert highest(steps, datetime(2027, 1, 1, tzinfo=CHINA)) == 2


def test_a_longer_ladder_ends_at_the_top_of_the_table():
    assert receivers(2) == LADDER[2]
    assert receivers(7) == LADDER[max(LADDER)]

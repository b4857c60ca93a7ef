"""Days left and groups: working days, the rest day ahead, the evening after the office closed."""

from datetime import date, datetime

import pytest

from agencies.rules.deadlines import CHINA
from agencies.rules.urgency import days_left, group_of, last_days
from tests.support.official import calendar

WHEN = {
    # 2026-09-20 (Sunday) is a make-up day, 2026-09-25 (Friday) a holiday.
    "2026-09-17": (-1, "overdue"),
    "2026-09-18": (0, "today"),
    "2026-09-19": (1, "soon"),  # a rest day ahead is not today
    "2026-09-20": (1, "soon"),
    "2026-09-22": (3, "soon"),
    "2026-09-23": (4, "week"),
    "2026-09-24": (5, "week"),
    "2026-09-26": (5, "week"),
    "2026-09-28": (6, "later"),
}


@pytest.mark.parametrize(("day", "found"), WHEN.items())
def test_days_and_groups(day, found):
    due_on = date.fromisoformat(day)
    end = datetime.combine(due_on, datetime.max.time(), CHINA)
    left = days_left(calendar(), due_on, end, datetime(2026, 9, 18, 9, tzinfo=CHINA))
    assert (left, group_of(left)) == found


def test_the_limits_of_a_query_are_the_same():
    limits = last_days(calendar(), date(2026, 9, 18))
    for day, (_left, group) in WHEN.items():
        if group in ("soon", "week", "later"):
            due_on = date.fromisoformat(day)
            name = next((name for name in ("soon", "week") if due_on < limits[name]), "later")
            assert name == group, day


def test_the_same_evening_is_a_day_late():
    closed, due_on = datetime(2026, 9, 18, 17, 30, tzinfo=CHINA), date(2026, 9, 18)
    at_half_past = days_left(calendar(), due_on, closed, closed)
    later = days_left(calendar(), due_on, closed, datetime(2026, 9, 18, 18, tzinfo=CHINA))
    assert (at_half_past, later) == (0, -1)


def test_no_date_is_a_group_of_its_own():
    assert group_of(None) == "none"

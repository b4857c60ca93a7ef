"""The official calendar: our data against two independent libraries, and its arithmetic."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from tests.support.official import calendar

YEARS = range(2019, 2027)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_both_libraries(year):
    china = holidays.country_holidays("CN", years=year)
    day = date(year, 1, 1)
    while day.year == year:
        ours = calendar().is_working_day(day)
        assert ours == chinese_calendar.is_workday(day), day
        assert ours == china.is_working_day(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-09-20", True),  # Sunday, made up for National Day
        ("2026-10-10", True),  # Saturday, made up
        ("2026-09-19", False),
        ("2026-09-25", False),  # Mid-Autumn
        ("2026-10-01", False),
        ("2026-10-08", True),
        ("2026-02-28", True),
    ],
)
def test_days_of_2026(day, works):
    assert calendar().is_working_day(date.fromisoformat(day)) is works


def test_a_year_without_its_notice_is_provisional():
    assert calendar().is_provisional(date(2027, 1, 4))
    assert not calendar().is_provisional(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("today", "due", "left"),
    [
        ("2026-09-30", "2026-10-08", 1),
        ("2026-10-08", "2026-10-08", 0),
        ("2026-10-09", "2026-10-08", -1),
        ("2026-10-12", "2026-10-08", -3),  # 9, 10 (make-up Saturday), 12
    ],
)
def test_working_days_left(today, due, left):
    given = date.fromisoformat(today), date.fromisoformat(due)
    assert calendar().working_days_left(*given) == left

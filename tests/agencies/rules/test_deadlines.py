"""Rules 3 and 4: when a period ends. Examples of the rules, and an independent slow calculation."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.rules.deadlines import CHINA, Period, Unit, due, is_late
from tests.support.official import calendar

DAYS, WORKING = Unit.CALENDAR_DAYS, Unit.WORKING_DAYS


@pytest.mark.parametrize(
    ("start", "length", "unit", "on"),
    [
        ("2026-09-01", 5, DAYS, "2026-09-07"),  # raw Sunday 09-06 rolls
        ("2026-09-01", 10, DAYS, "2026-09-11"),
        ("2026-09-13", 7, DAYS, "2026-09-20"),  # a make-up Sunday stays
        ("2026-09-21", 10, DAYS, "2026-10-08"),  # 10-01 lies in the holiday
        ("2026-09-14", 10, WORKING, "2026-09-28"),  # rule 13: 20 worked, 25 off
        ("2026-09-01", 5, WORKING, "2026-09-08"),
        ("2026-09-30", 1, WORKING, "2026-10-08"),
        ("2024-02-28", 1, DAYS, "2024-02-29"),  # leap day
    ],
)
def test_last_days(start, length, unit, on):
    end = due(date.fromisoformat(start), Period(length, unit), calendar())
    assert end.on == date.fromisoformat(on)
    assert not end.provisional


def _slowly(start: date, length: int, unit: Unit) -> date:
    """The same, written day by day."""
    day, counted = start, 0
    while counted < length:
        day += timedelta(days=1)
        if unit is DAYS or calendar().is_working_day(day):
            counted += 1
    while not calendar().is_working_day(day):
        day += timedelta(days=1)
    return day


@given(
    st.dates(date(2019, 1, 1), date(2026, 9, 30)),
    st.integers(1, 60),
    st.sampled_from([DAYS, WORKING]),
)
def test_agrees_with_the_slow_calculation(start, length, unit):
    assert due(start, Period(length, unit), calendar()).on == _slowly(start, length, unit)


def test_the_last_day_ends_at_24_hours_or_when_the_office_closes():
    start = date(2026, 9, 1)
    end = due(start, Period(5, DAYS), calendar())
    assert end.at == datetime(2026, 9, 8, tzinfo=CHINA)
    office = due(start, Period(5, DAYS, time(17, 30)), calendar())
    assert office.at == datetime(2026, 9, 7, 17, 30, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("received", "late"),
    [
        ("2026-09-07T15:59:59+00:00", False),
        ("2026-09-07T16:00:00+00:00", False),
        ("2026-09-07T16:00:01+00:00", True),
    ],
)
def test_late_is_strictly_after(received, late):
    end = due(date(2026, 9, 1), Period(5, DAYS), calendar())
    assert is_late(datetime.fromisoformat(received), end.at) is late


def test_without_the_years_notice_the_end_is_provisional():
    assert due(date(2026, 12, 30), Period(5, DAYS), calendar()).provisional
    assert due(date(2027, 3, 1), Period(5, DAYS), calendar()).on == date(2027, 3, 8)

"""Rules 3 and 4: when a period ends, as tables (every date: test_against_the_slow_way.py)."""

from datetime import date, datetime, time

import pytest

from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA, SHORT, Law, Period, Unit, due, ending, is_late
from tests.support.official import calendar

DAYS, WORKING, MONTHS = Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS


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


@pytest.mark.parametrize(
    ("start", "length", "on"),
    [
        ("2026-01-31", 1, "2026-02-28"),  # no 31 February; Saturday, but a make-up day
        ("2025-01-31", 1, "2025-02-28"),  # the month's last day, a Friday
        ("2024-01-31", 1, "2024-02-29"),  # leap year
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),  # no such day in the year after
        ("2023-02-28", 12, "2024-02-28"),  # the corresponding day, not the month's last
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-04-01", 1, "2026-05-06"),  # 1 May is a holiday until the 5th
        ("2026-08-20", 1, "2026-09-20"),  # a make-up Sunday stays
        ("2026-08-19", 1, "2026-09-20"),  # Saturday 09-19 rolls onto it
        ("2025-12-31", 2, "2026-02-28"),  # across the year
        ("2025-09-01", 1, "2025-10-09"),  # eight days of National Day and Mid-Autumn
    ],
)
def test_months(start, length, on):
    """民法典 202: the corresponding day, or the last day of a month that has none."""
    end = due(date.fromisoformat(start), Period(length, MONTHS), calendar())
    assert (end.on, end.provisional) == (date.fromisoformat(on), False)


@pytest.mark.parametrize(
    ("start", "length", "unit", "on"),
    [
        ("2026-10-12", 0, DAYS, "2026-10-12"),  # something owed the same day
        ("2026-10-12", 0, WORKING, "2026-10-12"),
        ("2026-10-17", 0, DAYS, "2026-10-19"),  # Saturday
        ("2026-10-17", 0, WORKING, "2026-10-19"),
        ("2026-10-01", 0, WORKING, "2026-10-08"),
        ("2026-10-10", 0, DAYS, "2026-10-10"),  # a make-up Saturday
        ("2026-10-09", 1, WORKING, "2026-10-10"),
        ("2026-10-09", 2, WORKING, "2026-10-12"),
        ("2026-02-13", 1, WORKING, "2026-02-14"),  # the Saturday before Spring Festival
        ("2026-02-14", 1, WORKING, "2026-02-24"),
        ("2026-02-14", 1, DAYS, "2026-02-24"),
        ("2025-12-31", 1, DAYS, "2026-01-04"),  # New Year until the 3rd, the 4th is worked
        ("2024-02-29", 365, DAYS, "2025-02-28"),
    ],
)
def test_same_day_make_up_and_long_holidays(start, length, unit, on):
    end = due(date.fromisoformat(start), Period(length, unit), calendar())
    assert (end.on, end.provisional) == (date.fromisoformat(on), False)


# From Wednesday 2026-09-30: seven days of holiday, worked are 10-08, 10-09, Saturday 10-10, 10-12.
@pytest.mark.parametrize(
    ("law", "length", "counted", "on"),
    [
        (Law.CIVIL_CODE, 3, DAYS, "2026-10-08"),
        (Law.CIVIL_CODE, 10, DAYS, "2026-10-10"),
        (Law.ENFORCEMENT, 1, WORKING, "2026-10-08"),  # 行政强制法 69: up to ten days
        (Law.ENFORCEMENT, 3, WORKING, "2026-10-10"),
        (Law.ENFORCEMENT, 10, WORKING, "2026-10-20"),
        (Law.ENFORCEMENT, 11, DAYS, "2026-10-12"),
        (Law.ENFORCEMENT, 30, DAYS, "2026-10-30"),
        (Law.PENALTY, 2, WORKING, "2026-10-09"),  # 行政处罚法 85: two, three, five, seven
        (Law.PENALTY, 3, WORKING, "2026-10-10"),
        (Law.PENALTY, 4, DAYS, "2026-10-08"),
        (Law.PENALTY, 5, WORKING, "2026-10-13"),
        (Law.PENALTY, 7, WORKING, "2026-10-15"),
        (Law.PENALTY, 10, DAYS, "2026-10-10"),
        (Law.RECONSIDERATION, 3, WORKING, "2026-10-10"),  # 行政复议法 88: three, five, seven, ten
        (Law.RECONSIDERATION, 5, WORKING, "2026-10-13"),
        (Law.RECONSIDERATION, 7, WORKING, "2026-10-15"),
        (Law.RECONSIDERATION, 10, WORKING, "2026-10-20"),
        (Law.RECONSIDERATION, 60, DAYS, "2026-11-30"),  # raw Sunday 11-29
    ],
)
def test_each_law_has_its_own_short_periods(law, length, counted, on):
    period = Period(length, DAYS, law=law)
    assert period.counted_in is counted
    assert due(date(2026, 9, 30), period, calendar()).on == date.fromisoformat(on)


@pytest.mark.parametrize("law", Law)
def test_a_law_changes_neither_working_days_nor_months(law):
    assert set(SHORT) == set(Law)
    for unit in (WORKING, MONTHS):
        assert Period(3, unit, law=law).counted_in is unit


def test_the_last_day_ends_at_24_hours_or_when_the_office_closes():
    start = date(2026, 9, 1)
    end = due(start, Period(5, DAYS), calendar())
    assert end.at == datetime(2026, 9, 8, tzinfo=CHINA)
    office = due(start, Period(5, DAYS, time(17, 30)), calendar())
    assert office.at == datetime(2026, 9, 7, 17, 30, tzinfo=CHINA)
    assert is_late(datetime(2026, 9, 7, 17, 30, 1, tzinfo=CHINA), office.at)
    assert not is_late(datetime(2026, 9, 7, 17, 30, tzinfo=CHINA), office.at)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("closing", [None, time(17, 30), time(12)])
def test_the_office_hour_moves_the_moment_and_never_the_day(unit, closing):
    start = date(2026, 9, 24)
    whole, office = (due(start, Period(6, unit, c), calendar()) for c in (None, closing))
    assert (whole.on, whole.provisional) == (office.on, office.provisional)
    assert office.at.astimezone(CHINA).time() == (closing or time())


def test_an_agreed_day_stays_where_it_is():
    """Somebody named the day: a Sunday is not moved (ending), unlike a counted last day."""
    end = ending(date(2026, 10, 12), date(2026, 10, 18), None, calendar())
    assert (end.on, end.at) == (date(2026, 10, 18), datetime(2026, 10, 19, tzinfo=CHINA))


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


@pytest.mark.parametrize(
    ("start", "length", "unit", "on", "provisional"),
    [
        ("2026-12-30", 5, DAYS, "2027-01-04", True),
        ("2027-03-01", 5, DAYS, "2027-03-08", True),  # raw Saturday: Monday to Friday hold
        ("2027-09-30", 1, WORKING, "2027-10-01", True),  # nobody knows of a holiday yet
        ("2026-12-28", 3, WORKING, "2026-12-31", False),
        ("2026-12-28", 4, WORKING, "2027-01-01", True),
        ("2026-12-26", 5, DAYS, "2026-12-31", False),  # not a day of 2027 was looked at
        ("2018-12-28", 3, DAYS, "2018-12-31", True),  # before the first loaded year
        ("2018-12-31", 7, DAYS, "2019-01-07", True),
        ("2026-11-30", 1, MONTHS, "2026-12-30", False),
        ("2026-12-31", 2, MONTHS, "2027-03-01", True),  # raw Sunday 02-28
    ],
)
def test_without_the_years_notice_the_end_is_provisional(start, length, unit, on, provisional):
    end = due(date.fromisoformat(start), Period(length, unit), calendar())
    assert (end.on, end.provisional) == (date.fromisoformat(on), provisional)


def test_a_missing_year_in_the_middle_makes_it_provisional():
    years = WorkingCalendar(frozenset({2026, 2028}), frozenset(), frozenset())
    assert due(date(2026, 12, 1), Period(400, DAYS), years).provisional
    assert not due(date(2026, 12, 1), Period(20, DAYS), years).provisional

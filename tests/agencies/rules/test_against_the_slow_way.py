"""Every date, every length: the calculation agrees with one that walks day by day.

The slow way knows nothing of our code or data: its working days come from the package
chinesecalendar, and it only ever goes to the next day.
"""

from datetime import date, timedelta

import chinese_calendar
import pytest

from agencies.rules.deadlines import Period, Unit, due
from tests.support.official import calendar

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
WORKED = [chinese_calendar.is_workday(day) for day in DAYS]
LENGTHS, MONTHS = range(1, 61), range(1, 13)
Ends = dict[int, date]  # by length; a length whose end lies after 2026 is not there


def rolled(index: int) -> date | None:
    """The day itself, or the next one that is worked; None past the end of the table."""
    while index < len(DAYS) and not WORKED[index]:
        index += 1
    return DAYS[index] if index < len(DAYS) else None


def known(ends: dict[int, date | None]) -> Ends:
    return {length: end for length, end in ends.items() if end is not None}


def calendar_days(start: int) -> Ends:
    return known({length: rolled(start + length) for length in LENGTHS})


def working_days(start: int) -> Ends:
    ends: Ends = {}
    for index in range(start + 1, len(DAYS)):
        if WORKED[index] and len(ends) < LENGTHS[-1]:
            ends[len(ends) + 1] = DAYS[index]
    return ends


def months(start: int) -> Ends:
    """Walk on: at each turn of the month one more has begun; stop at the same number or at its end."""
    ends: dict[int, date | None] = {}
    passed, wanted = 0, DAYS[start].day
    for index in range(start + 1, min(start + 400, len(DAYS))):
        if DAYS[index].day == 1:
            passed += 1
        is_last = DAYS[index].month != (DAYS[index] + timedelta(days=1)).month
        if passed in MONTHS and passed not in ends and (DAYS[index].day == wanted or is_last):
            ends[passed] = rolled(index)
    return known(ends)


@pytest.mark.parametrize(
    ("unit", "slowly", "lengths", "at_least"),
    [
        (Unit.CALENDAR_DAYS, calendar_days, LENGTHS, 173_000),
        (Unit.WORKING_DAYS, working_days, LENGTHS, 172_000),
        (Unit.MONTHS, months, MONTHS, 32_000),
    ],
)
def test_every_date_and_every_length(unit, slowly, lengths, at_least):
    ours, checked, wrong = calendar(), 0, []
    periods = {length: Period(length, unit) for length in lengths}
    for start, day in enumerate(DAYS):
        for length, end in slowly(start).items():
            found = due(day, periods[length], ours)
            checked += 1
            if found.on != end or found.provisional:
                wrong.append((day, length, found.on, end))
    assert wrong == []
    assert checked >= at_least


def test_our_data_are_the_official_ones():
    """Two sources, one calendar: each day from 2019 to 2026."""
    ours = calendar()
    assert [
        day for day, worked in zip(DAYS, WORKED, strict=True) if ours.is_working_day(day) != worked
    ] == []

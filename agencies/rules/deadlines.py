"""When a period ends: the legal arithmetic of 日, 工作日 and 月.

Sources: 民法典 第二百条至第二百零四条 (the first day is not counted; a last day on a rest day
moves to the next working day; the last day ends at 24:00, or when the office closes);
行政强制法 第六十九条, 行政处罚法 第八十五条, 行政复议法 第八十八条 (their short periods are working
days); wencheng-2019 三(二) S1-51, S1-53 for the periods of term start.
"""

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from agencies.rules.calendar import DAY, WorkingCalendar

CHINA = ZoneInfo("Asia/Shanghai")


class Unit(StrEnum):
    """How a period is counted."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Law(StrEnum):
    """The law that a period comes from: it decides what its 日 are."""

    CIVIL_CODE = "civil_code"
    ENFORCEMENT = "enforcement"
    PENALTY = "penalty"
    RECONSIDERATION = "reconsideration"


# Lengths in 日 that the law itself counts in working days, "in this law" only.
SHORT: dict[Law, frozenset[int]] = {
    Law.CIVIL_CODE: frozenset(),
    Law.ENFORCEMENT: frozenset(range(1, 11)),  # 行政强制法 69: 十日以内
    Law.PENALTY: frozenset({2, 3, 5, 7}),  # 行政处罚法 85: 二日、三日、五日、七日
    Law.RECONSIDERATION: frozenset({3, 5, 7, 10}),  # 行政复议法 88(2)
}


@dataclass(frozen=True)
class Period:
    """A length with its unit, the office hour at which the last day ends (None: 24:00), its law."""

    length: int
    unit: Unit
    closing: time | None = None
    law: Law = Law.CIVIL_CODE

    @property
    def counted_in(self) -> Unit:
        """Working days where the law says so of its short periods, else the unit itself."""
        if self.unit is Unit.CALENDAR_DAYS and self.length in SHORT[self.law]:
            return Unit.WORKING_DAYS
        return self.unit


@dataclass(frozen=True)
class Due:
    """The last day, the moment at which it ends, and whether a calendar year was missing."""

    on: date
    at: datetime
    provisional: bool


def due(start: date, period: Period, calendar: WorkingCalendar) -> Due:
    """The end of a period that begins on a day which is not counted (民法典 201).

    Calendar days and months: a last day on a rest day moves to the next working day (203(1)); a
    make-up weekend is a working day and does not move. Working days need no moving. A period of
    0 days ends with its first day (something owed the same day), moved in the same way.
    """
    if period.counted_in is Unit.WORKING_DAYS and period.length:
        last = calendar.plus_working_days(start, period.length)
    elif period.unit is Unit.MONTHS:
        last = calendar.next_working_day(plus_months(start, period.length))
    else:
        last = calendar.next_working_day(start + timedelta(days=period.length))
    return ending(start, last, period.closing, calendar)


def ending(first: date, last: date, closing: time | None, calendar: WorkingCalendar) -> Due:
    """The end of a last day that is known; provisional when a year from first to last is."""
    years = range(first.year, last.year + 1)
    provisional = any(calendar.is_provisional(date(year, 1, 1)) for year in years)
    return Due(last, end_of_day(last, closing), provisional)


def plus_months(day: date, count: int) -> date:
    """The corresponding day of the month; the month's last day where it has none (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def end_of_day(day: date, closing: time | None = None) -> datetime:
    """24:00 China time of the day, or the office hour at which it closes (民法典 203(2))."""
    if closing is None:
        return datetime.combine(day + DAY, time.min, CHINA)
    return datetime.combine(day, closing, CHINA)


def is_late(received_at: datetime, due_at: datetime) -> bool:
    """Late is strictly after the last moment. Fixed on arrival, never computed again."""
    return received_at > due_at

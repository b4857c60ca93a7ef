"""When a period ends: the legal arithmetic of 日 and 工作日.

Sources: 民法典 第二百条至第二百零四条 (the first day is not counted; a last day on a rest day
moves to the next working day; the last day ends at 24:00, or when the office closes);
wencheng-2019 三(二) S1-51, S1-53 for the periods of term start.
"""

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


@dataclass(frozen=True)
class Period:
    """A length with its unit, and the office hour at which the last day ends (None: 24:00)."""

    length: int
    unit: Unit
    closing: time | None = None


@dataclass(frozen=True)
class Due:
    """The last day, the moment at which it ends, and whether a calendar year was missing."""

    on: date
    at: datetime
    provisional: bool


def due(start: date, period: Period, calendar: WorkingCalendar) -> Due:
    """The end of a period that begins on a day which is not counted (民法典 201).

    Calendar days: a last day on a rest day moves to the next working day (203(1)); a make-up
    weekend is a working day and does not move. Working days need no moving.
    """
    if period.unit is Unit.WORKING_DAYS:
        last = calendar.plus_working_days(start, period.length)
    else:
        last = calendar.next_working_day(start + timedelta(days=period.length))
    spans = {start.year, last.year}
    provisional = any(calendar.is_provisional(date(year, 1, 1)) for year in spans)
    return Due(last, end_of_day(last, period.closing), provisional)


def end_of_day(day: date, closing: time | None = None) -> datetime:
    """24:00 China time of the day, or the office hour at which it closes (民法典 203(2))."""
    if closing is None:
        return datetime.combine(day + DAY, time.min, CHINA)
    return datetime.combine(day, closing, CHINA)


def is_late(received_at: datetime, due_at: datetime) -> bool:
    """Late is strictly after the last moment. Fixed on arrival, never computed again."""
    return received_at > due_at

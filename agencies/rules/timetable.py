"""What happens around a due moment: reminders before it, and the ladder after it.

Source: S1-74, S2-13 (supervision, overdue); the days are settings of the county.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA, Due, end_of_day

REMINDER = 0
OVERDUE = 1


@dataclass(frozen=True)
class Plan:
    """remind: working days before the last day, at an hour; ladder: working days after it.

    The first rung of the ladder is the due moment itself (day 0); rung n has level n.
    """

    remind: tuple[int, ...] = (3, 1)
    ladder: tuple[int, ...] = (0, 1, 3)
    remind_at: time = time(8)


@dataclass(frozen=True)
class Step:
    """Something is due to be said once this moment has passed. level 0: a reminder."""

    at: datetime
    level: int


def timetable(end: Due, plan: Plan, calendar: WorkingCalendar, raised_at: datetime) -> list[Step]:
    """The steps of one obligation in their order.

    A reminder that would lie before the moment of raising is left out; a rung never is.
    """
    reminders = (
        datetime.combine(calendar.minus_working_days(end.on, days), plan.remind_at, CHINA)
        for days in plan.remind
    )
    steps = [Step(at, REMINDER) for at in set(reminders) if raised_at < at < end.at]
    closing = None if end.at == end_of_day(end.on) else end.at.astimezone(CHINA).time()
    for level, days in enumerate(plan.ladder, OVERDUE):
        day = calendar.plus_working_days(end.on, days)
        steps.append(Step(end_of_day(day, closing) if days else end.at, level))
    return sorted(steps, key=lambda step: (step.at, step.level))


def numbers(text: str) -> tuple[int, ...]:
    """The days of a policy value such as "3,1"; nothing for an empty text."""
    return tuple(int(part) for part in text.split(",") if part.strip())


def highest(steps: Iterable[Step], now: datetime) -> int:
    """The highest level whose moment has passed; 0 when none has."""
    return max((step.level for step in steps if step.at < now), default=0)

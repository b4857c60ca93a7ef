"""School days: official working days inside a term on which the school is not closed (rule 2)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from agencies.rules.calendar import DAY, WorkingCalendar


@dataclass(frozen=True)
class SchoolCalendar:
    """One school's days in one term. Make-up weekends count; its own closed days do not."""

    opens_on: date
    ends_on: date
    working: WorkingCalendar
    closed: frozenset[date] = field(default=frozenset(), repr=False)

    def is_school_day(self, day: date) -> bool:
        return (
            self.opens_on <= day <= self.ends_on
            and self.working.is_working_day(day)
            and day not in self.closed
        )

    def school_days(self, first: date, last: date) -> Iterator[date]:
        """School days from first to last, both included, cut to the term."""
        day = max(first, self.opens_on)
        while day <= min(last, self.ends_on):
            if self.is_school_day(day):
                yield day
            day += DAY

    def last_before(self, day: date) -> date | None:
        """The last school day before this one, if the term has one."""
        day -= DAY
        while day >= self.opens_on:
            if self.is_school_day(day):
                return day
            day -= timedelta(days=1)
        return None

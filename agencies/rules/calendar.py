"""The working calendar: Monday to Friday, moved by statutory holidays and make-up days.

Source: 全国年节及纪念日放假办法 and the State Council's yearly notice. A year whose notice is not
loaded is *provisional*: it is counted as plain Monday to Friday and says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """Official working days. Holidays are weekdays off, make-up days are weekends on."""

    years: frozenset[int]
    holidays: frozenset[date] = field(repr=False)
    make_up_days: frozenset[date] = field(repr=False)

    def is_working_day(self, day: date) -> bool:
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def is_provisional(self, day: date) -> bool:
        """The official notice for this day's year is not loaded yet."""
        return day.year not in self.years

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.is_working_day(day):
            day += DAY
        return day

    def plus_working_days(self, day: date, count: int) -> date:
        """The count-th working day after the day, which is not counted itself."""
        for _ in range(count):
            day = self.next_working_day(day + DAY)
        return day

    def minus_working_days(self, day: date, count: int) -> date:
        """The count-th working day before the day, which is not counted itself."""
        for _ in range(count):
            day -= DAY
            while not self.is_working_day(day):
                day -= DAY
        return day

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """Working days from first to last, both included."""
        day = first
        while day <= last:
            if self.is_working_day(day):
                yield day
            day += DAY

    def working_days_left(self, today: date, due: date) -> int:
        """Working days after today up to the due day; negative when it has passed."""
        if due >= today:
            return sum(1 for _ in self.working_days(today + DAY, due))
        return -sum(1 for _ in self.working_days(due + DAY, today))

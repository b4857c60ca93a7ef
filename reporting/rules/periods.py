"""Months and quarters that are reported on, named by their last day (教育部办公厅 2024-04)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from agencies.rules.deadlines import plus_months
from reporting.rules.filings import FilingKind

DAY = timedelta(days=1)
MONTHS = {FilingKind.MONTHLY: 1, FilingKind.QUARTERLY: 3}


@dataclass(frozen=True)
class Period:
    """First and last day, both included."""

    first: date
    last: date

    def touches(self, first: date, last: date) -> bool:
        return self.first <= last and first <= self.last


def period(kind: FilingKind, last: date) -> Period | None:
    """The month or quarter that ends on this day, None when none does."""
    months = MONTHS.get(kind)
    after = last + DAY
    if months is None or after.day != 1 or (after.month - 1) % months:
        return None
    return Period(plus_months(after, -months), last)


def ended(kind: FilingKind, since: date, today: date) -> Iterator[Period]:
    """The periods that end on or after `since` and before today, in order."""
    begin = since.replace(day=1)
    while (after := plus_months(begin, 1)) <= today:
        found = period(kind, after - DAY)
        if found is not None and found.last >= since:
            yield found
        begin = after

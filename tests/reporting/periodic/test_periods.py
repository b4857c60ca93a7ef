"""Months and quarters by their last day."""

from datetime import date

import pytest

from reporting.rules.filings import FilingKind
from reporting.rules.periods import Period, ended, period

MONTH, QUARTER = FilingKind.MONTHLY, FilingKind.QUARTERLY


@pytest.mark.parametrize(
    ("kind", "last", "first"),
    [
        (MONTH, date(2026, 9, 30), date(2026, 9, 1)),
        (MONTH, date(2028, 2, 29), date(2028, 2, 1)),
        (MONTH, date(2026, 2, 28), date(2026, 2, 1)),
        (MONTH, date(2028, 2, 28), None),
        (MONTH, date(2026, 9, 29), None),
        (QUARTER, date(2026, 9, 30), date(2026, 7, 1)),
        (QUARTER, date(2026, 12, 31), date(2026, 10, 1)),
        (QUARTER, date(2026, 10, 31), None),
        (FilingKind.CENSUS, date(2026, 9, 30), None),
    ],
)
def test_a_period_is_named_by_its_last_day(kind, last, first):
    found = period(kind, last)
    assert found == (Period(first, last) if first else None)


def test_what_has_ended():
    def lasts(kind: FilingKind, today: date) -> list[date]:
        return [one.last for one in ended(kind, date(2026, 9, 1), today)]

    assert lasts(MONTH, date(2026, 9, 30)) == []
    assert lasts(MONTH, date(2026, 10, 1)) == [date(2026, 9, 30)]
    assert lasts(MONTH, date(2027, 1, 5))[-1] == date(2026, 12, 31)
    assert lasts(QUARTER, date(2026, 12, 31)) == [date(2026, 9, 30)]
    assert lasts(QUARTER, date(2027, 1, 1)) == [date(2026, 9, 30), date(2026, 12, 31)]


def test_touching():
    september = Period(date(2026, 9, 1), date(2026, 9, 30))
    assert september.touches(date(2026, 9, 30), date(2027, 1, 29))
    assert not september.touches(date(2026, 10, 1), date(2027, 1, 29))

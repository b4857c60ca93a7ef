"""The catalogue of obligations is whole, and gives the right last days in both counties."""

from datetime import date

import pytest

from agencies.rules.clauses import built_in, citation
from agencies.rules.deadlines import Period, Unit, due
from agencies.rules.obligations import KINDS, LADDER, ObligationKind, Party
from agencies.rules.policy import CATALOGUE, Key
from agencies.rules.timetable import numbers
from tests.support.official import calendar

COUNTIES = {one.name: {row["key"]: row["value"] for row in one.values} for one in built_in()}
OPENS = date(2026, 9, 1)
BY_CALENDAR, BY_WORK = Unit.CALENDAR_DAYS, Unit.WORKING_DAYS


def value(county: str, key: Key) -> int | str:
    return COUNTIES[county].get(key.value, CATALOGUE[key].default)


def last_day(county: str, kind: ObligationKind, start: date, unit: Unit | None = None) -> date:
    """The last day by the pure values of a county; unit: what the county has switched it to."""
    row = KINDS[kind]
    own = Unit(value(county, row.unit)) if isinstance(row.unit, Key) else row.unit
    period = Period(int(value(county, row.days)), unit or own, law=row.law)
    return due(start, period, calendar()).on


def test_every_kind_has_a_row_with_words_and_a_clause():
    assert set(KINDS) == set(ObligationKind)
    for kind, row in KINDS.items():
        words = (row.owes, row.owed_to, row.starts, row.evidence, kind.label)
        assert all(str(text).strip() for text in words), kind
        assert citation(row.clause) != row.clause, kind


def test_every_key_of_a_kind_is_of_the_right_type():
    for kind, row in KINDS.items():
        if row.days:
            assert isinstance(CATALOGUE[row.days].default, int), kind
        if isinstance(row.unit, Key):
            assert Unit(str(CATALOGUE[row.unit].default)), kind
        days = numbers(str(CATALOGUE[row.remind].default))
        assert list(days) == sorted(set(days), reverse=True), kind


def test_the_ladder_climbs():
    assert list(LADDER) == [0, 1, 2, 3]
    assert {one.party for one in LADDER[0]} == {Party.OWED_BY}
    assert {one.party for one in LADDER[3]} == set(Party)
    assert len(LADDER[3]) > len(LADDER[2])


@pytest.mark.parametrize("county", ["wencheng-2019", "qinshui-2020"])
@pytest.mark.parametrize(
    ("kind", "unit", "on"),
    [
        (ObligationKind.CENSUS, None, "2026-09-07"),  # rule 3: raw Sunday 09-06
        (ObligationKind.CENSUS, BY_WORK, "2026-09-08"),
        (ObligationKind.TERM_REPORT, None, "2026-09-11"),
        (ObligationKind.TERM_REPORT, BY_WORK, "2026-09-15"),
        (ObligationKind.ROLL, None, "2026-09-01"),
        (ObligationKind.CONTACT, None, "2026-09-01"),
        (ObligationKind.ANSWER, None, "2026-09-02"),
        (ObligationKind.CASE_REPORT, None, "2026-09-02"),
        (ObligationKind.VERIFY, None, "2026-09-04"),
        (ObligationKind.TEAM, None, "2026-09-04"),
        (ObligationKind.VISIT, None, "2026-09-03"),
        (ObligationKind.CLOSURE, None, "2026-09-08"),
        (ObligationKind.DECIDE, None, "2026-09-08"),
        (ObligationKind.TRANSFER, None, "2026-09-15"),
        (ObligationKind.TRANSFER_VERIFY, None, "2026-09-08"),
        (ObligationKind.CENSUS_AGAIN, None, "2026-09-04"),
    ],
)
def test_last_days_in_both_counties(county, kind, unit, on):
    assert last_day(county, kind, OPENS, unit) == date.fromisoformat(on)


@pytest.mark.parametrize("county", ["wencheng-2019", "qinshui-2020"])
@pytest.mark.parametrize(
    ("kind", "start", "on"),
    [
        (ObligationKind.MONTHLY_REPORT, "2026-09-30", "2026-10-08"),  # raw 10-05
        (ObligationKind.MONTHLY_REPORT, "2026-10-31", "2026-11-05"),
        (ObligationKind.QUARTERLY_REVIEW, "2026-09-30", "2026-10-15"),
        (ObligationKind.TRANSFER, "2026-09-14", "2026-09-28"),  # rule 13
        (ObligationKind.CONTACT, "2026-09-30", "2026-09-30"),
        (ObligationKind.ANSWER, "2026-09-30", "2026-10-08"),
        (ObligationKind.CENSUS, "2026-02-24", "2026-03-02"),  # raw Sunday 03-01
    ],
)
def test_the_other_clocks_in_both_counties(county, kind, start, on):
    assert last_day(county, kind, date.fromisoformat(start)) == date.fromisoformat(on)

"""Obligations: raised once, lateness fixed on arrival, waived with a reason."""

from datetime import date, datetime, timedelta

import pytest

from agencies.errors import RuleBroken
from agencies.models import Obligation
from agencies.models.obligation import ObligationKind
from agencies.rules.deadlines import CHINA, Period, Unit
from agencies.services import obligations
from agencies.services.obligations import Owed
from tests.support.official import calendar

START = date(2026, 9, 1)
DUE = datetime(2026, 9, 8, tzinfo=CHINA)


@pytest.fixture
def owed(world):
    duty = Owed(
        kind=ObligationKind.CENSUS,
        key="census:x",
        subject="x",
        owed_by=world.school,
        owed_to=world.bureau,
        starts_on=START,
        period=Period(5, Unit.CALENDAR_DAYS),
        clause="S1-51",
        region_path="330328100",
    )
    (row,) = obligations.raise_all(world.county.pk, [duty], calendar())
    (again,) = obligations.raise_all(world.county.pk, [duty], calendar())
    assert row == again
    return row


@pytest.mark.parametrize(
    ("after", "late"),
    [(timedelta(seconds=-1), False), (timedelta(), False), (timedelta(seconds=1), True)],
)
def test_lateness_is_fixed_on_arrival(owed, after, late):
    assert obligations.fulfil([owed.pk], DUE + after) == 1
    assert obligations.fulfil([owed.pk], DUE + timedelta(days=9)) == 0
    owed.refresh_from_db()
    assert (owed.late, owed.state(DUE + timedelta(days=9))) == (late, "met")


def test_overdue_means_the_same_everywhere(owed):
    """One hour at a time around the last moment: the list and the row agree."""
    for hours in range(-30, 31):
        now = DUE + timedelta(hours=hours)
        listed = Obligation.objects.overdue(now).filter(pk=owed.pk).exists()
        assert listed == (owed.state(now) == "overdue") == (hours > 0)


def test_waiving_needs_a_reason(owed):
    with pytest.raises(RuleBroken):
        obligations.waive([owed.pk], "  ", DUE)
    assert obligations.waive([owed.pk], "school merged", DUE) == 1
    assert not Obligation.objects.open().exists()


def test_the_inputs_of_the_date_are_kept(owed):
    assert owed.basis == {
        "policy": "",
        "length": 5,
        "unit": "calendar_days",
        "closing": "24:00",
    }
    assert (owed.due_on, owed.due_at, owed.provisional) == (date(2026, 9, 7), DUE, False)

"""Obligations: raised once, lateness fixed on arrival, waived with a reason."""

from datetime import date, datetime, timedelta

import pytest

from agencies.errors import RuleBroken
from agencies.models import Obligation
from agencies.queries.policy import in_force
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.services import obligations
from agencies.services.obligations import Ground, Owed
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
        region_path="330328100",
    )
    ground = Ground(
        in_force(world.county.pk, START), calendar(), datetime(2026, 9, 1, tzinfo=CHINA)
    )
    (row,) = obligations.raise_all(world.county.pk, [duty], ground)
    (again,) = obligations.raise_all(world.county.pk, [duty], ground)
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
        "policy": "term.census_days",
        "agreed": False,
        "length": 5,
        "unit": "calendar_days",
        "law": "civil_code",
        "source": "文政办发〔2019〕26号",
        "in_force_since": "2019-08-10",
        "closing": "24:00",
        "plan": {"remind": [3, 1], "ladder": [0, 1, 3], "remind_at": "08:00"},
    }
    assert (owed.due_on, owed.due_at, owed.provisional) == (date(2026, 9, 7), DUE, False)

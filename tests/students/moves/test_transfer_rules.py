"""Who may do which step of a transfer, as a table."""

from datetime import date

import pytest

from students.rules.enrollment import PlacementFacts
from students.rules.transfer import Act, Side, Step, needs_reason, possible, side_for, suspended

A, R = Act, Side


@pytest.mark.parametrize(
    ("step", "side", "acts"),
    [
        (Step.ASKED, R.SENDER, [A.AGREE, A.REFUSE, A.WITHDRAW]),
        (Step.ASKED, R.BUREAU, []),
        (Step.ASKED, R.RECEIVER, []),
        (Step.AGREED, R.SENDER, [A.WITHDRAW]),
        (Step.AGREED, R.BUREAU, [A.APPROVE, A.REFUSE]),
        (Step.AGREED, R.RECEIVER, []),
        (Step.APPROVED, R.SENDER, [A.WITHDRAW]),
        (Step.APPROVED, R.BUREAU, []),
        (Step.APPROVED, R.RECEIVER, [A.RECEIVE]),
        (Step.CONFIRMED, R.SENDER, []),
        (Step.CONFIRMED, R.RECEIVER, []),
        (Step.REFUSED, R.BUREAU, []),
        (Step.WITHDRAWN, R.SENDER, []),
    ],
)
def test_each_side_in_each_step(step, side, acts):
    assert possible(step, frozenset({side})) == acts


def test_who_has_two_sides_acts_for_the_one_that_can():
    both = frozenset({Side.SENDER, Side.BUREAU})
    assert side_for(Act.REFUSE, Step.ASKED, both) is Side.SENDER
    assert side_for(Act.REFUSE, Step.AGREED, both) is Side.BUREAU
    assert side_for(Act.REFUSE, Step.APPROVED, both) is None


def test_only_a_refusal_and_a_withdrawal_need_a_reason():
    assert {act for act in Act if needs_reason(act)} == {Act.REFUSE, Act.WITHDRAW}


@pytest.mark.parametrize(
    ("kind", "answer"), [("suspension", True), ("hospital", False), (None, False)]
)
def test_only_a_suspension_stands_in_the_way(kind, answer):
    day = date(2026, 10, 1)
    assert suspended(PlacementFacts(kind, day, day, "x") if kind else None) is answer

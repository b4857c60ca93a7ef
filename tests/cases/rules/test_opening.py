"""Which run opens, reopens or belongs to what is there."""

from datetime import date

import pytest

from cases.rules.opening import Effect, Known, effect
from cases.rules.workflow import State

RUN = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (None, Effect.OPEN),
        (Known(State.SUSPECTED), Effect.ATTACH),
        (Known(State.PERSUADING), Effect.ATTACH),
        (Known(State.RETURNED, returned_on=date(2026, 10, 9)), Effect.REOPEN),
        (Known(State.RETURNED, returned_on=date(2026, 10, 16)), Effect.NONE),
        (Known(State.CLOSED, ended_on=date(2026, 9, 30)), Effect.REOPEN),
        (Known(State.CLOSED, ended_on=date(2026, 10, 30)), Effect.NONE),
        (Known(State.DISMISSED, ended_on=date(2026, 10, 12)), Effect.NONE),
    ],
)
def test_effect(known, expected):
    assert effect(RUN, known) is expected

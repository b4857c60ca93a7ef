"""Which run opens, reopens or belongs to what is there."""

from datetime import date

import pytest

from cases.rules.opening import Effect, Known, effect
from cases.rules.workflow import State

RUN = date(2026, 10, 12)
SEPTEMBER = date(2026, 9, 30)


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
        (Known(State.CLOSED, ended_on=SEPTEMBER, ending="elsewhere"), Effect.REOPEN),
        (Known(State.CLOSED, ended_on=SEPTEMBER, ending="placement"), Effect.REOPEN),
        (Known(State.CLOSED, ended_on=SEPTEMBER, ending="mistake"), Effect.REOPEN),
        (Known(State.CLOSED, ended_on=SEPTEMBER, ending="abroad"), Effect.NONE),
        (Known(State.CLOSED, ended_on=SEPTEMBER, ending="completed"), Effect.NONE),
        (Known(State.CLOSED, ended_on=SEPTEMBER, ending="died"), Effect.NONE),
        (Known(State.END_REQUESTED, returned_on=SEPTEMBER, ending="died"), Effect.ATTACH),
        (Known(State.DISMISSED, ended_on=date(2026, 10, 12)), Effect.NONE),
    ],
)
def test_effect(known, expected):
    assert effect(RUN, known) is expected

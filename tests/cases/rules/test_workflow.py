"""The workflow is one table: every state is reachable, every refusal says why."""

from itertools import product

import pytest

from agencies.errors import Reason
from cases.rules.workflow import (
    ENDED,
    MOVES,
    OPEN,
    Action,
    Facts,
    State,
    refusals,
    target,
    targets,
)

READY = Facts(note="why", follow_up_missing=0)
WHY = Reason("why", "why")


def moves():
    """Every state, what can be done in it, and where that leads."""
    pairs = product(State, Action)
    return [(s, after) for s, a in pairs if s in MOVES[a].sources for after in targets(s, a)]


def test_every_state_is_reachable_and_every_open_state_can_end():
    reached, can_end = {State.SUSPECTED}, set(ENDED)
    for _ in State:
        reached |= {after for before, after in moves() if before in reached}
        can_end |= {before for before, after in moves() if after in can_end}
    assert reached == set(State)
    assert can_end >= OPEN


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)))
def test_an_action_is_possible_or_says_why(state, action):
    reasons = refusals(state, action, READY)
    possible = state in MOVES[action].sources
    undone = action is Action.DISMISS and state in (State.CONFIRMED, State.PERSUADING)
    assert (reasons == []) is (possible and not undone)
    assert all(str(reason.text) for reason in reasons)


@pytest.mark.parametrize(
    ("action", "state", "facts", "codes"),
    [
        (Action.DISMISS, State.SUSPECTED, Facts(), ["note"]),
        (Action.DISMISS, State.CONFIRMED, Facts(note="x"), ["confirmed"]),
        (Action.DISMISS, State.CONFIRMED, Facts(note="x", run_withdrawn=True), []),
        (Action.REQUEST_CLOSURE, State.RETURNED, Facts(follow_up_missing=3), ["follow_up"]),
        (
            Action.APPROVE_CLOSURE,
            State.CLOSURE_REQUESTED,
            Facts(follow_up_missing=1, same_person_asked=True),
            ["follow_up", "same_person"],
        ),
        (Action.REOPEN, State.CLOSED, Facts(), ["note"]),
        (Action.REOPEN, State.CLOSED, Facts(gone=(WHY,)), ["note", "why"]),
        (Action.REQUEST_END, State.RETURNED, Facts(end=(WHY, WHY)), ["why", "why"]),
        (
            Action.APPROVE_END,
            State.END_REQUESTED,
            Facts(end=(WHY,), same_person_asked=True),
            ["why", "same_person"],
        ),
        (Action.REFUSE_END, State.END_REQUESTED, Facts(), ["note"]),
        (Action.REQUEST_END, State.CLOSURE_REQUESTED, READY, ["state"]),
        (Action.DISMISS, State.END_REQUESTED, READY, ["state"]),
    ],
)
def test_every_reason_at_once(action, state, facts, codes):
    assert [reason.code for reason in refusals(state, action, facts)] == codes


def test_the_first_visit_begins_persuasion():
    assert target(State.CONFIRMED, Action.VISIT) is State.PERSUADING
    assert target(State.SUSPECTED, Action.VISIT) is State.SUSPECTED


@pytest.mark.parametrize("state", sorted(MOVES[Action.REQUEST_END].sources))
def test_an_end_that_is_refused_goes_back_to_where_it_was_asked_for(state):
    assert target(State(state), Action.REQUEST_END) is State.END_REQUESTED
    assert target(State.END_REQUESTED, Action.REFUSE_END, State(state)) is State(state)
    assert State(state) in targets(State.END_REQUESTED, Action.REFUSE_END)

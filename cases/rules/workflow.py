"""The life of a case as one table: states, actions, what each needs, and why it is refused.

Sources: wencheng-2019 三(二) S1-57/58 (file, search), 三(三) S1-64/65 (six people, persuasion);
rule 14 (return is not closure). docs/states.md is generated from this table.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from agencies.rules.duties import Duty


class State(TextChoices):
    SUSPECTED = "suspected", _("suspected dropout")
    VERIFYING = "verifying", _("being verified")
    CONFIRMED = "confirmed", _("confirmed dropout")
    PERSUADING = "persuading", _("being persuaded")
    RETURNED = "returned", _("returned, followed up")
    CLOSURE_REQUESTED = "closure_requested", _("closure asked for")
    END_REQUESTED = "end_requested", _("another end asked for")
    CLOSED = "closed", _("closed")
    DISMISSED = "dismissed", _("dismissed")


class Action(TextChoices):
    VERIFY = "verify", _("Take up verification")
    CONFIRM = "confirm", _("Confirm the dropout")
    DISMISS = "dismiss", _("Dismiss the case")
    VISIT = "visit", _("Record a visit")
    RECORD_RETURN = "record_return", _("Record the return to school")
    REQUEST_CLOSURE = "request_closure", _("Ask for closure")
    APPROVE_CLOSURE = "approve_closure", _("Approve closure")
    REFUSE_CLOSURE = "refuse_closure", _("Refuse closure")
    REOPEN = "reopen", _("Reopen as the next episode")


IN_WORK = frozenset({State.SUSPECTED, State.VERIFYING, State.CONFIRMED, State.PERSUADING})
OUT_OF_SCHOOL = IN_WORK | {State.END_REQUESTED}
BACK = frozenset({State.RETURNED, State.CLOSURE_REQUESTED})
OPEN = OUT_OF_SCHOOL | BACK
ENDED = frozenset({State.CLOSED, State.DISMISSED})


@dataclass(frozen=True)
class Facts:
    """What a decision rests on. Only what the action needs has to be filled in."""

    note: str = ""
    run_withdrawn: bool = False
    return_day_problem: Reason | None = None
    follow_up_missing: int = 0
    same_person_asked: bool = False


Need = Callable[[Facts], Reason | None]


def has_note(facts: Facts) -> Reason | None:
    return (
        None if facts.note.strip() else Reason("note", _("A reason in writing is missing."), "note")
    )


def back_on_that_day(facts: Facts) -> Reason | None:
    return facts.return_day_problem


def followed_up(facts: Facts) -> Reason | None:
    if not facts.follow_up_missing:
        return None
    text = _("%(days)s school days of follow-up are missing in the roll.")
    return Reason("follow_up", text % {"days": facts.follow_up_missing})


def other_person(facts: Facts) -> Reason | None:
    if facts.same_person_asked:
        return Reason("same_person", _("Whoever asked for closure cannot decide on it."))
    return None


@dataclass(frozen=True)
class Move:
    sources: frozenset[State]
    target: State | None  # None: the state stays
    duty: Duty
    needs: tuple[Need, ...] = ()


MOVES: dict[Action, Move] = {
    Action.VERIFY: Move(frozenset({State.SUSPECTED}), State.VERIFYING, Duty.VERIFY_CASE),
    Action.CONFIRM: Move(
        frozenset({State.SUSPECTED, State.VERIFYING}), State.CONFIRMED, Duty.VERIFY_CASE
    ),
    Action.DISMISS: Move(IN_WORK, State.DISMISSED, Duty.VERIFY_CASE, (has_note,)),
    Action.VISIT: Move(OPEN, None, Duty.VISIT),
    Action.RECORD_RETURN: Move(
        OUT_OF_SCHOOL, State.RETURNED, Duty.RECORD_RETURN, (back_on_that_day,)
    ),
    Action.REQUEST_CLOSURE: Move(
        frozenset({State.RETURNED}), State.CLOSURE_REQUESTED, Duty.REQUEST_CLOSURE, (followed_up,)
    ),
    Action.APPROVE_CLOSURE: Move(
        frozenset({State.CLOSURE_REQUESTED}),
        State.CLOSED,
        Duty.DECIDE_CLOSURE,
        (followed_up, other_person),
    ),
    Action.REFUSE_CLOSURE: Move(
        frozenset({State.CLOSURE_REQUESTED}), State.RETURNED, Duty.DECIDE_CLOSURE, (has_note,)
    ),
    Action.REOPEN: Move(ENDED | BACK, State.SUSPECTED, Duty.OPEN_CASE, (has_note,)),
}


def target(state: State, action: Action) -> State:
    """Where the action leads. A first visit to a confirmed dropout begins persuasion."""
    if action is Action.VISIT:
        return State.PERSUADING if state is State.CONFIRMED else state
    return MOVES[action].target or state


def refusals(state: State, action: Action, facts: Facts) -> list[Reason]:
    """Every reason why the action is not possible now; an empty list means it is."""
    move = MOVES[action]
    if state not in move.sources:
        text = _("Not possible while the case is: %(state)s.") % {"state": state.label}
        return [Reason("state", text)]
    found = [need(facts) for need in move.needs]
    if action is Action.DISMISS and state in (State.CONFIRMED, State.PERSUADING):
        found.append(_undone_run(facts))
    return [reason for reason in found if reason is not None]


def _undone_run(facts: Facts) -> Reason | None:
    if facts.run_withdrawn:
        return None
    return Reason(
        "confirmed",
        _("A confirmed dropout can be dismissed only when the roll no longer shows the absence."),
    )

"""The life of a case as one table: states, actions, what each needs, and why it is refused.

Sources: wencheng-2019 三(二) S1-57/58 (file, search), 三(三) S1-64/65 (six people, persuasion);
rule 14 (return is not closure). docs/states.md is generated from this table.
"""

from collections.abc import Callable, Sequence
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
    REQUEST_END = "request_end", _("Ask for another end")
    APPROVE_END = "approve_end", _("Approve the end")
    REFUSE_END = "refuse_end", _("Refuse the end")
    REOPEN = "reopen", _("Reopen as the next episode")


IN_WORK = frozenset({State.SUSPECTED, State.VERIFYING, State.CONFIRMED, State.PERSUADING})
OUT_OF_SCHOOL = IN_WORK | {State.END_REQUESTED}
BACK = frozenset({State.RETURNED, State.CLOSURE_REQUESTED})
OPEN = OUT_OF_SCHOOL | BACK
ENDED = frozenset({State.CLOSED, State.DISMISSED})


@dataclass(frozen=True)
class Facts:
    """What a decision rests on. Only what the action needs has to be filled in.

    end: what stands against the end that is asked for (rules/endings.py); gone: why there can be
    no case for the child any more; asked_from: where the case stood when the end was asked for.
    """

    note: str = ""
    run_withdrawn: bool = False
    return_day_problem: Reason | None = None
    follow_up_missing: int = 0
    same_person_asked: bool = False
    end: tuple[Reason, ...] = ()
    gone: tuple[Reason, ...] = ()
    asked_from: State | None = None


Need = Callable[[Facts], Sequence[Reason]]


def has_note(facts: Facts) -> Sequence[Reason]:
    if facts.note.strip():
        return ()
    return [Reason("note", _("A reason in writing is missing."), "/note")]


def back_on_that_day(facts: Facts) -> Sequence[Reason]:
    return [facts.return_day_problem] if facts.return_day_problem else ()


def followed_up(facts: Facts) -> Sequence[Reason]:
    if not facts.follow_up_missing:
        return ()
    text = _("%(days)s school days of follow-up are missing in the roll.")
    return [Reason("follow_up", text % {"days": facts.follow_up_missing})]


def other_person(facts: Facts) -> Sequence[Reason]:
    if not facts.same_person_asked:
        return ()
    return [Reason("same_person", _("Whoever asked for closure cannot decide on it."))]


def end_has_its_ground(facts: Facts) -> Sequence[Reason]:
    return facts.end


def in_the_work(facts: Facts) -> Sequence[Reason]:
    return facts.gone


@dataclass(frozen=True)
class Move:
    sources: frozenset[State]
    target: State | None  # None: the state stays, or goes back to where the end was asked for
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
    Action.REQUEST_END: Move(
        IN_WORK | {State.RETURNED}, State.END_REQUESTED, Duty.REQUEST_END, (end_has_its_ground,)
    ),
    Action.APPROVE_END: Move(
        frozenset({State.END_REQUESTED}),
        State.CLOSED,
        Duty.DECIDE_CLOSURE,
        (end_has_its_ground, other_person),
    ),
    Action.REFUSE_END: Move(
        frozenset({State.END_REQUESTED}), None, Duty.DECIDE_CLOSURE, (has_note,)
    ),
    Action.REOPEN: Move(ENDED | BACK, State.SUSPECTED, Duty.OPEN_CASE, (has_note, in_the_work)),
}


def target(state: State, action: Action, asked_from: State | None = None) -> State:
    """Where the action leads. A first visit to a confirmed dropout begins persuasion."""
    if action is Action.VISIT:
        return State.PERSUADING if state is State.CONFIRMED else state
    if action is Action.REFUSE_END:
        return asked_from or state
    return MOVES[action].target or state


def targets(state: State, action: Action) -> list[State]:
    """Every state to which the action can lead from this one."""
    if action is Action.REFUSE_END:
        return [one for one in State if one in MOVES[Action.REQUEST_END].sources]
    return [target(state, action)]


def refusals(state: State, action: Action, facts: Facts) -> list[Reason]:
    """Every reason why the action is not possible now; an empty list means it is."""
    move = MOVES[action]
    if state not in move.sources:
        text = _("Not possible while the case is: %(state)s.") % {"state": state.label}
        return [Reason("state", text)]
    found = [reason for need in move.needs for reason in need(facts)]
    if action is Action.DISMISS and state in (State.CONFIRMED, State.PERSUADING):
        found += _undone_run(facts)
    return found


def _undone_run(facts: Facts) -> list[Reason]:
    if facts.run_withdrawn:
        return []
    text = _("A confirmed dropout can be dismissed only when the roll no longer shows the absence.")
    return [Reason("confirmed", text)]

"""The workflow actions as people do them: each locks the case, gathers facts, moves it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agencies.errors import NotPossible
from agencies.rules.scope import Scope
from cases import access
from cases.models import Case, Episode
from cases.models.case import Origin
from cases.queries.facts import facts_for, follow_up_of
from cases.rules import workflow
from cases.rules.workflow import ENDED, Action, State
from cases.services import opening, transition
from cases.services.transition import Act


@dataclass(frozen=True)
class Order:
    """What a person orders: the day it is true of, words, and the version that was seen."""

    on: date
    note: str = ""
    version: int | None = None


@transaction.atomic
def act(scope: Scope, case_id: UUID | str, action: Action, order: Order, now: datetime) -> Case:
    """Do one action. Raises NotVisible, NotPermitted, Conflict, NotPossible with every reason."""
    case = access.case_for(scope, case_id, lock=True)
    post = access.acting_post(scope, action)
    transition.check_version(case, order.version)
    facts = facts_for(case, scope, order.on, order.note)
    doing = Act(post, order.on, now, order.note, _evidence(case, action, scope.on))
    if action is Action.REOPEN:
        return _reopen(case, doing, facts)
    case = transition.apply(case, action, doing, facts)
    _note_on_episode(case, action, order.on, post.id)
    return case


def _evidence(case: Case, action: Action, today: date) -> dict:
    """Closure rests on the roll: the days counted are kept with the request and the decision."""
    if action not in (Action.REQUEST_CLOSURE, Action.APPROVE_CLOSURE):
        return {}
    progress = follow_up_of(case, today)
    if progress is None:
        return {}
    return {
        "counted": progress.counted,
        "attended": progress.attended,
        "unknown": progress.unknown,
        "done_on": progress.done_on.isoformat() if progress.done_on else None,
    }


def _note_on_episode(case: Case, action: Action, on: date, post_id: int) -> None:
    episode = Episode.objects.filter(pk=case.episode.pk)
    if action is Action.RECORD_RETURN:
        episode.update(returned_on=on)
    elif action is Action.REQUEST_CLOSURE:
        episode.update(asked_by=post_id)
    elif action is Action.REFUSE_CLOSURE:
        episode.update(asked_by=None)
    if State(case.state) in ENDED:
        episode.update(ended_on=on)
    case.episode.refresh_from_db()


def _reopen(case: Case, doing: Act, facts: workflow.Facts) -> Case:
    if reasons := workflow.refusals(State(case.state), Action.REOPEN, facts):
        raise NotPossible(*reasons)
    episode = Episode(
        origin=Origin.REPORTED, trigger_date=doing.on, trigger_rule={"clause": "S1-57"}
    )
    return opening.next_episode(case, episode, doing)

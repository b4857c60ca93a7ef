"""The workflow actions as people do them: each locks the case, gathers facts, moves it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.rules.scope import HeldPost, Scope
from cases import access
from cases.models import Case, CaseEvent, Episode
from cases.models.case import Origin
from cases.queries.facts import facts_for, follow_up_of
from cases.rules import workflow
from cases.rules.endings import Asked, Ending
from cases.rules.workflow import ENDED, Action, State
from cases.services import ladder, opening, team, transition
from cases.services.transition import Act
from students.models import Student
from students.services import enrollment

NOTHING_ASKED = {"asked_by": None, "ending": "", "ending_proof": "", "asked_from": ""}


@dataclass(frozen=True)
class Order:
    """What a person orders: the day it is true of, words, and the version that was seen.

    ending, proof: of an end that is asked for; `on` is then the day from which it is so.
    """

    on: date
    note: str = ""
    version: int | None = None
    ending: str = ""
    proof: str = ""


@transaction.atomic
def act(scope: Scope, case_id: UUID | str, action: Action, order: Order, now: datetime) -> Case:
    """Do one action.

    Raises NotVisible, NotPermitted, Conflict, RuleBroken for a day to come, NotPossible with
    every reason.
    """
    case = access.case_for(scope, case_id, lock=True)
    post = access.acting_post(scope, action)
    transition.check_version(case, order.version)
    if action is Action.REQUEST_END:
        return _ask_for_end(scope, case, post, order, now)
    if order.on > scope.on and action is not Action.RECORD_RETURN:
        raise RuleBroken(Reason("future", _("This day is still to come."), "/on"))
    facts = facts_for(case, scope, order.on, order.note)
    doing = Act(post, order.on, now, order.note, _evidence(case, action, scope.on))
    if action is Action.REOPEN:
        return _reopen(case, doing, facts)
    case = transition.apply(case, action, doing, facts)
    if action is Action.APPROVE_END and case.episode.ending == Ending.DIED:
        _record_death(case, post, now)
    _note_on_episode(case, action, order.on, post.id)
    if action is Action.RECORD_RETURN:
        ladder.complied(case, order.on, now)
    if State(case.state) in ENDED:
        team.follow(case, scope.on, now)
    return case


def _ask_for_end(scope: Scope, case: Case, post: HeldPost, order: Order, now: datetime) -> Case:
    """Another end than the return: which, since when, proved by what. Another person decides."""
    before = case.state
    asked = Asked(order.ending, order.proof.strip(), order.on)
    facts = facts_for(case, scope, order.on, order.note, asked)
    detail = {"ending": asked.ending, "proof": asked.proof, "since": order.on.isoformat()}
    doing = Act(post, scope.on, now, order.note, detail)
    case = transition.apply(case, Action.REQUEST_END, doing, facts)
    Episode.objects.filter(pk=case.episode.pk).update(
        asked_by=post.id, ending=asked.ending, ending_proof=asked.proof, asked_from=before
    )
    case.episode.refresh_from_db()
    return case


def _evidence(case: Case, action: Action, today: date) -> dict:
    """What a decision rests on is kept with it: the days counted in the roll, or the end asked."""
    if action in (Action.APPROVE_END, Action.REFUSE_END):
        return {"ending": case.episode.ending, "proof": case.episode.ending_proof}
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
        episode.update(returned_on=on, **NOTHING_ASKED)
    elif action is Action.REQUEST_CLOSURE:
        episode.update(asked_by=post_id)
    elif action in (Action.REFUSE_CLOSURE, Action.REFUSE_END):
        episode.update(**NOTHING_ASKED)
    if State(case.state) in ENDED:
        episode.update(ended_on=on)
    case.episode.refresh_from_db()


def _record_death(case: Case, post: HeldPost, now: datetime) -> None:
    """Of a child on no roster no school records the death: the decision does (rule 7)."""
    student = Student.objects.select_for_update(of=("self",)).get(pk=case.student_id)
    if student.died_on is None:
        asked = CaseEvent.objects.filter(case=case, action=Action.REQUEST_END).latest("pk")
        day = date.fromisoformat(asked.detail["since"])
        enrollment.died_off_roster(student, day, post, case.episode.ending_proof)


def _reopen(case: Case, doing: Act, facts: workflow.Facts) -> Case:
    if reasons := workflow.refusals(State(case.state), Action.REOPEN, facts):
        raise NotPossible(*reasons)
    episode = Episode(
        origin=Origin.REPORTED, trigger_date=doing.on, trigger_rule={"clause": "S1-57"}
    )
    return opening.next_episode(case, episode, doing)

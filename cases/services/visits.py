"""Visits: recorded once however often they are sent; the next one is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import Post
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from cases import access
from cases.models import Visit
from cases.queries.facts import facts_for
from cases.rules.visits import problem_with_dates
from cases.rules.workflow import OUT_OF_SCHOOL, Action, State
from cases.services import duties, transition
from cases.services.transition import Act

PROBLEMS = {
    "future": Reason("future", _("A visit cannot lie in the future."), "/at"),
    "next_before_visit": Reason(
        "next_before_visit", _("The next visit lies before this one."), "/next_on"
    ),
}


@dataclass(frozen=True)
class Report:
    """A visit as it was sent. present: public ids of posts; empty means the person who sends."""

    client_id: UUID
    at: datetime
    place: str
    reached: str
    outcome: str
    present: Sequence[UUID | str] = ()
    next_on: date | None = None
    note: str = ""


@transaction.atomic
def record(scope: Scope, case_id: UUID | str, sent: Report, now: datetime) -> Visit:
    """Store a visit and what follows from it; the same client_id again gives the first visit.

    Raises NotVisible, NotPermitted, NotPossible (case ended), RuleBroken (dates, unknown posts).
    """
    case = access.case_for(scope, case_id, lock=True)
    post = access.acting_post(scope, Action.VISIT)
    if known := Visit.objects.filter(case=case, client_id=sent.client_id).first():
        return known
    visited_on = sent.at.astimezone(CHINA).date()
    if problem := problem_with_dates(visited_on, sent.next_on, scope.on):
        raise RuleBroken(PROBLEMS[problem])
    people = _people(sent.present, scope)
    facts = facts_for(case, scope, visited_on, sent.note)
    doing = Act(post, visited_on, now, sent.note, {"outcome": sent.outcome, "place": sent.place})
    transition.apply(case, Action.VISIT, doing, facts)
    visit = Visit.objects.create(
        case=case,
        episode=case.current.number if case.current else 1,
        client_id=sent.client_id,
        at=sent.at,
        recorded_at=now,
        recorded_by_id=post.id,
        place=sent.place,
        reached=sent.reached,
        outcome=sent.outcome,
        next_on=sent.next_on,
        note=sent.note,
    )
    visit.present.set(people or [post.id])
    if State(case.state) in OUT_OF_SCHOOL:
        duties.fulfil(case, (ObligationKind.VISIT,), now)
        duties.next_visit(case, visited_on, sent.next_on, now)
    return visit


def _people(public_ids: Sequence[UUID | str], scope: Scope) -> list[int]:
    posts = dict(
        Post.objects.filter(county_id=scope.county_id, public_id__in=public_ids).values_list(
            "public_id", "pk"
        )
    )
    if len(posts) != len(set(public_ids)):
        raise RuleBroken(Reason("present", _("There is no such post."), "/present"))
    return list(posts.values())

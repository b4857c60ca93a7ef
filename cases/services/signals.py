"""What the bureau was told about a question is kept; it asks nobody by itself and ranks nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPermitted, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from cases.models import SignalAnswer
from cases.queries import signals
from cases.queries.signals import Asked


@dataclass(frozen=True)
class Told:
    """kind, visits: the question as it was shown; answer with its reason."""

    kind: str
    visits: Collection[UUID]
    answer: str
    reason: str


@transaction.atomic
def answer(scope: Scope, told: Told, now: datetime) -> SignalAnswer:
    """Keep an answer; the same once more changes nothing, another one stands from now on.

    Raises NotPermitted about a visit of one's own, NotVisible when there is no such question
    (any more), RuleBroken without a reason.
    """
    post = require(scope, Duty.SEE_SIGNALS)
    if not told.reason.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    question = _question(signals.asked(scope, now), told)
    for visit in question.visits:
        if scope.user_id in {visit.recorded_by.user_id, *(p.user_id for p in visit.present.all())}:
            text = _("Whoever made a visit does not answer the question about it.")
            raise NotPermitted(Reason("own_visit", text))
    before = question.answer
    if before and (before.answer, before.reason) == (told.answer, told.reason.strip()):
        return before
    made = SignalAnswer.objects.create(
        county_id=scope.county_id,
        kind=question.kind,
        answer=told.answer,
        reason=told.reason.strip(),
        by_id=post.id,
        at=now,
    )
    made.visits.set(question.visits)
    audit.record(
        scope, "signal.answer", f"signal:{made.public_id}", now=now, post=post, answer=told.answer
    )
    return made


def _question(questions: Collection[Asked], told: Told) -> Asked:
    for one in questions:
        if one.kind == told.kind and set(one.visit_ids) == set(told.visits):
            return one
    raise NotVisible

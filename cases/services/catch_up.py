"""After the return the class teacher arranges that what was missed is taught (S1-65)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from cases import access
from cases.models import Case
from cases.rules.workflow import BACK, State
from cases.services import duties, transition
from cases.services.transition import Act

ARRANGED = "catch_up"


@dataclass(frozen=True)
class Arranged:
    """What was arranged, on which day, and which version of the case the person saw."""

    what: str
    on: date
    version: int | None = None


@transaction.atomic
def arrange(scope: Scope, case_id: UUID | str, sent: Arranged, now: datetime) -> Case:
    """One more line of the case; the first one meets what the teacher owes since the return.

    Raises NotVisible, NotPermitted (another school), Conflict, NotPossible (the child is not
    back), RuleBroken (no words, a day before the return or still to come).
    """
    case = access.case_for(scope, case_id, lock=True)
    post = post_of(scope, case)
    transition.check_version(case, sent.version)
    if State(case.state) not in BACK:
        text = _("Only for a child that is back in class.")
        raise NotPossible(Reason("state", text), current={"state": case.state})
    if reasons := _problems(case, sent, scope.on):
        raise RuleBroken(*reasons)
    transition.record(case, ARRANGED, Act(post, sent.on, now, sent.what.strip()))
    duties.fulfil(case, (ObligationKind.CATCH_UP,), now)
    transition.touch(case)
    return case


def may(scope: Scope, case: Case) -> bool:
    return _post(scope, case) is not None


def post_of(scope: Scope, case: Case) -> HeldPost:
    """The post at the child's school in whose name it is done. Raises NotPermitted."""
    found = _post(scope, case)
    if found is None:
        text = _("Only the leader or a teacher of the child's school can do this.")
        raise NotPermitted(Reason("other_school", text))
    return found


def _post(scope: Scope, case: Case) -> HeldPost | None:
    return next(
        (
            post
            for post in scope.posts
            if Duty.TEACH_AFTER_RETURN in post.duties and post.agency_id == case.school_id
        ),
        None,
    )


def _problems(case: Case, sent: Arranged, today: date) -> list[Reason]:
    found = []
    if not sent.what.strip():
        found.append(Reason("what", _("Write what was arranged in class."), "/what"))
    if sent.on > today:
        found.append(Reason("future", _("This day is still to come."), "/on"))
    back_on = case.episode.returned_on
    if back_on and sent.on < back_on:
        text = _("The child was not back on that day.")
        found.append(Reason("before_return", text, "/on"))
    return found

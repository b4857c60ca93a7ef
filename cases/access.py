"""Who may do what with a case: one table of duties, one door to each case."""

from uuid import UUID

from agencies.access import require
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from cases.models import Case
from cases.rules.workflow import MOVES, Action


def case_for(scope: Scope, case_id: UUID | str, *, lock: bool = False) -> Case:
    """The case, if this person may see it. Raises NotVisible, as if it did not exist."""
    require(scope, Duty.SEE_CASES)
    cases = Case.objects.visible_to(scope)
    if lock:
        visible = cases.filter(public_id=case_id).values("pk")
        cases = Case.objects.filter(pk__in=visible).select_for_update(of=("self",))
    case = cases.select_related(
        "current", "student", "household__region__parent", "school", "county"
    ).filter(public_id=case_id)
    found = case.first()
    if found is None:
        raise NotVisible
    return found


def may(scope: Scope, action: Action) -> bool:
    """Some post of the person carries the duty that the action needs."""
    return scope.may(MOVES[action].duty)


def acting_post(scope: Scope, action: Action) -> HeldPost:
    """The post in whose name the action is done. Raises NotPermitted."""
    return require(scope, MOVES[action].duty)

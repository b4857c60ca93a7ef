"""Who may do what with a case: one table of duties, one door to each case."""

from uuid import UUID

from django.db.models import OuterRef, Subquery

from agencies.access import require
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from cases.models import Case
from cases.rules.workflow import MOVES, Action
from students.models import StudentNumber


def case_for(scope: Scope, case_id: UUID | str, *, lock: bool = False) -> Case:
    """The case, if this person may see it. Raises NotVisible, as if it did not exist."""
    require(scope, Duty.SEE_CASES)
    cases = Case.objects.visible_to(scope)
    if lock:
        visible = cases.filter(public_id=case_id).values("pk")
        cases = Case.objects.filter(pk__in=visible).select_for_update(of=("self",))
    cases = cases.select_related(
        "current__asked_by",
        "student",
        "household__region__parent",
        "school__region",
        "school_class",
    ).filter(public_id=case_id)
    newest = StudentNumber.objects.filter(student=OuterRef("student")).order_by("-starts_on")
    found = cases.annotate(student_number=Subquery(newest.values("number")[:1])).first()
    if found is None:
        raise NotVisible
    return found


def may(scope: Scope, action: Action) -> bool:
    """Some post of the person carries the duty that the action needs."""
    return scope.may(MOVES[action].duty)


def acting_post(scope: Scope, action: Action) -> HeldPost:
    """The post in whose name the action is done. Raises NotPermitted."""
    return require(scope, MOVES[action].duty)

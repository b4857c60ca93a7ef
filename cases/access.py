"""The one door to each case, and who may do what with it (the table: rules/acts.py)."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from agencies.access import require
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from cases.models import Case, HelpRequest, OutsideNotice
from cases.rules.acts import DUTY_OF, Deed
from cases.rules.workflow import Action
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


def visible_cases(scope: Scope, ids: Collection[UUID]) -> set[UUID]:
    """Of these cases, those that this person may see."""
    rows = Case.objects.visible_to(scope).filter(public_id__in=ids)
    return set(rows.values_list("public_id", flat=True))


def may(scope: Scope, act: Action | Deed) -> bool:
    """Some post of the person carries the duty that the act needs."""
    return scope.may(DUTY_OF[act])


def acting_post(scope: Scope, act: Action | Deed) -> HeldPost:
    """The post in whose name the act is done. Raises NotPermitted."""
    return require(scope, DUTY_OF[act])


def request_for(scope: Scope, request_id: UUID | str, *, lock: bool = False) -> HelpRequest:
    """A request that a body of this person was asked. Raises NotVisible."""
    require(scope, Duty.ANSWER_REQUEST)
    return _request(HelpRequest.objects.answerable_by(scope), request_id, lock=lock)


def own_request_for(scope: Scope, request_id: UUID | str, *, lock: bool = False) -> HelpRequest:
    """A request of a case that this person sees. Raises NotVisible."""
    require(scope, Duty.SEE_CASES)
    cases = Case.objects.visible_to(scope)
    return _request(HelpRequest.objects.filter(case__in=cases), request_id, lock=lock)


def _request(rows: QuerySet[HelpRequest], request_id: UUID | str, *, lock: bool) -> HelpRequest:
    if lock:
        visible = rows.filter(public_id=request_id).values("pk")
        rows = HelpRequest.objects.filter(pk__in=visible).select_for_update(of=("self",))
    found = (
        rows.select_related("case__current", "to", "by__agency", "by__user", "obligation")
        .filter(public_id=request_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def notice_for(scope: Scope, notice_id: UUID | str, *, lock: bool = False) -> OutsideNotice:
    """A notice to another county of a case that this person sees. Raises NotVisible."""
    require(scope, Duty.LIAISE_OUTSIDE)
    rows = OutsideNotice.objects.filter(case__in=Case.objects.visible_to(scope))
    if lock:
        visible = rows.filter(public_id=notice_id).values("pk")
        rows = OutsideNotice.objects.filter(pk__in=visible).select_for_update(of=("self",))
    found = rows.select_related("case__current").filter(public_id=notice_id).first()
    if found is None:
        raise NotVisible
    return found

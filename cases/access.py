"""The one door to each case, and who may do what with it (the table: rules/acts.py)."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from cases.models import Case, Finding, HelpRequest, Inspection, OutsideNotice, Publication, Venue
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


def venue_for(scope: Scope, venue_id: UUID | str, *, lock: bool = False) -> Venue:
    """A place of the register that this person may see. Raises NotVisible."""
    require(scope, Duty.INSPECT)
    rows = Venue.objects.visible_to(scope).select_related("region__parent", "near")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(public_id=venue_id).first()
    if found is None:
        raise NotVisible
    return found


def inspection_for(scope: Scope, inspection_id: UUID | str, *, lock: bool = False) -> Inspection:
    """An inspection that this person may see. Raises NotVisible."""
    require(scope, Duty.SEE_INSPECTIONS)
    rows = Inspection.objects.visible_to(scope).select_related(
        "venue",
        "unit__region",
        "lead",
        "region",
        "by__user",
        "opinion",
        "decision__meeting__conference",
        "decision__owner",
    )
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(public_id=inspection_id).first()
    if found is None:
        raise NotVisible
    return found


def visible_inspections(scope: Scope, ids: Collection[UUID]) -> set[UUID]:
    """Of these inspections, those that this person may see."""
    rows = Inspection.objects.visible_to(scope).filter(public_id__in=ids)
    return set(rows.values_list("public_id", flat=True))


def finding_seen(scope: Scope, finding_id: UUID | str) -> Finding:
    """A finding of an inspection that this person may see. Raises NotVisible."""
    require(scope, Duty.SEE_INSPECTIONS)
    seen = Finding.objects.filter(inspection__in=Inspection.objects.visible_to(scope))
    found = seen.select_related("inspection").filter(public_id=finding_id).first()
    if found is None:
        raise NotVisible
    return found


def finding_for(scope: Scope, finding_id: UUID | str) -> Finding:
    """The same to be changed: its inspection is locked."""
    inspection_for(scope, finding_seen(scope, finding_id).inspection.public_id, lock=True)
    rows = Finding.objects.select_related(
        "inspection__venue",
        "inspection__unit",
        "inspection__lead",
        "inspection__region",
        "rectify",
        "recheck",
    )
    return rows.get(public_id=finding_id)


def publication_for(scope: Scope, publication_id: UUID | str, *, lock: bool = False) -> Publication:
    """A published result of the county. Raises NotVisible."""
    require(scope, Duty.PUBLISH_RESULTS)
    rows = Publication.objects.filter(county_id=scope.county_id).select_related("inspection")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(public_id=publication_id).first()
    if found is None:
        raise NotVisible
    return found


def inspecting_post(scope: Scope, row: Inspection) -> HeldPost:
    """The post whose body takes part in this inspection. Raises NotPermitted."""
    taking_part = set(row.bodies.values_list("pk", flat=True))
    for post in scope.posts:
        if Duty.INSPECT in post.duties and post.agency_id in taking_part:
            return post
    text = _("Your body takes no part in this inspection.")
    raise NotPermitted(Reason("no_part", text))


def inspected_post(scope: Scope, row: Inspection) -> HeldPost:
    """The post of the inspected school or township itself. Raises NotPermitted."""
    for post in scope.posts:
        if Duty.ANSWER_FINDING in post.duties and post.agency_id == row.unit_id:
            return post
    text = _("Only the inspected body itself does this.")
    raise NotPermitted(Reason("not_inspected", text))

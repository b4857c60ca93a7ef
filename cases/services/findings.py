"""Findings of an inspection: written down, ordered to be put right, answered, rechecked, penalised.

An order has its last day as an obligation of the inspected school or township; for a place outside
school of the body that gave it. So it is reminded, escalated and extended like every deadline.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations
from agencies.services.obligations import Ground, Owed
from cases import access
from cases.models import Finding, FindingStep, Inspection
from cases.rules import inspections as rules
from cases.rules.inspections import KINDS, Deed, FindingState, InspectionState, Penalty, Topic
from cases.services import venues
from cases.services.nameless import persons_in

NOT_PUT_RIGHT = gettext_noop("not put right at the recheck: a new order or a penalty follows")
PENALISED = gettext_noop("a penalty was decided")
WITHDRAWN = gettext_noop("the finding was withdrawn")


@dataclass(frozen=True)
class Found:
    client_id: UUID
    kind: str
    what: str


@dataclass(frozen=True)
class Step:
    """One step. body: who gave the order or penalty, None: the body that leads."""

    on: date
    text: str = ""
    number: str = ""
    due_on: date | None = None
    recheck_on: date | None = None
    penalty: str = ""
    body: UUID | None = None


@transaction.atomic
def add(scope: Scope, inspection_id: UUID, found: Found, now: datetime) -> Finding:
    """Write down what was found. The same client_id again gives the first one.

    Raises NotVisible, NotPermitted, NotPossible (not held, or closed), RuleBroken.
    """
    row = access.inspection_for(scope, inspection_id, lock=True)
    post = access.inspecting_post(scope, row)
    if known := row.findings.filter(client_id=found.client_id).first():
        return known
    if row.state != InspectionState.HELD:
        text = _("Findings belong to an inspection that was held and is not closed.")
        raise NotPossible(Reason("state", text))
    reasons = []
    if found.kind not in KINDS[Topic(row.topic)]:
        reasons.append(Reason("kind", _("This is no finding of this field."), "/kind"))
    if not found.what.strip():
        reasons.append(Reason("what", _("Say in words what was found."), "/what"))
    reasons += persons_in(row.county_id, {"/what": found.what})
    if reasons:
        raise RuleBroken(*reasons)
    made = Finding.objects.create(
        inspection=row,
        number=row.findings.count() + 1,
        kind=found.kind,
        what=found.what.strip(),
        client_id=found.client_id,
    )
    audit.record(scope, "finding.add", f"finding:{made.public_id}", now=now, post=post)
    return made


@transaction.atomic
def take(scope: Scope, finding_id: UUID, deed: Deed, step: Step, now: datetime) -> Finding:
    """One step of a finding.

    Raises NotVisible, NotPermitted, NotPossible (not in this state), RuleBroken with every reason.
    """
    row = access.finding_for(scope, finding_id)
    inspection = row.inspection
    post = _acting(scope, inspection, deed)
    if reason := rules.why_not(FindingState(row.state), deed):
        raise NotPossible(reason)
    body = _body(inspection, step.body)
    said = rules.Said(
        step.on, step.text, step.number, step.due_on, step.recheck_on, step.penalty, body.kind
    )
    reasons = rules.problems_with_step(
        deed, said, _since(row), scope.on, venue=inspection.venue is not None
    )
    reasons += persons_in(inspection.county_id, {"/text": step.text})
    if reasons or (reasons := _no_approval(inspection, deed, step)):
        raise RuleBroken(*reasons)
    FindingStep.objects.create(
        finding=row,
        deed=deed,
        on=step.on,
        text=step.text.strip(),
        number=step.number.strip() if deed in rules.ON_PAPER else "",
        due_on=step.due_on if deed is Deed.ORDER else None,
        recheck_on=step.recheck_on if deed is Deed.ORDER else None,
        penalty=step.penalty if deed is Deed.PENALTY else "",
        body=body,
        by_id=post.id,
        at=now,
    )
    _follow(row, deed, replace(step, number=step.number.strip()), body, now)
    row.state = rules.STEPS[deed][1]
    row.save()
    audit.record(scope, f"finding.{deed.value}", f"finding:{row.public_id}", now=now, post=post)
    return row


def _acting(scope: Scope, inspection: Inspection, deed: Deed) -> HeldPost:
    """The inspected body answers for itself; an answer on paper is recorded by who inspects."""
    if deed is Deed.ANSWER and inspection.unit_id in scope.agency_ids:
        return access.inspected_post(scope, inspection)
    return access.inspecting_post(scope, inspection)


def _body(inspection: Inspection, body_id: UUID | None) -> Agency:
    if body_id is None:
        return inspection.lead
    found = inspection.bodies.filter(public_id=body_id).first()
    if found is None:
        text = _("This body takes no part in the inspection.")
        raise NotPermitted(Reason("body", text, "/body"))
    return found


def _since(row: Finding) -> date:
    """The day on which the next step rests: that of the last one, or of the inspection."""
    last = row.steps.order_by("-pk").values_list("on", flat=True).first()
    return last or row.inspection.held_on or row.inspection.planned_on


def _no_approval(inspection: Inspection, deed: Deed, step: Step) -> list[Reason]:
    venue = inspection.venue
    if deed is not Deed.PENALTY or step.penalty != Penalty.APPROVAL_ENDED or venue is None:
        return []
    if venue.approval_number and not venue.approval_ended_on:
        return []
    text = _("This place has no approval that could be ended.")
    return [Reason("no_approval", text, "/penalty")]


def _follow(row: Finding, deed: Deed, step: Step, body: Agency, now: datetime) -> None:
    """What the step asks for, and what it meets or makes fall away."""
    rectify = [row.rectify_id] if row.rectify_id else []
    recheck = [row.recheck_id] if row.recheck_id else []
    match deed:
        case Deed.ORDER:
            _order(row, step, body, now)
        case Deed.ANSWER:
            obligations.fulfil(rectify, now)
        case Deed.PASS:
            obligations.fulfil([*rectify, *recheck], now)
        case Deed.FAIL:
            obligations.fulfil(recheck, now)
            obligations.waive(rectify, NOT_PUT_RIGHT, now)
        case Deed.PENALTY:
            obligations.fulfil(recheck, now)
            obligations.waive(rectify, PENALISED, now)
            if row.inspection.venue:
                venues.end_by(row.inspection.venue, step.penalty, step.number, step.on)
        case Deed.WITHDRAW:
            obligations.waive([*rectify, *recheck], WITHDRAWN, now)


def _order(row: Finding, step: Step, body: Agency, now: datetime) -> None:
    inspection = row.inspection
    row.orders += 1
    wanted = (
        (ObligationKind.RECTIFY, inspection.unit or body, step.due_on),
        (ObligationKind.RECHECK, body, step.recheck_on),
    )
    raised = [
        _owed(row, kind, by, last, step.on, now) for kind, by, last in wanted if last is not None
    ]
    row.rectify, row.recheck = raised


def _owed(
    row: Finding, kind: ObligationKind, by: Agency, last: date, on: date, now: datetime
) -> Obligation:
    inspection = row.inspection
    to = inspection.lead if inspection.lead_id != by.pk else bureau(inspection.county_id, on)
    duty = Owed(
        kind=kind,
        key=f"{kind.value}:{row.public_id}:{row.orders}",
        subject=f"{inspection.number} {inspection.place}"[:80],
        owed_by=by,
        owed_to=to,
        starts_on=on,
        region_path=inspection.region.path,
        href=f"/inspections/{inspection.public_id}/",
        due_on=last,
    )
    ground = Ground(in_force(inspection.county_id, on), working_calendar(), now)
    return obligations.raise_all(inspection.county_id, [duty], ground)[0]

"""Inspections: the list, planning, one inspection, and its steps."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.access import require
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.queries.conferences import open_decisions
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases import access
from cases.inspection_forms import (
    FindingForm,
    HoldForm,
    InspectionFilter,
    OpinionForm,
    PlanForm,
    ReasonForm,
    StepForm,
)
from cases.models import Inspection
from cases.queries import inspections as queries
from cases.rules.inspections import Deed, InspectionState, Topic, topics_of
from cases.rules.opinions import THEIRS, Stage
from cases.services import findings, inspections, opinions
from cases.services.findings import Found, Step
from cases.services.inspections import Held, Plan
from cases.services.opinions import Said
from students.views.paging import slice_of

REFUSED = 422


@require_GET
@needs(Duty.SEE_INSPECTIONS)
def listed(request: PageRequest) -> HttpResponse:
    """Inspections in sight, the running ones unless asked otherwise; 50 on a page."""
    form = InspectionFilter(request.GET.dict())
    form.is_valid()
    given = form.cleaned_data
    rows = queries.rows(request.scope, given.get("state", ""), given.get("topic", ""))
    found, more = slice_of(request, rows)
    context = {
        "lines": queries.lines(found, clock.now()),
        "filters": form,
        "next_cursor": more,
        "may_plan": request.scope.may(Duty.INSPECT),
    }
    return render(request, "inspections/list.html", context)


@require_GET
@needs(Duty.SEE_INSPECTIONS, access.visible_inspections)
def one(request: PageRequest, inspection_id: UUID) -> HttpResponse:
    """One inspection; that its children were read is recorded."""
    row = access.inspection_for(request.scope, inspection_id)
    return page(request, row)


def page(request: PageRequest, row: Inspection, reasons: Sequence[Reason] = ()) -> HttpResponse:
    scope, now = request.scope, clock.now()
    full = queries.full(scope, row, now)
    audit.record(
        scope,
        "inspection.read",
        f"inspection:{row.public_id}",
        now=now,
        children=len(full.children),
    )
    held = row.state == InspectionState.HELD
    context = {
        "row": row,
        "full": full,
        "charge": queries.charge_of(scope, row),
        "reasons": reasons,
        "planned": row.state == InspectionState.PLANNED,
        "held": held,
        "may_add_children": held and row.venue is not None and scope.may(Duty.OPEN_CASE),
        "may_publish": scope.may(Duty.PUBLISH_RESULTS)
        and row.state in (InspectionState.HELD, InspectionState.CLOSED),
        "may_see_venue": row.venue is not None and scope.may(Duty.INSPECT),
    }
    return render(request, "inspections/one.html", context, status=REFUSED if reasons else 200)


@needs(Duty.INSPECT)
def plan(request: PageRequest) -> HttpResponse:
    """Plan an inspection of ?venue=, or of a place, school or township; of ?decision= or none."""
    scope = request.scope
    post = require(scope, Duty.INSPECT)
    wanted = request.GET.get("venue", "")
    venue = access.venue_for(scope, _uuid(wanted)) if wanted else None
    form = PlanForm(
        request.POST or None,
        initial={"planned_on": scope.on, "decision": request.GET.get("decision", "")},
        topics=topics_of(venue.kind) if venue else list(Topic),
        bodies=list(queries.bodies_to_join(scope, post.agency_id)),
        places=None if venue else queries.choice_of_places(scope),
        decisions=open_decisions(scope),
    )

    def work() -> Inspection:
        given = form.cleaned_data
        kind, _colon, key = (f"venue:{venue.public_id}" if venue else given["place"]).partition(":")
        wanted = Plan(
            given["client_id"],
            given["topic"],
            given["planned_on"],
            tuple(UUID(one) for one in given["bodies"]),
            venue=UUID(key) if kind == "venue" else None,
            unit=UUID(key) if kind == "unit" else None,
            basis=given["basis"],
            decision=UUID(given["decision"]) if given["decision"] else None,
        )
        return inspections.plan(scope, wanted, clock.now())

    label = _("Plan an inspection")
    return form_page(request, None, form, label, work, {"place": venue})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotVisible from error


@needs(Duty.INSPECT)
def hold(request: PageRequest, inspection_id: UUID) -> HttpResponse:
    row = access.inspection_for(request.scope, inspection_id)
    day = min(row.planned_on, request.scope.on)
    form = HoldForm(request.POST or None, initial={"on": day, "until": day})

    def work() -> Inspection:
        return inspections.hold(
            request.scope, inspection_id, Held(**form.cleaned_data), clock.now()
        )

    return form_page(request, row, form, _("It was held"), work)


@needs(Duty.INSPECT)
def cancel(request: PageRequest, inspection_id: UUID) -> HttpResponse:
    row = access.inspection_for(request.scope, inspection_id)
    form = ReasonForm(request.POST or None)

    def work() -> Inspection:
        reason = form.cleaned_data["reason"]
        return inspections.cancel(request.scope, inspection_id, reason, clock.now())

    return form_page(request, row, form, _("Cancel the inspection"), work)


@needs(Duty.INSPECT)
def close(request: PageRequest, inspection_id: UUID) -> HttpResponse:
    """End it; refused while something is open, saying what."""
    row = access.inspection_for(request.scope, inspection_id)
    if request.method != "POST":
        return redirect("inspection", inspection_id)
    try:
        inspections.close(request.scope, inspection_id, clock.now())
    except (NotPermitted, NotVisible):
        raise
    except DomainError as refused:
        return page(request, row, refused.reasons)
    return redirect("inspection", inspection_id)


@require_POST
@needs(Duty.SEE_INSPECTIONS)
def report_decision(request: PageRequest, inspection_id: UUID) -> HttpResponse:
    """The body that was charged says: this inspection carried the decision out."""
    row = access.inspection_for(request.scope, inspection_id)
    try:
        done = inspections.report_decision(request.scope, inspection_id, clock.now())
    except (NotPermitted, NotVisible):
        raise
    except DomainError as refused:
        return page(request, row, refused.reasons)
    return redirect("meeting", done.meeting.public_id)


@needs(Duty.INSPECT)
def add_finding(request: PageRequest, inspection_id: UUID) -> HttpResponse:
    row = access.inspection_for(request.scope, inspection_id)
    form = FindingForm(request.POST or None, topic=Topic(row.topic))

    def work() -> Inspection:
        findings.add(request.scope, inspection_id, Found(**form.cleaned_data), clock.now())
        return row

    return form_page(request, row, form, _("Write down a finding"), work)


@needs(Duty.SEE_INSPECTIONS)
def finding_step(request: PageRequest, finding_id: UUID, deed: str) -> HttpResponse:
    """One step of a finding: order, answer, recheck, penalty, withdrawal."""
    scope = request.scope
    if deed not in Deed.values:
        raise NotVisible
    finding = access.finding_seen(scope, finding_id)
    row, step = access.inspection_for(scope, finding.inspection.public_id), Deed(deed)
    if not (step is Deed.ANSWER and row.unit_id in scope.agency_ids):
        access.inspecting_post(scope, row)
    form = StepForm(
        request.POST or None,
        initial={"on": scope.on, "body": str(row.lead.public_id)},
        deed=step,
        bodies=list(row.bodies.order_by("kind", "name")),
        venue=row.venue is not None,
    )

    def work() -> Inspection:
        given = dict(form.cleaned_data)
        if "body" in given:
            given["body"] = UUID(given["body"])
        findings.take(scope, finding_id, step, Step(**given), clock.now())
        return row

    return form_page(request, row, form, step.label, work, {"finding": finding})


@needs(Duty.SEE_INSPECTIONS)
def opinion_step(request: PageRequest, inspection_id: UUID, stage: str) -> HttpResponse:
    """One step of the opinion: draft, reply, opinion, report, review."""
    scope = request.scope
    row = access.inspection_for(scope, inspection_id)
    if stage not in Stage.values:
        raise NotVisible
    step = Stage(stage)
    if step in THEIRS:
        access.inspected_post(scope, row)
    else:
        access.inspecting_post(scope, row)
    form = OpinionForm(request.POST or None, initial={"on": scope.on}, stage=step)

    def work() -> Inspection:
        opinions.take(scope, inspection_id, step, Said(**form.cleaned_data), clock.now())
        return row

    return form_page(request, row, form, step.label, work)


def form_page(
    request: PageRequest,
    row: Inspection | None,
    form: BaseForm,
    label: str | Promise,
    work: Callable[[], Inspection],
    more: dict[str, object] | None = None,
) -> HttpResponse:
    """A form of an inspection: refused with reasons and what was typed, or back to its page."""
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("inspection", work().public_id)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
    context = {"row": row, "form": form, "reasons": reasons, "label": label, **(more or {})}
    status = REFUSED if reasons or form.errors else 200
    return render(request, "inspections/form.html", context, status=status)

"""One meeting of a joint conference: agenda, holding it, decisions, minutes."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import NotVisible, Reason
from agencies.exports import download
from agencies.models import Meeting
from agencies.queries import conferences as queries
from agencies.rules.conferences import DecisionState, MeetingState
from agencies.rules.duties import Duty
from agencies.services import audit, conferences, decisions
from agencies.services.conferences import Held
from agencies.services.decisions import Charge
from agencies.views.base import PageRequest, needs, tried
from cases.queries.inspections import of_decisions
from reporting.conference_forms import (
    DecisionForm,
    HoldForm,
    MinutesForm,
    MoveForm,
    OutcomeForm,
    PointForm,
    ReasonForm,
)
from reporting.documents import conference_paper
from reporting.documents.paper import from_json
from reporting.documents.pdf import pdf
from reporting.queries.meeting import points_of
from reporting.services import conference_minutes
from reporting.services.term_report import written

REFUSED = 422
PDF = "application/pdf"


@require_GET
@needs(Duty.SEE_CONFERENCES)
def one(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    """The agenda as it stands, then what was written down."""
    return _page(request, queries.meeting_for(request.scope, meeting_id))


@require_POST
@needs(Duty.RUN_CONFERENCES)
def add_point(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    return _after(
        request,
        meeting_id,
        PointForm(request.POST),
        lambda given: conference_minutes.add_point(
            request.scope, meeting_id, given["title"], clock.now()
        ),
    )


@require_POST
@needs(Duty.RUN_CONFERENCES)
def hold(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    """It was held: attendance and course; the agenda is frozen."""
    meeting = queries.meeting_for(request.scope, meeting_id)
    form = HoldForm(request.POST, seats=_seats(request, meeting))

    def work(given: dict[str, Any]) -> object:
        held = Held(given["on"], given["chair"], given["minutes"], form.presence(), form.who())
        return conference_minutes.hold(request.scope, meeting_id, held, clock.now())

    return _after(request, meeting_id, form, work)


@require_POST
@needs(Duty.RUN_CONFERENCES)
def decide(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    scope = request.scope
    form = DecisionForm(request.POST, bodies=queries.bodies_of(scope.county_id, scope.on))

    def work(given: dict[str, Any]) -> object:
        charge = Charge(**{**given, "owner": UUID(given["owner"])})
        return conference_minutes.decide(scope, meeting_id, charge, clock.now())

    return _after(request, meeting_id, form, work)


@require_POST
@needs(Duty.RUN_CONFERENCES)
def write_minutes(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    return _after(
        request,
        meeting_id,
        MinutesForm(request.POST),
        lambda given: conference_minutes.write_minutes(
            request.scope, meeting_id, given["minutes"], clock.now()
        ),
    )


@require_POST
@needs(Duty.RUN_CONFERENCES)
def sign(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    """Freeze the minutes; after that nothing of the meeting changes."""
    return _after(
        request,
        meeting_id,
        Form(request.POST),
        lambda _given: conference_minutes.sign(request.scope, meeting_id, clock.now()),
    )


@require_POST
@needs(Duty.RUN_CONFERENCES)
def move(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    """Another day or place; the members are told."""
    return _after(
        request,
        meeting_id,
        MoveForm(request.POST),
        lambda given: conferences.move(request.scope, meeting_id, now=clock.now(), **given),
    )


@require_POST
@needs(Duty.RUN_CONFERENCES)
def cancel(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    return _after(
        request,
        meeting_id,
        ReasonForm(request.POST),
        lambda given: conferences.cancel(request.scope, meeting_id, given["reason"], clock.now()),
    )


@require_POST
@needs(Duty.SEE_CONFERENCES)
def carry_out(request: PageRequest, decision_id: UUID) -> HttpResponse:
    """The body that was charged says what it did."""
    row = queries.decision_for(request.scope, decision_id)
    return _after(
        request,
        row.meeting.public_id,
        OutcomeForm(request.POST),
        lambda given: conference_minutes.carry_out(
            request.scope, decision_id, given["outcome"], clock.now()
        ),
        decision_id,
    )


@require_POST
@needs(Duty.RUN_CONFERENCES)
def withdraw(request: PageRequest, decision_id: UUID) -> HttpResponse:
    row = queries.decision_for(request.scope, decision_id)
    return _after(
        request,
        row.meeting.public_id,
        ReasonForm(request.POST),
        lambda given: decisions.withdraw(request.scope, decision_id, given["reason"], clock.now()),
        decision_id,
    )


@require_GET
@needs(Duty.SEE_CONFERENCES)
def as_pdf(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    """The signed minutes as they were frozen; before the meeting, its agenda as it stands."""
    meeting, now = queries.meeting_for(request.scope, meeting_id), clock.now()
    if meeting.paper is not None:
        paper, name = from_json(meeting.paper), "minutes"
    elif meeting.state == MeetingState.PLANNED:
        points, name = points_of(meeting, now), "agenda"
        paper = conference_paper.agenda(meeting, points, written(now), demo=settings.DEMO)
    else:
        raise NotVisible
    audit.record(request.scope, f"meeting.{name}_pdf", f"meeting:{meeting_id}", now=now)
    return download(pdf(paper), PDF, f"{name}-{meeting.number}.pdf")


def _after(
    request: PageRequest,
    meeting_id: UUID,
    form: Form,
    work: Callable[[dict[str, Any]], object],
    decision_id: UUID | None = None,
) -> HttpResponse:
    """decision_id: the decision that the form is about, so that what was typed stays there."""
    reasons = tried(form, work)
    if reasons is None:
        messages.success(request, _("It is recorded."))
        return redirect("meeting", meeting_id)
    return _page(
        request, queries.meeting_for(request.scope, meeting_id), form, reasons, decision_id
    )


def _seats(request: PageRequest, meeting: Meeting) -> list[Any]:
    return list(queries.seats_on(meeting.conference, request.scope.on))


def _page(
    request: PageRequest,
    row: Meeting,
    bound: Form | None = None,
    reasons: Sequence[Reason] = (),
    decision_id: UUID | None = None,
) -> HttpResponse:
    scope = request.scope
    runs = queries.host_post(scope, row.conference) is not None
    made = row.decisions.select_related("owner", "ended_by__user").order_by("number")
    inspected = of_decisions(scope, made) if scope.may(Duty.SEE_INSPECTIONS) else {}
    context = {
        "row": row,
        "runs": runs,
        "points": points_of(row, clock.now()),
        "attendance": row.attendance.select_related("seat__agency").order_by("seat"),
        "decisions": [
            {
                "one": one,
                "late": one.state == DecisionState.OPEN and one.due_on < scope.on,
                "mine": one.state == DecisionState.OPEN
                and (runs or one.owner_id in scope.agency_ids),
                "inspections": inspected.get(one.pk, ()),
            }
            for one in made
        ],
        "forms": _forms(request, row, bound) if runs else {},
        "may_inspect": scope.may(Duty.INSPECT),
        "bound": bound,
        "bound_for": decision_id,
        "reasons": reasons,
    }
    status = REFUSED if bound is not None else 200
    return render(request, "conferences/meeting.html", context, status=status)


def _forms(request: PageRequest, row: Meeting, bound: Form | None) -> dict[str, Form]:
    """What the host may do in the state of the meeting; the form that was refused stays."""
    scope, forms = request.scope, dict[str, Form]()
    if row.state == MeetingState.PLANNED:
        forms["point"] = PointForm()
        forms["hold"] = HoldForm(initial={"on": scope.on}, seats=_seats(request, row))
        forms["move"] = MoveForm(initial={"on": row.planned_on, "place": row.place})
        forms["cancel"] = ReasonForm()
    if row.state == MeetingState.HELD:
        forms["decision"] = DecisionForm(bodies=queries.bodies_of(scope.county_id, scope.on))
        forms["minutes"] = MinutesForm(initial={"minutes": row.minutes})
    kinds = {name: type(form) for name, form in forms.items()}
    return {
        name: bound if bound is not None and type(bound) is kind else forms[name]
        for name, kind in kinds.items()
    }

"""Forms of the case: every workflow action, visits, the team, opening by hand."""

from collections.abc import Sequence
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from agencies import clock
from agencies.access import require
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason, Text
from agencies.models import Post
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from cases import access
from cases.forms import ActionForm, OpenForm, TeamForm, VisitForm
from cases.models import Case, HouseholdTeam
from cases.queries import team as teams
from cases.rules.team import Seat
from cases.rules.visits import proposes_return
from cases.rules.workflow import Action
from cases.services import actions, opening, visits
from cases.services import team as team_service
from cases.services.actions import Order
from cases.services.visits import Report
from cases.views.case import child_of, label_of
from students.access import student_for

REFUSED = 422


@needs(Duty.SEE_CASES)
def act(request: PageRequest, case_id: UUID, action: str) -> HttpResponse:
    """One view for every workflow action: the form, then the service."""
    if action not in set(Action) - {Action.VISIT}:
        raise NotVisible
    case = access.case_for(request.scope, case_id)
    access.acting_post(request.scope, Action(action))
    form = ActionForm(
        request.POST or None, initial={"on": request.scope.on, "version": case.version}
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        order = Order(given["on"], given["note"], given["version"])
        try:
            actions.act(request.scope, case_id, Action(action), order, clock.now())
            return redirect("case", case_id)
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
    return _form(request, "action_form", case, form, reasons, Action(action).label)


@needs(Duty.VISIT)
def visit(request: PageRequest, case_id: UUID) -> HttpResponse:
    """Record a visit; what was typed stays when it is refused."""
    case = access.case_for(request.scope, case_id)
    now = clock.now()
    form = VisitForm(
        request.POST or None, people=_people(case, request), now=timezone.localtime(now)
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = visits.record(request.scope, case_id, Report(**form.cleaned_data), now)
            if proposes_return(made.outcome) and access.may(request.scope, Action.RECORD_RETURN):
                return redirect("case_action", case_id, Action.RECORD_RETURN.value)
            return redirect("case", case_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _form(request, "visit_form", case, form, reasons, Action.VISIT.label)


@needs(Duty.FORM_TEAM)
def team(request: PageRequest, case_id: UUID) -> HttpResponse:
    """Change the six seats of the household."""
    case = access.case_for(request.scope, case_id)
    on = request.scope.on
    row = HouseholdTeam.objects.filter(household=case.household).first()
    held = {seat: one.post for seat, one in teams.seats_of(row, on).items()} if row else {}
    able = teams.able(teams.home_of(case.household), case.county_id, on)
    form = TeamForm(request.POST or None, able=able, held=held, initial={"version": case.version})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            wanted = {
                seat: team_service.post_for(given[seat], seat, on) if given[seat] else None
                for seat in Seat
            }
            order = team_service.Order(on, clock.now(), given["version"])
            team_service.put(case, wanted, order)
            return redirect("case", case_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _form(request, "team_form", case, form, reasons, "")


@needs(Duty.OPEN_CASE)
def open_case(request: PageRequest, student_id: UUID) -> HttpResponse:
    """Open a case for a child by hand."""
    student = student_for(request.scope, student_id)
    form = OpenForm(request.POST or None, initial={"on": request.scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        why = opening.ByHand(given["origin"], given["on"], given["note"])
        try:
            case = opening.open_by_hand(request.scope, student, why, clock.now())
            return redirect("case", case.public_id)
        except DomainError as refused:
            reasons = refused.reasons
    context = {"form": form, "reasons": reasons, "child": label_of(student, request.scope)}
    status = REFUSED if reasons or form.errors else 200
    return render(request, "cases/open_form.html", context, status=status)


def _people(case: Case, request: PageRequest) -> list[Post]:
    """Who may have been there: the team, and the person who writes."""
    row = HouseholdTeam.objects.filter(household=case.household).first()
    posts = [one.post for one in teams.seats_of(row, request.scope.on).values()] if row else []
    mine = require(request.scope, Duty.VISIT)
    if mine.id not in {post.pk for post in posts}:
        posts += Post.objects.filter(pk=mine.id).select_related("user", "agency")
    return posts


def _form(
    request: PageRequest,
    template: str,
    case: Case,
    form: BaseForm,
    reasons: Sequence[Reason],
    label: Text,
) -> HttpResponse:
    context = {
        "case": {
            "public_id": case.public_id,
            "number": case.number,
            "state": case.state,
            "state_label": case.get_state_display(),
        },
        "child": child_of(case),
        "form": form,
        "reasons": reasons,
        "label": label,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, f"cases/{template}.html", context, status=status)

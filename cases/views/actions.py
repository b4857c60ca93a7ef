"""Forms of the case: every workflow action, visits, opening by hand."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from cases import access
from cases.forms import ActionForm, EndForm, OpenForm
from cases.models import Case
from cases.queries.ends import DECISIONS, decisions
from cases.rules.workflow import Action
from cases.services import actions, opening
from cases.services.actions import Order
from cases.views.case import head_of, label_of
from students.access import student_for

REFUSED = 422


@needs(Duty.SEE_CASES)
def act(request: PageRequest, case_id: UUID, action: str) -> HttpResponse:
    """One view for every workflow action: the form, then the service."""
    if action not in set(Action) - {Action.VISIT}:
        raise NotVisible
    case = access.case_for(request.scope, case_id)
    access.acting_post(request.scope, Action(action))
    form_class = EndForm if action == Action.REQUEST_END else ActionForm
    form = form_class(
        request.POST or None, initial={"on": request.scope.on, "version": case.version}
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        order = Order(**form.cleaned_data)
        try:
            actions.act(request.scope, case_id, Action(action), order, clock.now())
            return redirect("case", case_id)
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
    known = decisions(case) if action in DECISIONS else []
    more = {"label": Action(action).label, "decisions": known}
    return form_page(request, "action_form", case, form, reasons, more)


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


def show_again(request: PageRequest, form: BaseForm, case: Case) -> None:
    """A refused form stands beside the case as it is now: sent once more, it is meant so."""
    data = request.POST.copy()
    data["version"] = str(case.version)
    form.data = data


def form_page(
    request: PageRequest,
    template: str,
    case: Case,
    form: BaseForm,
    reasons: Sequence[Reason],
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """A form under the head of its case; a refused one answers 422 and keeps what was typed."""
    if reasons:
        show_again(request, form, case)
    context = {
        **head_of(case),
        "form": form,
        "reasons": reasons,
        **(more or {}),
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, f"cases/{template}.html", context, status=status)

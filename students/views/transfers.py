"""Transfers: the guardian's application, the list, and one application with its steps."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotVisible, Reason
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import standing
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from agencies.views.base import PageRequest, needs, tried
from students.access import pupil_for, visible_students
from students.models import TransferApplication
from students.queries import transfers as queries
from students.rules.transfer import Act, possible
from students.services import transfer_chain
from students.services.transfer_chain import Asked, Given
from students.transfer_forms import (
    AgreeForm,
    ApplicationForm,
    ReasonForm,
    ReceiveForm,
    TransferFilterForm,
)
from students.views.paging import slice_of

REFUSED = 422


@require_GET
@needs(Duty.CONFIRM_TRANSFER)
def transfers(request: PageRequest) -> HttpResponse:
    """Applications that wait for this person first; a page of 50."""
    scope = request.scope
    view = request.GET.get("view", queries.WAITS)
    view = view if view in (queries.WAITS, queries.OPEN, queries.ALL) else queries.WAITS
    found, more = slice_of(request, queries.applications(scope, view))
    audit.record(scope, "transfer.applications", "transfers", now=clock.now(), shown=len(found))
    context = {
        "filters": TransferFilterForm({"view": view}),
        "rows": found,
        "next_cursor": more,
    }
    return render(request, "students/transfers.html", context)


@needs(Duty.CHANGE_ENROLLMENT, visible_students)
def apply(request: PageRequest, student_id: UUID) -> HttpResponse:
    """The guardian's application, written down by the school."""
    scope = request.scope
    pupil = pupil_for(scope, student_id)
    schools = queries.schools_beside(scope, pupil.record.school_id)
    form = ApplicationForm(request.POST or None, schools=schools, initial={"on": scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            row = transfer_chain.ask(scope, pupil, Asked(**form.cleaned_data), clock.now())
            messages.success(request, _("The application is recorded."))
            return redirect("transfer", row.public_id)
        except DomainError as refused:
            reasons = refused.reasons
    context = {
        "title": _("Application for a transfer"),
        "student_id": pupil.student.public_id,
        "name": pupil.student.name,
        "class_name": pupil.record.school_class.name,
        "school_name": pupil.record.school.name,
        "form": form,
        "reasons": reasons,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/pupil_form.html", context, status=status)


@require_GET
@needs(Duty.CONFIRM_TRANSFER)
def show(request: PageRequest, application_id: UUID) -> HttpResponse:
    """One application: what was asked, each step with its person and day, and what is next."""
    row = queries.application_for(request.scope, application_id)
    return _page(request, row)


@require_POST
@needs(Duty.CONFIRM_TRANSFER)
def act(request: PageRequest, application_id: UUID, action: str) -> HttpResponse:
    """One step: agree, approve, refuse, withdraw, receive."""
    scope = request.scope
    row = queries.application_for(scope, application_id)
    if action not in set(Act):
        raise NotVisible
    what = Act(action)
    form = _form(scope, row, what, request.POST)
    reasons = tried(
        form, lambda given: transfer_chain.act(scope, row, what, Given(**given), clock.now())
    )
    if reasons is not None:
        return _page(request, row, form, reasons)
    messages.success(request, _("Recorded."))
    return redirect("transfer", application_id)


def _form(scope: Scope, row: TransferApplication, what: Act, data: Any = None) -> Form:
    """The form of a step; all its fields carry the step's name, so that none is mistaken."""
    shared: dict[str, Any] = {"prefix": what.value, "initial": {"on": scope.on}}
    if what is Act.AGREE:
        return AgreeForm(data, **shared)
    if what is Act.RECEIVE:
        return ReceiveForm(data, classes=queries.classes_for(row, scope.on), **shared)
    if what is Act.APPROVE:
        return Form(data, **shared)
    return ReasonForm(data, **shared)


def _page(
    request: PageRequest,
    row: TransferApplication,
    bound: Form | None = None,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    """bound: the form that was refused; it keeps what was typed."""
    scope, now = request.scope, clock.now()
    audit.record(scope, "transfer.read", f"transfer:{row.public_id}", now=now)
    posts, calendar = queries.posts_for(scope, row), working_calendar()
    steps = [
        {
            "act": what,
            "form": bound if bound and bound.prefix == what else _form(scope, row, what),
            "refused": bool(bound and bound.prefix == what),
        }
        for what in possible(row.step, frozenset(posts))
    ]
    seen = visible_students(scope, [row.student.public_id])
    context = {
        "row": row,
        "steps": steps,
        "reasons": reasons,
        "owed": [standing(one, calendar, now) for one in queries.duties_of(row)],
        "student_url": reverse("student", args=list(seen)) if seen else "",
    }
    return render(request, "students/transfer.html", context, status=REFUSED if bound else 200)

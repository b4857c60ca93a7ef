"""Work with other counties: the notices of a case, and the list of all for the bureau."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.errors import DomainError, NotPermitted, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases import access
from cases.models import Case
from cases.queries import outside as queries
from cases.request_forms import AttendanceForm, HandoverForm, LetterForm, ReplyForm
from cases.rules.outside import Why
from cases.rules.workflow import OPEN, State
from cases.services import outside as service
from cases.services.outside import Attendance, Handover, Letter, Reply
from cases.views.actions import form_page
from cases.views.case import head_of


@require_GET
@needs(Duty.LIAISE_OUTSIDE)
def of_county(request: PageRequest) -> HttpResponse:
    """All notices with their standing: what waits, whose confirmation has ended, the rest."""
    now = clock.now()
    lines = queries.of_county(request.scope, now)
    audit.record(request.scope, "outside.list", "outside", now=now, shown=len(lines))
    context = {"lines": lines, "most": queries.MOST if len(lines) == queries.MOST else 0}
    return render(request, "outside/all.html", context)


@require_GET
@needs(Duty.SEE_CASES, access.visible_cases)
def of_case(request: PageRequest, case_id: UUID) -> HttpResponse:
    """The notices of one case, with replies, confirmations and the hand-over."""
    case = access.case_for(request.scope, case_id)
    now = clock.now()
    audit.record(request.scope, "case.outside", f"case:{case_id}", now=now)
    may = request.scope.may(Duty.LIAISE_OUTSIDE)
    context = {
        **head_of(case),
        "rows": queries.of_case(case, request.scope.on, now),
        "may_write": may,
        "may_send": may and State(case.state) in OPEN,
        "registered": Why.REGISTERED.value,
    }
    return render(request, "outside/case.html", context)


@needs(Duty.LIAISE_OUTSIDE)
def send(request: PageRequest, case_id: UUID) -> HttpResponse:
    case = access.case_for(request.scope, case_id)
    first = {"sent_on": request.scope.on, "version": case.version}
    form = LetterForm(request.POST or None, initial=first)

    def work() -> None:
        service.send(request.scope, case_id, Letter(**form.cleaned_data), clock.now())

    return _form(request, case, form, _("Write to another county"), work)


@needs(Duty.LIAISE_OUTSIDE)
def reply(request: PageRequest, notice_id: UUID) -> HttpResponse:
    row = access.notice_for(request.scope, notice_id)
    form = ReplyForm(request.POST or None, request.FILES or None, initial={"on": request.scope.on})

    def work() -> None:
        given = Reply(**_with_bytes(form))
        service.reply(request.scope, notice_id, given, clock.now())

    return _form(request, _case_of(request, row.case), form, _("Record the reply"), work)


@needs(Duty.LIAISE_OUTSIDE)
def confirm(request: PageRequest, notice_id: UUID) -> HttpResponse:
    row = access.notice_for(request.scope, notice_id)
    terms = list(queries.terms(row.case.county_id, request.scope.on))
    form = AttendanceForm(request.POST or None, request.FILES or None, terms=terms)

    def work() -> None:
        given = Attendance(**_with_bytes(form))
        service.confirm(request.scope, notice_id, given, clock.now())

    return _form(request, _case_of(request, row.case), form, _("Confirm attendance there"), work)


@needs(Duty.LIAISE_OUTSIDE)
def hand_over(request: PageRequest, notice_id: UUID) -> HttpResponse:
    row = access.notice_for(request.scope, notice_id)
    form = HandoverForm(request.POST or None, initial={"on": request.scope.on})

    def work() -> None:
        service.hand_over(request.scope, notice_id, Handover(**form.cleaned_data), clock.now())

    return _form(request, _case_of(request, row.case), form, _("Hand the archive over"), work)


def _with_bytes(form: Form) -> dict:
    given = dict(form.cleaned_data)
    file = given["file"]
    return given | {"file": file.read() if file else None}


def _case_of(request: PageRequest, case: Case) -> Case:
    return access.case_for(request.scope, case.public_id)


def _form(
    request: PageRequest, case: Case, form: Form, label: Promise, work: Callable[[], None]
) -> HttpResponse:
    """One form of the work with another county: refused with reasons, or back to the list."""
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            work()
            return redirect("case_outside", case.public_id)
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
    return form_page(request, "outside_form", case, form, reasons, {"label": label})

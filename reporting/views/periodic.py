"""The page of a monthly report or a quarterly review: prefilled, remarks, signing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies import clock
from agencies.errors import DomainError, NotPermitted, Reason
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import standing
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from reporting.forms import SendForm
from reporting.queries.filings import Desk, copy_for, signer
from reporting.rules.filings import FilingState, may_follow
from reporting.services import periodic
from reporting.services.periodic import Matter, Order
from reporting.views.filings import parts

REFUSED = 422


@needs(Duty.SEE_FILINGS)
def show(request: PageRequest, kind: str, last: date, code: str) -> HttpResponse:
    """GET: the draft or what was signed. POST: keep the remarks, or sign."""
    desk, matter = periodic.find(request.scope, kind, last, code)
    if request.method != "POST":
        return _page(request, desk, matter, None, ())
    form, now = SendForm(request.POST), clock.now()
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        order = Order(form.cleaned_data["remarks"], form.cleaned_data["version"])
        try:
            if "sign" in request.POST:
                periodic.sign(request.scope, matter, order, now)
                messages.success(request, _("The report is signed."))
            else:
                periodic.keep(request.scope, matter, order, now)
                messages.success(request, _("The remarks are kept."))
            return redirect("periodic", kind, last, code)
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, desk, matter, form, reasons)


def _page(
    request: PageRequest,
    desk: Desk,
    matter: Matter,
    form: SendForm | None,
    reasons: Sequence[Reason],
) -> HttpResponse:
    now = clock.now()
    subject = f"obligation:{desk.obligation.public_id}"
    audit.record(request.scope, "periodic.read", subject, now=now)
    frozen, filing = desk.frozen, desk.filing
    is_open = filing is None or may_follow(filing.state, FilingState.SUBMITTED)
    context: dict[str, Any] = {
        "desk": desk,
        "matter": matter,
        "standing": standing(desk.obligation, working_calendar(), now),
        "reasons": reasons,
    }
    if frozen:
        context |= {**parts(request, desk), "shown": frozen, "paper": copy_for(desk, frozen)}
    if is_open:
        remarks = filing.remarks if filing else ""
        seen = {"version": filing.version if filing else 1, "remarks": remarks}
        paper, _figures = periodic.draft(matter, remarks, now)
        may_sign = signer(request.scope, desk.body) is not None
        context |= {"draft": True, "paper": paper, "decision": filing.decision if filing else ""}
        context["form"] = (form or SendForm(initial=seen)) if may_sign else None
    status = REFUSED if reasons or (form and form.errors) else 200
    return render(request, "reporting/period.html", context, status=status)

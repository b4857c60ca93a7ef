"""The page of a school's term-start report: draft, sending, receipts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, Reason
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import standing
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit, receipts
from agencies.views.base import PageRequest, needs
from reporting.forms import SendForm
from reporting.queries import filings, term_report
from reporting.queries.filings import Desk
from reporting.rules.filings import FilingKind, FilingState
from reporting.services import term_report as services
from reporting.services.term_report import Order
from reporting.views.filings import parts
from students.models import Term

REFUSED = 422


@needs(Duty.SEE_FILINGS)
def show(request: PageRequest, term_id: UUID, code: str) -> HttpResponse:
    """GET: the draft or what was sent. POST: sign it and send it to all its recipients."""
    term, desk = _find(request, term_id, code)
    if request.method != "POST":
        return _page(request, term, desk, None, ())
    form, now = SendForm(request.POST), clock.now()
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        given = form.cleaned_data
        try:
            order = Order(given["remarks"], given["version"])
            services.send(request.scope, desk.obligation, term, order, now)
            count = desk.obligation.receipts.count()
            text = ngettext(
                "The report is signed and sent to %(count)s recipient.",
                "The report is signed and sent to %(count)s recipients.",
                count,
            )
            messages.success(request, text % {"count": count})
            return redirect("term_report", term_id, code)
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, term, desk, form, reasons)


@require_POST
@needs(Duty.RECEIVE_REPORT)
def receive(request: PageRequest, term_id: UUID, code: str) -> HttpResponse:
    """Sign for it; from the list of what has arrived, back to the list."""
    _term, desk = _find(request, term_id, code)
    now = clock.now()
    receipts.sign(request.scope, desk.obligation, now)
    audit.record(request.scope, "term_report.receive", _subject(desk), now=now)
    messages.success(request, _("You have signed for the report."))
    if request.POST.get("back") == "list":
        return redirect("filings")
    return redirect("term_report", term_id, code)


def _find(request: PageRequest, term_id: UUID, code: str) -> tuple[Term, Desk]:
    term = filings.term_for(request.scope, term_id)
    key = f"{FilingKind.TERM_REPORT}:{term.public_id}:{code}"
    return term, filings.desk_of(request.scope, key)


def _subject(desk: Desk) -> str:
    filing = desk.filing
    return f"filing:{filing.public_id}" if filing else f"obligation:{desk.obligation.public_id}"


def _page(
    request: PageRequest,
    term: Term,
    desk: Desk,
    form: SendForm | None,
    reasons: Sequence[Reason],
) -> HttpResponse:
    now = clock.now()
    audit.record(request.scope, "term_report.read", _subject(desk), now=now)
    frozen, scope = desk.frozen, request.scope
    context: dict[str, Any] = {
        "term": term,
        "desk": desk,
        "standing": standing(desk.obligation, working_calendar(), now),
        "receipts": desk.receipts,
        "to_sign": _unsigned(request, desk),
        "reasons": reasons,
        "sees_progress": scope.everything or scope.may(Duty.RECEIVE_REPORT),
    }
    if frozen:
        context |= {**parts(request, desk), "shown": frozen}
        context["paper"] = filings.copy_for(desk, frozen)
    again = desk.filing is not None and desk.filing.state == FilingState.SENT_BACK
    if frozen is None or again:
        context |= _draft(request, term, desk, form, now)
    status = REFUSED if reasons or (form and form.errors) else 200
    return render(request, "reporting/term_report.html", context, status=status)


def _draft(
    request: PageRequest, term: Term, desk: Desk, form: SendForm | None, now: datetime
) -> dict[str, Any]:
    """What would be signed now, who would get it, and the form for whoever may sign."""
    if not desk.full:
        return {}
    found = services.facts(term, desk.body, now)
    filing = desk.filing
    remarks = filing.remarks if filing else ""
    seen = {"version": filing.version if filing else 1, "remarks": remarks}
    may_sign = filings.signer(request.scope, desk.body) is not None
    today = now.astimezone(CHINA).date()
    return {
        "draft": True,
        "paper": services.draft_paper(found, desk.obligation, remarks, now),
        "recipients": list(term_report.recipients(desk.body, found.places, today)),
        "census_missing": found.census is None,
        "census_href": services.census_href(found),
        "form": (form or SendForm(initial=seen)) if may_sign and found.census else None,
    }


def _unsigned(request: PageRequest, desk: Desk) -> bool:
    """A body of this person has it and has not signed for it."""
    mine = request.scope.agency_ids
    return request.scope.may(Duty.RECEIVE_REPORT) and any(
        one.received_at is None and one.recipient_id in mine for one in desk.receipts
    )

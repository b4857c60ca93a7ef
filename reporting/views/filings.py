"""Reports: what lies on the desk, one filing as it was signed, its documents, slips, decision."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.access import require
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from reporting import exports
from reporting.forms import DecideForm, SlipForm
from reporting.models import Filing
from reporting.queries import filing_list, filings
from reporting.queries.filings import Desk
from reporting.rules.filings import FilingState
from reporting.services import filings as services
from reporting.services.filings import Signing

REFUSED = 422


@needs(Duty.SEE_FILINGS)
def list_of(request: PageRequest) -> HttpResponse:
    """To write, arrived, to decide on, and what the own body has signed."""
    now = clock.now()
    found = filing_list.lists(request.scope, now)
    audit.record(request.scope, "filing.list", "filings", now=now, arrived=len(found.arrived))
    return render(request, "reporting/filings.html", {"found": found})


@needs(Duty.SEE_FILINGS)
def one(request: PageRequest, filing_id: UUID) -> HttpResponse:
    """What was signed, as this reader may have it; before that its working page."""
    filing, desk = _find(request, filing_id)
    if desk.frozen is None:
        return redirect(desk.obligation.href)
    return _page(request, filing, desk)


@needs(Duty.SEE_FILINGS)
def as_pdf(request: PageRequest, filing_id: UUID) -> HttpResponse:
    _filing, desk = _find(request, filing_id)
    return exports.pdf_of(request.scope, desk, clock.now(), request.GET.get("round", ""))


@needs(Duty.SEE_FILINGS)
def as_workbook(request: PageRequest, filing_id: UUID) -> HttpResponse:
    _filing, desk = _find(request, filing_id)
    return exports.workbook_of(request.scope, desk, clock.now(), request.GET.get("round", ""))


@require_POST
@needs(Duty.SIGN_FILING)
def slip(request: PageRequest, filing_id: UUID) -> HttpResponse:
    """A correction slip, written by the body that signed."""
    filing, desk = _find(request, filing_id)
    post = filings.signer(request.scope, filing.agency)
    if post is None:
        raise NotPermitted(Reason("duty", _("Only the body that signed may correct it.")))
    form, now = SlipForm(request.POST), clock.now()
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        try:
            made = services.add_slip(filing, form.cleaned_data["text"], Signing(post, now))
            subject = f"filing:{filing.public_id}"
            audit.record(
                request.scope, "filing.slip", subject, now=now, post=post, number=made.number
            )
            messages.success(request, _("The correction slip stands beside the report."))
            return redirect("filing", filing_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, filing, desk, slip_form=form, slip_reasons=reasons)


@require_POST
@needs(Duty.DECIDE_FILING)
def decide(request: PageRequest, filing_id: UUID) -> HttpResponse:
    """The bureau confirms a filing, or sends it back with a reason."""
    filing, desk = _find(request, filing_id)
    post = require(request.scope, Duty.DECIDE_FILING)
    if not _may_decide(request, filing):
        raise NotPermitted(Reason("own", _("Nobody decides on a report of the own body.")))
    form, now = DecideForm(request.POST), clock.now()
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        confirmed = form.cleaned_data["decision"] == DecideForm.CONFIRM
        try:
            how = Signing(post, now)
            services.decide(filing, form.cleaned_data["reason"], how, confirmed=confirmed)
            verb = "filing.confirm" if confirmed else "filing.send_back"
            audit.record(request.scope, verb, f"filing:{filing.public_id}", now=now, post=post)
            messages.success(request, _("The decision is recorded, and the body is told."))
            return redirect("filing", filing_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, filing, desk, decide_form=form, decide_reasons=reasons)


def _find(request: PageRequest, filing_id: UUID) -> tuple[Filing, Desk]:
    filing = filings.one(request.scope, filing_id)
    return filing, filings.desk_of(request.scope, services.key_of(filing))


def _may_decide(request: PageRequest, filing: Filing) -> bool:
    scope = request.scope
    return scope.may(Duty.DECIDE_FILING) and filing.agency_id not in scope.agency_ids


def _page(request: PageRequest, filing: Filing, desk: Desk, **given: Any) -> HttpResponse:
    """given: a form that was refused, with its reasons."""
    frozen = exports.of_round(desk, request.GET.get("round", ""))
    now = clock.now()
    subject = f"filing:{filing.public_id}"
    audit.record(request.scope, "filing.read", subject, now=now, round=frozen.round)
    context = {
        **parts(request, desk),
        "shown": frozen,
        "paper": filings.copy_for(desk, frozen),
        "href": desk.obligation.href,
        **given,
    }
    wrong = any(name.endswith("_form") for name in given)
    return render(request, "reporting/filing.html", context, status=REFUSED if wrong else 200)


def parts(request: PageRequest, desk: Desk) -> dict[str, Any]:
    """What every page of a signed filing shows beside the paper: rounds, slips, the two forms."""
    filing = desk.filing
    if filing is None:
        raise NotVisible
    may_sign = filings.signer(request.scope, filing.agency) is not None
    waits = filing.state == FilingState.SUBMITTED and _may_decide(request, filing)
    return {
        "filing": filing,
        "desk": desk,
        "rounds": filing.papers.select_related("signed_by__user").order_by("-round"),
        "slips": filing.slips.select_related("by__user").order_by("number"),
        "decided_by": filing.decided_by,
        "slip_form": SlipForm() if may_sign else None,
        "decide_form": DecideForm() if waits else None,
    }

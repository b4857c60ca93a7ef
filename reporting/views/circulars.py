"""Circulars: the list, drawing one, one of them with its figures, issuing it, signing for it."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.views.base import PageRequest, needs
from reporting.accountability_forms import AddressForm, CircularForm, WordsForm
from reporting.models import Circular
from reporting.queries import circulars as queries
from reporting.queries.talks import talk_for
from reporting.rate_forms import year_name
from reporting.rules.circulars import CLAUSE, CircularState
from reporting.rules.rates import DEFINITIONS, Measure, Stage
from reporting.services import circulars
from reporting.services.circulars import Draft, Seen
from reporting.views.talks import form_page, uuid_of
from students.rules.identity import school_year_of
from students.views.paging import slice_of

REFUSED = 422


@require_GET
@needs(Duty.SEE_CIRCULARS)
def list_of(request: PageRequest) -> HttpResponse:
    """Circulars that reached me; for those who draw them also the drafts."""
    rows, more = slice_of(request, queries.circulars(request.scope))
    context = {
        "rows": [(row, year_name(row.school_year)) for row in rows],
        "next_cursor": more,
        "may_draw": request.scope.may(Duty.HOLD_TALK),
    }
    return render(request, "accountability/circulars.html", context)


@require_GET
@needs(Duty.SEE_CIRCULARS)
def show(request: PageRequest, circular_id: UUID) -> HttpResponse:
    return _page(request, queries.circular_for(request.scope, circular_id))


def _page(
    request: PageRequest,
    row: Circular,
    reasons: Sequence[Reason] = (),
    form: WordsForm | None = None,
) -> HttpResponse:
    scope = request.scope
    is_draft = row.state == CircularState.DRAFT
    told = queries.receipts(row)
    words = {"version": row.version, "title": row.title, "text": row.text}
    context = {
        "row": row,
        "reasons": reasons,
        "clause": CLAUSE,
        "year_name": year_name(row.school_year),
        "definition": DEFINITIONS[Measure(row.measure)],
        "figures": [(one, stage_name(one["stage"])) for one in row.figures],
        "is_draft": is_draft,
        "changes": [(one, stage_name(one.stage)) for one in queries.changes(row, scope.on)]
        if is_draft
        else [],
        "form": form or WordsForm(initial=words),
        "recipients": row.recipients.order_by("kind", "name"),
        "address_form": _address_form(scope, row) if is_draft else None,
        "receipts": told,
        "due_at": told[0].obligation.due_at if told else None,
        "mine": any(
            one.recipient_id in scope.agency_ids and one.received_at is None for one in told
        ),
        "may_draw": scope.may(Duty.HOLD_TALK),
        "may_issue": scope.may(Duty.ISSUE_CIRCULAR),
    }
    refused = bool(reasons) or bool(form and form.errors)
    return render(
        request, "accountability/circular.html", context, status=REFUSED if refused else 200
    )


def _address_form(scope: Scope, row: Circular) -> AddressForm:
    told = [str(one) for one in row.recipients.values_list("public_id", flat=True)]
    first = {"version": row.version, "recipients": told}
    return AddressForm(initial=first, bodies=queries.recipients(scope.county_id, scope.on))


def stage_name(stage: str) -> object:
    return Stage(stage).label if stage else ""


@needs(Duty.HOLD_TALK)
def new(request: PageRequest) -> HttpResponse:
    """Draw a circular, of ?talk= or freely; units with an open alert are proposed."""
    scope = request.scope
    wanted = request.GET.get("talk", "")
    talk = talk_for(scope, uuid_of(wanted)) if wanted else None
    first = {"units": queries.with_alerts(scope.county_id)}
    form = CircularForm(
        request.POST or None,
        initial=first,
        units=queries.units(scope.county_id, scope.on),
        bodies=queries.recipients(scope.county_id, scope.on),
        this_year=school_year_of(scope.on),
    )

    def work() -> Circular:
        given = form.cleaned_data
        draft = Draft(
            given["client_id"],
            given["title"],
            given["text"],
            given["measure"],
            given["school_year"],
            tuple(given["units"]),
            form.told().recipients,
            talk=talk.public_id if talk else None,
            groups=form.told().groups,
        )
        return circulars.draft(scope, draft, clock.now())

    page = {"label": _("Draw a circular"), "row": talk, "back": "circulars"}
    return form_page(request, form, work, "circular", page)


@require_POST
@needs(Duty.HOLD_TALK)
def redraw(request: PageRequest, circular_id: UUID) -> HttpResponse:
    form = WordsForm(request.POST)

    def work() -> object:
        seen = Seen(**form.cleaned_data)
        return circulars.redraw(request.scope, circular_id, seen, clock.now())

    return _done(request, circular_id, work, form)


@require_POST
@needs(Duty.HOLD_TALK)
def address(request: PageRequest, circular_id: UUID) -> HttpResponse:
    """Whom the draft goes to: one can be left out, or a group added."""
    bodies = queries.recipients(request.scope.county_id, request.scope.on)
    form = AddressForm(request.POST, bodies=bodies)
    version = _version(request)

    def work() -> object:
        if not form.is_valid():
            raise RuleBroken(Reason("recipients", _("There is no such body."), "/recipients"))
        return circulars.address(request.scope, circular_id, version, form.told(), clock.now())

    return _done(request, circular_id, work)


@require_POST
@needs(Duty.ISSUE_CIRCULAR)
def issue(request: PageRequest, circular_id: UUID) -> HttpResponse:
    version = _version(request)
    return _done(
        request,
        circular_id,
        lambda: circulars.issue(request.scope, circular_id, version, clock.now()),
    )


@require_POST
@needs(Duty.HOLD_TALK)
def drop(request: PageRequest, circular_id: UUID) -> HttpResponse:
    version = _version(request)
    return _done(
        request,
        circular_id,
        lambda: circulars.drop(request.scope, circular_id, version, clock.now()),
    )


@require_POST
@needs(Duty.SEE_CIRCULARS)
def sign(request: PageRequest, circular_id: UUID) -> HttpResponse:
    return _done(
        request, circular_id, lambda: circulars.sign(request.scope, circular_id, clock.now())
    )


def _version(request: PageRequest) -> int:
    """The version that was on the screen; none fits no draft."""
    text = request.POST.get("version", "")[:9]
    return int(text) if text.isdecimal() else 0


def _done(
    request: PageRequest,
    circular_id: UUID,
    work: Callable[[], object],
    form: WordsForm | None = None,
) -> HttpResponse:
    row = queries.circular_for(request.scope, circular_id)
    reasons: Sequence[Reason] = ()
    if form is None or form.is_valid():
        try:
            work()
            return redirect("circular", circular_id)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, row, reasons, form)

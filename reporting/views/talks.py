"""Accountability talks: the list, calling one, one of them with its steps."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from reporting.accountability_forms import EVERY_LEADER, CallForm, TalkFilter, TalkStepForm
from reporting.models import Talk
from reporting.queries import rates
from reporting.queries import talks as queries
from reporting.queries.alerts import alert_for
from reporting.rate_forms import year_name
from reporting.rules.talks import CLAUSE, LEADERS, TalkDeed
from reporting.services import talks
from reporting.services.talks import Wanted
from students.views.paging import slice_of

REFUSED = 422


@require_GET
@needs(Duty.SEE_RATES)
def list_of(request: PageRequest) -> HttpResponse:
    """Talks in sight, the running ones unless asked otherwise; 50 on a page."""
    filters = TalkFilter(request.GET.dict())
    state = filters.cleaned_data["state"] if filters.is_valid() else ""
    rows, more = slice_of(request, queries.talks(request.scope, state))
    context = {
        "filters": filters,
        "lines": queries.lines(rows, clock.now()),
        "next_cursor": more,
        "may_call": request.scope.may(Duty.HOLD_TALK),
    }
    return render(request, "accountability/talks.html", context)


@require_GET
@needs(Duty.SEE_RATES)
def show(request: PageRequest, talk_id: UUID) -> HttpResponse:
    """One talk: why, who, the steps so far and those that I may take."""
    scope, now = request.scope, clock.now()
    row = queries.talk_for(scope, talk_id)
    audit.record(scope, "talk.read", f"talk:{row.public_id}", now=now)
    context = {
        "row": row,
        "full": queries.full(scope, row, now),
        "year_name": year_name(row.school_year),
        "clause": CLAUSE,
        "may_draw": scope.may(Duty.HOLD_TALK),
    }
    return render(request, "accountability/talk.html", context)


@needs(Duty.HOLD_TALK)
def call(request: PageRequest) -> HttpResponse:
    """Call the leader of a unit: of ?alert=, or of a unit to be chosen."""
    scope = request.scope
    alert = alert_for(scope, uuid_of(request.GET["alert"])) if request.GET.get("alert") else None
    bodies = queries.above(scope.county_id, scope.on)
    form = CallForm(
        request.POST or None,
        initial={
            "planned_on": scope.on,
            "reason": queries.proposed_reason(alert) if alert else "",
        },
        units=None if alert else rates.visible(scope, scope.on),
        positions=LEADERS[alert.area.kind] if alert else EVERY_LEADER,
        bodies=bodies,
    )

    def work() -> Talk:
        given = form.cleaned_data
        kind, _colon, key = given.get("unit", "").partition(":")
        wanted = Wanted(
            given["client_id"],
            given["position"],
            given["planned_on"],
            given["reason"],
            alert=alert.public_id if alert else None,
            unit=(kind, key),
            by=UUID(given["by"]),
        )
        return talks.call(scope, wanted, clock.now())

    page = {"label": _("Call to a talk"), "alert": alert, "back": "talks"}
    return form_page(request, form, work, "talk", page)


def uuid_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotVisible from error


@needs(Duty.SEE_RATES)
def step(request: PageRequest, talk_id: UUID, deed: str) -> HttpResponse:
    """One step of a talk: a form with what it needs."""
    scope = request.scope
    row = queries.talk_for(scope, talk_id)
    if deed not in TalkDeed.values:
        raise NotVisible
    if not queries.may_take(scope, row, TalkDeed(deed)):
        return redirect("talk", talk_id)
    form = TalkStepForm(
        request.POST or None,
        initial={"on": scope.on},
        deed=TalkDeed(deed),
        items=list(row.items.all()),
    )

    def work() -> Talk:
        return talks.take(scope, talk_id, TalkDeed(deed), form.step(), clock.now())

    page = {"label": TalkDeed(deed).label, "row": row}
    return form_page(request, form, work, "talk", page)


def form_page(
    request: PageRequest,
    form: BaseForm,
    work: Callable[[], Model],
    route: str,
    page: Mapping[str, object],
) -> HttpResponse:
    """A form: refused with reasons and what was typed, or on to the page of what it made."""
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(route, work().public_id)  # type: ignore[attr-defined]
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
    status = REFUSED if reasons or form.errors else 200
    context = {"form": form, "reasons": reasons, **page}
    return render(request, "accountability/form.html", context, status=status)

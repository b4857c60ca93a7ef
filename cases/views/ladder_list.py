"""The ladder of the county: its rungs with basis, period and who may; changed from a day on."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies import clock
from agencies.errors import DomainError, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from cases.ladder_forms import EndForm, RungForm
from cases.models import LadderRung
from cases.queries import ladder as queries
from cases.services import ladder_list as services
from cases.services.ladder_list import Wanted

REFUSED = 422


@require_GET
@needs(Duty.MANAGE_LISTS)
def show(request: PageRequest) -> HttpResponse:
    """All rungs, those that come or have ended as well."""
    rungs = queries.list_page(request.scope.county_id, request.scope.on)
    return render(request, "cases/ladder_list.html", {"rungs": rungs})


@require_http_methods(["GET", "POST"])
@needs(Duty.MANAGE_LISTS)
def change(request: PageRequest, key: str) -> HttpResponse:
    """Another form of a rung from a day on."""
    row = _row(request, key)
    fields = ("name", "basis", "positions", "days", "counting", "law")
    initial = {name: getattr(row, name) for name in fields} | {"starts_on": request.scope.on}
    form = RungForm(request.POST or None, initial=initial)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        day = given.pop("starts_on")
        wanted = Wanted(**given | {"positions": tuple(given["positions"])})
        try:
            services.change(request.scope, key, wanted, day, clock.now())
            messages.success(request, _("The ladder is changed."))
            return redirect("ladder_list")
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, row, form, EndForm(initial={"starts_on": request.scope.on}), reasons)


@require_POST
@needs(Duty.MANAGE_LISTS)
def end(request: PageRequest, key: str) -> HttpResponse:
    """The rung is no longer offered from a day on."""
    row = _row(request, key)
    form = EndForm(request.POST, auto_id="end_%s")
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        try:
            services.end(request.scope, key, form.cleaned_data["starts_on"], clock.now())
            messages.success(request, _("The ladder is changed."))
            return redirect("ladder_list")
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, row, None, form, reasons)


def _row(request: PageRequest, key: str) -> LadderRung:
    row = queries.latest(request.scope.county_id, key)
    if row is None:
        raise NotVisible
    return row


def _page(
    request: PageRequest,
    row: LadderRung,
    form: RungForm | None,
    end_form: EndForm,
    reasons: Sequence[Reason],
) -> HttpResponse:
    """Both forms; the one that was not sent stands as at first."""
    wrong = reasons or end_form.errors or (form and form.errors)
    context = {"row": row, "form": form, "end_form": end_form, "reasons": reasons}
    return render(request, "cases/ladder_rung.html", context, status=REFUSED if wrong else 200)

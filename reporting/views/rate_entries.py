"""Figures of earlier years and yearly targets: entered, replaced, taken out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import Reason
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.views.base import PageRequest, needs, tried
from reporting.models import Target, YearlyValue
from reporting.queries import rates as queries
from reporting.rate_forms import EnterForm, OfUnitForm, TargetForm, year_name
from reporting.rules.accountability import NewTarget
from reporting.rules.areas import Area
from reporting.rules.entered import PARTS, Entered
from reporting.services import rates
from students.rules.identity import school_year_of
from students.views.paging import slice_of

REFUSED = 422


@require_GET
@needs(Duty.KEEP_RATES)
def show(request: PageRequest) -> HttpResponse:
    """What was entered, and the two forms."""
    return _page(request)


@require_POST
@needs(Duty.KEEP_RATES)
def enter(request: PageRequest) -> HttpResponse:
    """A figure of a year without rosters."""
    form = EnterForm(request.POST, units=_units(request.scope))

    def work(given: dict[str, Any]) -> None:
        entered = Entered(
            given["measure"],
            given["stage"],
            given["school_year"],
            given["source"],
            given["numerator"],
            given["denominator"],
            {name: given[name] for name in PARTS},
        )
        rates.enter(request.scope, _unit(request.scope, form), entered, clock.now())

    reasons = tried(form, work)
    if reasons is not None:
        return _page(request, form, reasons)
    messages.success(request, _("The figure is entered."))
    return redirect("rate_entries")


@require_POST
@needs(Duty.KEEP_RATES)
def set_target(request: PageRequest) -> HttpResponse:
    """What is asked of a unit in a school year."""
    form = TargetForm(request.POST, units=_units(request.scope))

    def work(given: dict[str, Any]) -> None:
        new = NewTarget(
            given["measure"], given["stage"], given["school_year"], given["limit"], given["source"]
        )
        rates.set_target(request.scope, _unit(request.scope, form), new, clock.now())

    reasons = tried(form, work)
    if reasons is not None:
        return _page(request, form, reasons)
    messages.success(request, _("The target is set."))
    return redirect("rate_entries")


@require_POST
@needs(Duty.KEEP_RATES)
def take_out_value(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """It was entered by mistake."""
    rates.take_out(request.scope, "value", entry_id, clock.now())
    messages.success(request, _("The figure is taken out."))
    return redirect("rate_entries")


@require_POST
@needs(Duty.KEEP_RATES)
def take_out_target(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """It was set by mistake."""
    rates.take_out(request.scope, "target", entry_id, clock.now())
    messages.success(request, _("The target is taken out."))
    return redirect("rate_entries")


def _units(scope: Scope) -> list[Area]:
    return queries.visible(scope, scope.on)


def _unit(scope: Scope, form: OfUnitForm) -> Area:
    kind, _colon, key = form.cleaned_data["unit"].partition(":")
    return queries.unit_for(scope, kind, key, scope.on)


def _page(
    request: PageRequest, bound: OfUnitForm | None = None, reasons: Sequence[Reason] = ()
) -> HttpResponse:
    scope = request.scope
    units = _units(scope)
    this_year = school_year_of(scope.on)
    values, more = slice_of(request, queries.entered(YearlyValue, scope))
    enters = EnterForm(units=units, initial={"school_year": this_year - 1})
    targets = TargetForm(units=units, initial={"school_year": this_year})
    is_target = isinstance(bound, TargetForm)
    context = {
        "values": [(row, year_name(row.school_year)) for row in values],
        "next_cursor": more,
        "targets": [(row, year_name(row.school_year)) for row in queries.entered(Target, scope)],
        "enter_form": bound if bound and not is_target else enters,
        "target_form": bound if is_target else targets,
        "enter_reasons": () if is_target else reasons,
        "target_reasons": reasons if is_target else (),
        "is_target": is_target,
    }
    return render(request, "reporting/rate_entries.html", context, status=REFUSED if bound else 200)

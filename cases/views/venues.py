"""The register of places that are looked into: list, entry, one place with its inspections."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from cases import access
from cases.inspection_forms import VenueFilter, VenueForm
from cases.models import Venue
from cases.queries import venues as queries
from cases.services import venues
from cases.services.venues import Entry
from students.views.paging import slice_of

REFUSED = 422


@require_GET
@needs(Duty.INSPECT)
def listed(request: PageRequest) -> HttpResponse:
    """The register, 50 on a page."""
    scope = request.scope
    form = VenueFilter(request.GET.dict(), townships=queries.townships(scope))
    form.is_valid()
    given = form.cleaned_data
    rows = queries.rows(scope, given.get("kind", ""), given.get("township", ""), given.get("q", ""))
    found, more = slice_of(request, rows)
    context = {
        "lines": [queries.line(row, scope.on) for row in found],
        "filters": form,
        "next_cursor": more,
    }
    return render(request, "inspections/venues.html", context)


@require_GET
@needs(Duty.INSPECT)
def one(request: PageRequest, venue_id: UUID) -> HttpResponse:
    """One place with its approval and its inspections."""
    row = access.venue_for(request.scope, venue_id)
    rows = Venue.objects.filter(pk=row.pk)
    context = {
        "line": queries.line(queries.with_facts(rows).get(), request.scope.on),
        "inspections": queries.history(request.scope, row)[:50],
    }
    return render(request, "inspections/venue.html", context)


@needs(Duty.INSPECT)
def new(request: PageRequest) -> HttpResponse:
    return _form(
        request, None, {}, lambda entry: venues.register(request.scope, entry, clock.now())
    )


@needs(Duty.INSPECT)
def change(request: PageRequest, venue_id: UUID) -> HttpResponse:
    """Write an entry down anew, for example with a new approval."""
    row = access.venue_for(request.scope, venue_id)
    first = {
        "client_id": row.client_id,
        "version": row.version,
        "region": row.region.code,
        "near": row.near.code if row.near else "",
        **{
            name: getattr(row, name)
            for name in (
                "kind",
                "name",
                "address",
                "approved_by",
                "approval_number",
                "approval_until",
                "schooling",
            )
        },
    }
    return _form(
        request,
        row,
        first,
        lambda entry: venues.change(request.scope, venue_id, entry, clock.now()),
    )


def _form(
    request: PageRequest,
    row: Venue | None,
    first: dict[str, object],
    work: Callable[[Entry], Venue],
) -> HttpResponse:
    form = VenueForm(
        request.POST or None,
        initial=first,
        regions=queries.regions(request.scope),
        schools=queries.schools(request.scope),
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("venue", work(Entry(**form.cleaned_data)).public_id)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
    context = {
        "form": form,
        "reasons": reasons,
        "row": row,
        "title": _("Change the entry") if row else _("Enter a place"),
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "inspections/venue_form.html", context, status=status)

"""What comes of an inspection: children found there, and results that everybody may read."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from cases import access
from cases.inspection_forms import FoundForm, PublishForm, ReasonForm
from cases.models import Inspection
from cases.queries import inspections as queries
from cases.queries import tips as places
from cases.services import found_children as services
from cases.services import publications
from cases.services.found_children import Child
from cases.services.publications import Text
from cases.views.found import found_children
from cases.views.inspections import form_page
from students.views.paging import slice_of

REFUSED = 422
SEARCHED = "inspection_searched"


@needs(Duty.OPEN_CASE)
def children(request: PageRequest, inspection_id: UUID) -> HttpResponse:
    """Find the child among those of the own area, then record it: a case follows."""
    row = access.inspection_for(request.scope, inspection_id)
    if request.method == "POST" and "q" in request.POST:
        request.session[SEARCHED] = request.POST["q"].strip()[:40]
        return redirect("inspection_children", inspection_id)
    form = FoundForm(request.POST or None, initial={"since": row.held_on or request.scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            found = Child(**form.cleaned_data)
            services.add(request.scope, inspection_id, found, clock.now())
            request.session.pop(SEARCHED, None)
            return redirect("inspection", inspection_id)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
    return _search_page(request, row, form, reasons)


def _search_page(
    request: PageRequest, row: Inspection, form: FoundForm, reasons: Sequence[Reason]
) -> HttpResponse:
    context = {"row": row, "form": form, "reasons": reasons, **found_children(request, SEARCHED)}
    status = REFUSED if reasons or form.errors else 200
    return render(request, "inspections/children.html", context, status=status)


@needs(Duty.PUBLISH_RESULTS)
def publish(request: PageRequest, inspection_id: UUID) -> HttpResponse:
    """Write what everybody may read; names and numbers of persons are refused word for word."""
    row = access.inspection_for(request.scope, inspection_id)
    first = {"title": row.place[:80], "text": queries.proposed_text(row)}
    form = PublishForm(request.POST or None, initial=first)

    def work() -> Inspection:
        publications.publish(request.scope, inspection_id, Text(**form.cleaned_data), clock.now())
        return row

    return form_page(request, row, form, _("Publish the result"), work)


@needs(Duty.PUBLISH_RESULTS)
def withdraw(request: PageRequest, publication_id: UUID) -> HttpResponse:
    shown = access.publication_for(request.scope, publication_id)
    form = ReasonForm(request.POST or None)

    def work() -> Inspection:
        reason = form.cleaned_data["reason"]
        publications.withdraw(request.scope, publication_id, reason, clock.now())
        return shown.inspection

    label = _("Take the publication back")
    return form_page(request, shown.inspection, form, label, work)


@login_not_required
@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """Results of inspections for everybody (S1-73): no login, no cookie, nobody's data."""
    counties = places.counties(clock.today())
    wanted = request.GET.get("county", "")
    county = next((one for one in counties if one.code == wanted), None)
    county = counties[0] if county is None and len(counties) == 1 else county
    context: dict[str, object] = {"counties": counties, "county": county}
    if county:
        found, more = slice_of(request, queries.published(county.pk))
        context |= {"rows": found, "next_cursor": more}
    return render(request, "inspections/public.html", context)

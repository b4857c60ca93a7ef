"""The zones of the schools: the list by township, and a new school for a place."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agencies import clock
from agencies.errors import NotPossible, NotVisible, RuleBroken
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from students.admission_forms import TownshipForm, ZoneForm
from students.models import Catchment
from students.queries import catchments as queries
from students.rules.admission import ENTRY_GRADES
from students.services import catchments


@require_GET
@needs(Duty.DRAW_ZONES)
def zones(request: PageRequest) -> HttpResponse:
    """One township at a time: its own zone, then its villages."""
    scope = request.scope
    townships = queries.regions_of(scope.county_id, scope.on).filter(level="township")
    filters = TownshipForm(request.GET or None, townships=townships.order_by("path"))
    chosen = filters.cleaned_data["township"] if filters.is_valid() else None
    chosen = chosen or townships.order_by("path").first()
    rows = queries.places(scope.county_id, scope.on, chosen.path) if chosen else []
    shown = TownshipForm(
        {"township": chosen.code if chosen else ""}, townships=townships.order_by("path")
    )
    return render(
        request, "students/catchments.html", {"filters": shown, "rows": rows, "township": chosen}
    )


@require_http_methods(["GET", "POST"])
@needs(Duty.DRAW_ZONES)
def change(request: PageRequest, code: str, grade: int) -> HttpResponse:
    """Another school for a place and grade, from a day on."""
    scope = request.scope
    region = queries.region_for(scope, code)
    if grade not in ENTRY_GRADES:
        raise NotVisible
    now = Catchment.objects.on(scope.on).filter(region=region, grade=grade).first()
    first = {"on": _next_autumn(scope.on), "school": now and now.school.public_id}
    schools = queries.schools_on(scope.county_id, scope.on)
    form = ZoneForm(request.POST or None, initial=first, schools=schools)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            catchments.draw(scope, region, grade, given["school"], given["on"], clock.now())
        except (RuleBroken, NotPossible) as refused:
            for reason in refused.reasons:
                form.add_error(reason.pointer.removeprefix("/") or None, str(reason.text))
        else:
            messages.success(request, _("The zone is changed."))
            return redirect(f"/admission/zones/?township={region.code[:9]}000")
    township = f"{region.code[:9]}000"
    context = {"form": form, "region": region, "grade": grade, "township": township}
    status = 422 if form.errors else 200
    return render(request, "students/catchment_form.html", context, status=status)


def _next_autumn(today: date) -> date:
    """Zones change with a school year."""
    this = date(today.year, 9, 1)
    return this if today <= this else date(today.year + 1, 9, 1)

"""Who is lawfully away today: ended without return first, then what ends soon; to print as well."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.queries.policy import in_force
from agencies.rules.duties import Duty
from agencies.rules.policy import Key
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.placement_forms import AwayFilterForm
from students.queries import placements as queries
from students.queries.placements import Filters
from students.rules.enrollment import PlacementKind
from students.views.paging import slice_of

ON_PAPER = 3000  # rows


@require_GET
@needs(Duty.ASK_PLACEMENT)
def away(request: PageRequest) -> HttpResponse:
    """All placements of today by kind, and the applications that wait."""
    rows, context = _listed(request)
    found, more = slice_of(request, rows)
    scope = request.scope
    audit.record(scope, "placement.list", "placements", now=clock.now(), shown=len(found))
    soon: int = context["soon_days"]  # type: ignore[assignment]
    context |= {
        "lines": [queries.line(row, scope.on, soon) for row in found],
        "next_cursor": more,
        "waiting": queries.applications(scope).waiting().order_by("asked_on", "pk")[:50],  # type: ignore[attr-defined]
    }
    return render(request, "students/away.html", context)


@require_GET
@needs(Duty.ASK_PLACEMENT)
def away_print(request: PageRequest) -> HttpResponse:
    """The same list on paper."""
    rows, context = _listed(request)
    scope = request.scope
    found = list(rows[:ON_PAPER])
    audit.record(scope, "placement.print", "placements", now=clock.now(), shown=len(found))
    soon: int = context["soon_days"]  # type: ignore[assignment]
    context["lines"] = [queries.line(row, scope.on, soon) for row in found]
    return render(request, "students/away_print.html", context)


def _listed(request: PageRequest):  # type: ignore[no-untyped-def]
    scope = request.scope
    form = AwayFilterForm(request.GET.dict())
    form.is_valid()
    asked = Filters(form.cleaned_data.get("kind", ""), form.cleaned_data.get("part", ""))
    soon_days = in_force(scope.county_id, scope.on).number(Key.PLACEMENT_SOON_DAYS)
    rows = queries.away(scope)
    counts = queries.counts(rows, scope.on, soon_days)
    context = {
        "filters": form,
        "query": request.GET.urlencode(),
        "soon_days": soon_days,
        "on": scope.on,
        "kinds": [
            {"value": kind.value, "label": kind.label, **counts[kind.value]}
            for kind in PlacementKind
            if kind.value in counts
        ],
        "total": sum(one["all"] for one in counts.values()),
        "ended": sum(one["ended"] for one in counts.values()),
        "soon": sum(one["soon"] for one in counts.values()),
    }
    return queries.listed(rows, asked, scope.on, soon_days), context

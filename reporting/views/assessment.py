"""The yearly assessment of a year: the sheets in official order, their scheme, drawing them."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.views.base import PageRequest, needs
from reporting.assessment_forms import AssessmentFilter, DrawForm, SchemeForm, of_scheme
from reporting.documents.assessment_paper import name
from reporting.models import Scheme
from reporting.queries import assessment as queries
from reporting.rate_forms import year_name
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import CLAUSES, total
from reporting.rules.assessment_indicators import CATALOGUE
from reporting.services import assessment
from students.rules.identity import school_year_of
from students.views.paging import slice_of

REFUSED = 422


@require_GET
@needs(Duty.SEE_ASSESSMENTS)
def list_of(request: PageRequest) -> HttpResponse:
    """The sheets of a year and kind, by the official order of the units, 50 on a page."""
    return _list(request, request.GET.dict())


def _list(
    request: PageRequest, asked: dict[str, str], reasons: Sequence[Reason] = ()
) -> HttpResponse:
    scope, this_year = request.scope, school_year_of(request.scope.on)
    kinds = queries.kinds_for(scope)
    if not kinds:
        raise NotVisible
    first = {"year": str(this_year), "kind": kinds[0].value}
    filters = AssessmentFilter({**first, **asked}, this_year=this_year, kinds=kinds)
    given = filters.cleaned_data if filters.is_valid() else {}
    year: int = given.get("year") or this_year
    kind = AreaKind(given.get("kind") or kinds[0])
    rows, more = slice_of(request, queries.sheets(scope, kind, year))
    may_keep = scope.may(Duty.KEEP_ASSESSMENTS)
    context = {
        "filters": filters,
        "reasons": reasons,
        "kind": kind,
        "year": year,
        "year_name": year_name(year),
        "clause": CLAUSES[kind][0],
        "scheme": queries.scheme_of(scope.county_id, kind, year),
        "rows": [(row, total(row.items)) for row in rows],
        "next_cursor": more,
        "may_keep": may_keep,
        "missing": queries.without_sheet(scope, kind, year) if may_keep else [],
    }
    return render(request, "assessment/list.html", context, status=REFUSED if reasons else 200)


@require_POST
@needs(Duty.KEEP_ASSESSMENTS)
def draw(request: PageRequest) -> HttpResponse:
    """Draw the sheets that are missing."""
    form = DrawForm(request.POST)
    if not form.is_valid():
        raise NotVisible
    kind, year = form.cleaned_data["kind"], form.cleaned_data["year"]
    try:
        made = assessment.draw(request.scope, kind, year, clock.now())
    except (NotPermitted, NotVisible):
        raise
    except DomainError as refused:
        return _list(request, {"kind": kind, "year": str(year)}, refused.reasons)
    words = ngettext("%(count)s sheet was drawn.", "%(count)s sheets were drawn.", len(made))
    messages.success(request, words % {"count": len(made)})
    return redirect(_address(kind, year))


def _address(kind: str, year: int) -> str:
    return f"{reverse('assessments')}?kind={kind}&year={year}"


@needs(Duty.SEE_ASSESSMENTS)
def scheme(request: PageRequest, kind: str, year: int) -> HttpResponse:
    """The scheme of a kind and year; the bureau sets it while no sheet was sent."""
    scope = request.scope
    if kind not in queries.kinds_for(scope):
        raise NotVisible
    row = queries.scheme_of(scope.county_id, kind, year)
    may_set = scope.may(Duty.KEEP_ASSESSMENTS)
    if row is None and not may_set:
        raise NotVisible
    if request.method == "POST" or (may_set and (row is None or not queries.were_sent(row))):
        return _set_scheme(request, AreaKind(kind), year, row)
    return _scheme_page(request, AreaKind(kind), year, row)


def _set_scheme(
    request: PageRequest, kind: AreaKind, year: int, row: Scheme | None
) -> HttpResponse:
    scope: Scope = request.scope
    form = SchemeForm(request.POST or None, initial=of_scheme(row, scope.on), kind=kind)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            assessment.set_scheme(scope, form.wanted(year), version, clock.now())
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The scheme is set."))
            return redirect(_address(kind, year))
    return _scheme_page(request, kind, year, row, form, reasons)


def _scheme_page(
    request: PageRequest,
    kind: AreaKind,
    year: int,
    row: Scheme | None,
    form: SchemeForm | None = None,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    context = {
        "kind": kind,
        "year": year,
        "year_name": year_name(year),
        "clause": CLAUSES[kind][0],
        "scheme": row,
        "items": [(one, name(one), CATALOGUE.get(one["code"])) for one in row.items] if row else [],
        "back": _address(kind, year),
        "form": form,
        "reasons": reasons,
    }
    refused = bool(reasons) or bool(form and form.errors)
    status = REFUSED if refused else 200
    return render(request, "assessment/scheme.html", context, status=status)

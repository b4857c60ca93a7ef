"""Duties of the county's document: what an agency owes, and each clause with who owes it."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import Reason, RuleBroken
from agencies.models import AgencyDuty
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import agency_duties as services
from agencies.services.agency_duties import OwnDuty
from agencies.views.base import PageRequest, needs
from reporting.duty_forms import ClauseFilterForm, EndDutyForm, OwnDutyForm
from reporting.queries import agency_duties as queries
from reporting.rules.agency_duties import FEATURES, Standing, Year, year_of
from students.views.paging import slice_of

REFUSED = 422
YEARS = 5  # school years that can be chosen


@require_GET
@needs(Duty.SEE_DUTIES)
def own(request: PageRequest) -> HttpResponse:
    """The duties of the own body."""
    return redirect("agency_duties", queries.own_agency(request.scope).public_id)


@require_GET
@needs(Duty.SEE_DUTIES)
def of_agency(request: PageRequest, agency_id: UUID) -> HttpResponse:
    """Everything that a body owes in a school year: overdue, to come, nothing recorded, done."""
    scope = request.scope
    agency, year = queries.agency_for(scope, agency_id), _year(request)
    lines = queries.of_agency(agency, year, clock.now())
    sums = Counter(line.standing for line in lines)
    wanted = request.GET.get("state", "")
    shown = [line for line in lines if line.standing == wanted] if wanted in sums else lines
    context = {
        "agency": agency,
        "predecessors": queries.predecessors([agency])[agency.pk],
        "year": year,
        "years": _years(scope),
        "sums": [(one, sums[one]) for one in Standing],
        "wanted": wanted,
        "lines": [(line, _pages(scope, line.duty)) for line in shown],
        "total": len(lines),
    }
    return render(request, "reporting/agency_duties.html", context)


@require_GET
@needs(Duty.SEE_DUTIES)
def clauses(request: PageRequest) -> HttpResponse:
    """The list of clauses, narrowed by kind, by who owes and by words."""
    form = ClauseFilterForm(request.GET.dict())
    rows, more = slice_of(request, _narrowed(request.scope, form))
    context = {
        "filters": form,
        "rows": [(row, _pages(request.scope, row)) for row in rows],
        "next_cursor": more,
        "may_set": request.scope.may(Duty.MANAGE_POLICY),
    }
    return render(request, "reporting/clauses.html", context)


@require_GET
@needs(Duty.SEE_DUTIES)
def clause(request: PageRequest, code: str) -> HttpResponse:
    """One clause: who owes it, since when, and how far each body has come."""
    return _clause_page(request, code)


@needs(Duty.MANAGE_POLICY)
def new(request: PageRequest) -> HttpResponse:
    """A duty that the county adds itself."""
    form = OwnDutyForm(request.POST or None, initial={"starts_on": request.scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        lists = {name: tuple(given[name]) for name in ("owed_by", "owed_to")}
        try:
            row = services.add(request.scope, OwnDuty(**{**given, **lists}), clock.now())
        except RuleBroken as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The duty is added."))
            return redirect("clause", row.clause)
    status = REFUSED if form.errors or reasons else 200
    return render(
        request, "reporting/clause_form.html", {"form": form, "reasons": reasons}, status=status
    )


@require_POST
@needs(Duty.MANAGE_POLICY)
def end(request: PageRequest, code: str) -> HttpResponse:
    """The last day of a duty; a refused form keeps what was typed."""
    form = EndDutyForm(request.POST)
    if not form.is_valid():
        return _clause_page(request, code, form)
    given = form.cleaned_data
    try:
        services.end(request.scope, code, given["ends_on"], given["because"], clock.now())
    except RuleBroken as refused:
        return _clause_page(request, code, form, refused.reasons)
    messages.success(request, _("The duty ends on that day. Its history stays."))
    return redirect("clause", code)


def _clause_page(
    request: PageRequest,
    code: str,
    form: EndDutyForm | None = None,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    scope, year = request.scope, _year(request)
    periods = queries.periods_of(scope, code)
    row = periods[0]
    bodies = queries.agencies_for(scope).on(scope.on).filter(kind__in=row.owed_by)
    agencies, more = slice_of(request, bodies.order_by("kind", "name", "pk"))
    may_end = scope.may(Duty.MANAGE_POLICY) and row.ends_on is None
    context = {
        "row": row,
        "periods": periods,
        "pages": _pages(scope, row),
        "lines": queries.of_clause(row, agencies, year, clock.now()),
        "year": year,
        "years": _years(scope),
        "next_cursor": more,
        "reasons": reasons,
        "form": (form or EndDutyForm(initial={"ends_on": scope.on})) if may_end else None,
    }
    return render(request, "reporting/clause.html", context, status=REFUSED if form else 200)


def _year(request: PageRequest) -> Year:
    """The school year of the address; what is none of those offered is the current one."""
    asked = request.GET.get("year", "")
    return next((y for y in _years(request.scope) if str(y.begins) == asked), _now(request.scope))


def _now(scope: Scope) -> Year:
    return year_of(scope.on)


def _years(scope: Scope) -> list[Year]:
    return [Year(_now(scope).begins - back) for back in range(YEARS)]


def _narrowed(scope: Scope, form: ClauseFilterForm) -> QuerySet[AgencyDuty]:
    """A filter that is wrong is shown as wrong and narrows nothing."""
    form.is_valid()
    given, rows = form.cleaned_data, queries.duties_of(scope)
    state = given.get("state", "")
    if state == "ended":
        rows = rows.filter(ends_on__lt=scope.on)
    elif state == "later":
        rows = rows.filter(starts_on__gt=scope.on)
    else:
        rows = rows.on(scope.on)  # type: ignore[attr-defined]  # of AgencyDutyQuerySet
    if given.get("kind"):
        rows = rows.filter(kind=given["kind"])
    if given.get("owed_by"):
        rows = rows.filter(owed_by__contains=[given["owed_by"]])
    if text := given.get("q", "").strip():
        words = Q(zh__icontains=text) | Q(en__icontains=text) | Q(place__startswith=text)
        rows = rows.filter(words | Q(clause__icontains=text))
    return rows


def _pages(scope: Scope, row: AgencyDuty) -> list[tuple[Promise, str]]:
    """The pages that serve a duty: words, and the address where the person may open it."""
    return [
        (FEATURES[route], _address(scope, route)) for route in row.features if route in FEATURES
    ]


def _address(scope: Scope, route: str) -> str:
    try:
        url = reverse(route)
    except NoReverseMatch:  # a page of one child or case
        return ""
    duty = getattr(resolve(url).func, "duty", None)
    return url if duty is None or scope.may(duty) else ""

"""Alerts: figures that call for a step, with the evidence as it was found."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from reporting.queries import alerts as queries
from reporting.queries import talks
from reporting.rate_forms import AlertFilterForm, year_name
from reporting.rules.accountability import CLAUSES, AlertReason
from reporting.rules.rates import DEFINITIONS, Measure
from students.views.paging import slice_of


@require_GET
@needs(Duty.SEE_RATES)
def list_of(request: PageRequest) -> HttpResponse:
    """The open ones first asked for; 50 on a page."""
    filters = AlertFilterForm({"state": "open", **request.GET.dict()})
    state = filters.cleaned_data["state"] if filters.is_valid() else "open"
    rows, more = slice_of(request, queries.alerts(request.scope, state))
    context = {
        "filters": filters,
        "rows": [(row, year_name(row.school_year)) for row in rows],
        "next_cursor": more,
    }
    return render(request, "reporting/alerts.html", context)


@require_GET
@needs(Duty.SEE_RATES)
def show(request: PageRequest, alert_id: UUID) -> HttpResponse:
    """One alert: its evidence, the same figure today, the cases behind it that I may see."""
    scope = request.scope
    alert = queries.alert_for(scope, alert_id)
    audit.record(scope, "alert.read", f"alert:{alert.public_id}", now=clock.now())
    evidence = alert.evidence
    cases, more = slice_of(request, queries.cases_of(alert, scope))
    context = {
        "alert": alert,
        "clause": CLAUSES[AlertReason(alert.reason)],
        "evidence": evidence,
        "year_name": year_name(alert.school_year),
        "years": [(row, year_name(row["school_year"])) for row in evidence["years"]],
        "now": queries.figure_now(alert, scope),
        "definition": DEFINITIONS[Measure(evidence["measure"])],
        "cases": cases,
        "talks": talks.of_alert(alert),
        "may_call": scope.may(Duty.HOLD_TALK),
        "next_cursor": more,
    }
    return render(request, "reporting/alert.html", context)

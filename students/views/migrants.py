"""Applications of migrant families: list, a new one, one with its decision."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.admission_forms import DecisionForm, MigrantForm
from students.queries import admission as queries
from students.queries.moving import all_schools
from students.rules.admission import Outcome, Paper, missing_papers
from students.services import admission
from students.services.admission import Asked, Decision
from students.views.paging import slice_of

REFUSED = 422


@needs(Duty.ADMIT)
def migrants(request: PageRequest) -> HttpResponse:
    """The applications in sight with the days they took, and the form for a new one."""
    scope = request.scope
    start = {"asked": Paper.values, "on": scope.on}
    form = MigrantForm(request.POST or None, villages=queries.villages(scope), initial=start)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            row = admission.apply(scope, Asked(**form.cleaned_data), clock.now())
            messages.success(request, _("The application is recorded."))
            return redirect("migrant", row.public_id)
        except DomainError as refused:
            reasons = refused.reasons
    rows, more = slice_of(request, queries.migrants(scope))
    calendar = working_calendar()
    audit.record(scope, "migrant.list", "migrants", now=clock.now(), shown=len(rows))
    context = {
        "rows": [{"row": row, "days": queries.days_used(row, scope.on, calendar)} for row in rows],
        "next_cursor": more,
        "form": form,
        "reasons": reasons,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/migrants.html", context, status=status)


@needs(Duty.ADMIT)
def show(request: PageRequest, application_id: UUID) -> HttpResponse:
    """One application; the bureau gives a school or refuses with a reason."""
    scope = request.scope
    row = queries.migrant_for(scope, application_id)
    start = {"given": row.given}
    form = DecisionForm(request.POST or None, schools=all_schools(scope), initial=start)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            admission.decide(scope, row, Decision(**form.cleaned_data), clock.now())
            messages.success(request, _("The decision is recorded."))
            return redirect("migrant", application_id)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
    audit.record(scope, "migrant.read", f"migrant:{row.public_id}", now=clock.now())
    context = {
        "row": row,
        "days": queries.days_used(row, scope.on, working_calendar()),
        "asked": [Paper(paper).label for paper in row.asked],
        "missing": [Paper(paper).label for paper in missing_papers(row.asked, row.given)],
        "form": form if scope.everything and row.outcome == Outcome.WAITING else None,
        "reasons": reasons,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/migrant.html", context, status=status)

"""The work list: everything that waits for me or my agency, the first due first."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agencies import clock
from agencies.errors import Text
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.forms import FilterForm
from cases.queries.worklist import Filters, Row, grouped, rows_for, villages, worklist
from cases.rules.workflow import Action, State
from students.models.school_class import class_name
from students.queries.focus import groups_for
from students.queries.missing_rolls import missing_rolls

MOST = 200


@needs(Duty.SEE_CASES)
def show(request: PageRequest) -> HttpResponse:
    """One page, grouped by days left; the filters narrow it to a trip."""
    form = FilterForm(
        request.GET or None,
        groups=groups_for(request.scope),
        regions=list(villages(request.scope)),
    )
    given = form.cleaned_data if form.is_valid() else {}
    now, calendar = clock.now(), working_calendar()
    cases = list(rows_for(request.scope, Filters(**given), now)[: MOST + 1])
    rows = worklist(cases[:MOST], request.scope, calendar, now)
    audit.record(request.scope, "case.list", "cases", now=now, shown=len(rows))
    groups = [
        {"key": key, "label": label, "rows": [_line(row, request.scope) for row in several]}
        for key, label, several in grouped(rows)
    ]
    context = {
        "missing": missing_rolls(request.scope, now, calendar),
        "groups": groups,
        "count": len(rows),
        "more": len(cases) > MOST,
        "filters": form,
        "open_url": reverse("student_list") if request.scope.may(Duty.OPEN_CASE) else "",
        "trip_url": _trip_url(given.get("region", "")) if request.scope.may(Duty.VISIT) else "",
        "questions_url": reverse("questions") if request.scope.may(Duty.SEE_SIGNALS) else "",
    }
    return render(request, "cases/worklist.html", context)


def _trip_url(region: str) -> str:
    """The trip sheet of the area to which the list is narrowed, if it is."""
    return f"{reverse('trip')}?{urlencode({'village': region})}" if region else reverse("trip")


def _line(row: Row, scope: Scope) -> dict[str, object]:
    case = row.case
    home = case.household.region
    return {
        "public_id": case.public_id,
        "number": case.number,
        "name": case.student.name,
        "village": f"{home.parent.name if home.parent else ''} {home.name}",
        "class_name": class_name(case.school_class.grade, case.school_class.number)
        if case.school_class
        else "",
        "state": case.state,
        "state_label": State(case.state).label,
        "what": row.duty,
        "clause": case.due_clause or "",
        "due_on": case.due_on,
        "provisional": case.due_provisional,
        "days_left": row.days_left,
        "agency": case.due_agency or "",
        "act_label": _label(row),
        "act_url": reverse(row.page.route, args=(case.public_id,))
        if row.page
        else act_url(str(case.public_id), row.act),
        "siblings": row.siblings,
    }


def _label(row: Row) -> Text:
    if row.page:
        return row.page.label
    return row.act.label if row.act else ""


def act_url(case_id: str, act: Action | None) -> str:
    if act is None:
        return ""
    if act is Action.VISIT:
        return reverse("case_visit", args=(case_id,))
    return reverse("case_action", args=(case_id, act.value))

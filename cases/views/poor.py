"""Dropouts x poor households: how many by township, and the children by name with their owner."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.models import Case
from cases.queries import poor
from cases.rules.workflow import State
from students.models.school_class import class_name
from students.views.paging import slice_of


@require_GET
@needs(Duty.TAG_FOCUS)
def show(request: PageRequest) -> HttpResponse:
    """The comparison as it stands today, among the children in sight. ?township= narrows it."""
    scope, township = request.scope, request.GET.get("township", "")[:12]
    rows, more = slice_of(request, poor.dropouts(scope, township))
    audit.record(scope, "case.poor", "cases", now=clock.now(), shown=len(rows))
    lines = poor.by_township(scope)
    context = {
        "lines": lines,
        "whole": poor.together(lines),
        "township": township,
        "newest": poor.newest_list(scope),
        "rows": [_row(case) for case in rows],
        "next_cursor": more,
    }
    return render(request, "cases/poor.html", context)


def _row(case: Case) -> dict[str, object]:
    home, group = case.household.region, case.school_class
    return {
        "case": case,
        "home": f"{home.parent.name if home.parent else ''} {home.name}",
        "school_name": case.school.name if case.school else "",
        "class_name": class_name(group.grade, group.number) if group else "",
        "state": State(case.state).label,
        "what": ObligationKind(case.due_kind).label if case.due_kind else "",
        "owner": poor.owner_of(case),
    }

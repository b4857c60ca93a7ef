"""一家一案: the children of one household side by side, on a page and on paper."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies import clock
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases import access
from cases.queries.household import Child, household_page
from cases.rules.workflow import State
from cases.views.case import child_of


@needs(Duty.SEE_CASES)
def show(request: PageRequest, case_id: UUID) -> HttpResponse:
    """State, causes, measures and help of each child, and the one team."""
    return render(request, "cases/household.html", _context(request, case_id, "household.read"))


@needs(Duty.SEE_CASES)
def printed(request: PageRequest, case_id: UUID) -> HttpResponse:
    """The same on paper, with lines to sign on."""
    context = _context(request, case_id, "household.print")
    return render(request, "cases/household_print.html", context)


def _context(request: PageRequest, case_id: UUID, verb: str) -> dict[str, object]:
    case = access.case_for(request.scope, case_id)
    page = household_page(request.scope, case, clock.now())
    for child in page.children:  # each was looked at
        audit.record(request.scope, verb, f"case:{child.case.public_id}", now=clock.now())
    return {
        "case": case,
        "page": page,
        "home": child_of(case)["home"],
        "children": [_child(child) for child in page.children],
    }


def _child(child: Child) -> dict[str, object]:
    return child_of(child.case) | {
        "case": child.case,
        "state_label": State(child.case.state).label,
        "help": child.help,
    }

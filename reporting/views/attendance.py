"""Enrollment x attendance: how many by school, and the children behind one number."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from reporting.queries import attendance
from reporting.rules.areas import Line
from reporting.rules.attendance import WORDS, Attending
from students.views.paging import PAGE, next_of, start_of


@require_GET
@needs(Duty.CLEAR_RECORDS)
def show(request: PageRequest) -> HttpResponse:
    """?part= and ?school= (a code): whose names stand below, those never seen by default."""
    scope = request.scope
    part, school = request.GET.get("part", Attending.UNSEEN), request.GET.get("school", "")[:12]
    start = start_of(request)
    wanted = attendance.Wanted(part, school, start)
    lines, pupils = attendance.by_school_and_names(scope, wanted)
    shown = len(pupils[:PAGE])
    audit.record(scope, "record.attendance", f"part:{part}", now=clock.now(), shown=shown)
    whole = attendance.together(lines)
    context = {
        "parts": [(one, WORDS[one]) for one in Attending],
        "whole": (whole, _cells(whole)),
        "lines": [(line, _cells(line)) for line in lines],
        "part": Attending(part),
        "school": next((line.name for line in lines if line.code == school), ""),
        "rolls": attendance.last_rolls(scope.county_id, scope.on)["rolls"],
        "rows": pupils[:PAGE],
        "next_cursor": next_of(request, start) if len(pupils) > PAGE else "",
    }
    return render(request, "reporting/attendance.html", context)


def _cells(line: Line) -> list[tuple[str, int, str]]:
    """Part, number and the address of its names."""
    of = {"school": line.code} if line.code else {}
    return [
        (part, number, f"?{urlencode({'part': part, **of})}#names")
        for part, number in line.counts.items()
    ]

"""A village of a screening round: the list for the phone, the sheet, who was unknown, cases."""

import uuid
from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, NotVisible, Reason
from agencies.models import Region
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.models import Case
from cases.rules.workflow import OPEN
from cases.services import screening as case_of_screening
from students.models import ScreeningRound
from students.models.school_class import class_name
from students.queries import screening as lists
from students.queries.screening import Asked, Line
from students.rules.focus import FocusGroup
from students.rules.identity import full_years
from students.rules.screening import ASKS_FOR_A_CASE, AT_THE_DOOR, Found
from students.screening_forms import ResultForm, StrangerForm
from students.services import screening_results
from students.services.screening_results import Answer, Stranger
from students.views.paging import PAGE, start_of

REFUSED = 422
REST = "-"  # ?houses= of those that no group of houses names


@needs(Duty.SCREEN)
def village(request: PageRequest, round_id: UUID, code: str) -> HttpResponse:
    """The children still to be asked about, door by door; ?asked=1: the others."""
    scope = request.scope
    row, place = lists.round_for(scope, round_id), lists.place_for(scope, code)
    asked = request.GET.get("asked") == "1"
    there = _of_houses(lists.lines(scope, row, place), request.GET.get("houses", ""))
    wanted = [line for line in there if bool(line.found) == asked]
    start = start_of(request)
    some = wanted[start : start + PAGE]
    waiting = sum(not line.found for line in there)
    nobody = list(lists.taken_back(scope, row, place)) if _names_no_group(request) else []
    context = {
        **_head(request, row, place),
        "children": _shown(request, row, place, some),
        "asked": asked,
        "waiting": waiting,
        "done": len(there) - waiting + len(nobody),
        "nobody": nobody if asked else [],
        "choices": AT_THE_DOOR,
        "asks_for_a_case": ASKS_FOR_A_CASE,
        "may_open": scope.may(Duty.OPEN_CASE),
        "next_cursor": _next(request, start, len(wanted)),
    }
    return render(request, "cases/screening_village.html", context)


def _of_houses(lines: list[Line], houses: str) -> list[Line]:
    if not houses:
        return lines
    group = "" if houses == REST else houses
    return [line for line in lines if line.houses == group]


def _names_no_group(request: PageRequest) -> bool:
    """An answer about a child that never was has no address any more."""
    return request.GET.get("houses", "") in ("", REST)


def _next(request: PageRequest, start: int, count: int) -> str:
    if start + PAGE >= count:
        return ""
    changed = request.GET.copy()
    changed["from"] = str(start + PAGE)
    return f"?{changed.urlencode()}"


@needs(Duty.SCREEN)
def printed(request: PageRequest, round_id: UUID, code: str) -> HttpResponse:
    """The sheet of a village, or of a group of its houses, with columns to write in."""
    scope = request.scope
    row, place = lists.round_for(scope, round_id), lists.place_for(scope, code)
    there = _of_houses(lists.lines(scope, row, place), request.GET.get("houses", ""))
    context = {**_head(request, row, place), "children": _shown(request, row, place, there)}
    context |= {"choices": AT_THE_DOOR, "spare": range(5)}
    return render(request, "cases/screening_print.html", context)


@require_POST
@needs(Duty.SCREEN)
def result(request: PageRequest, round_id: UUID, code: str) -> HttpResponse:
    """The second tap. Back to the list, at the child that came next."""
    scope = request.scope
    row, place = lists.round_for(scope, round_id), lists.place_for(scope, code)
    form = ResultForm(request.POST)
    try:
        if not form.is_valid():
            raise NotVisible
        sent = form.cleaned_data
        answer = Answer(sent["client_id"], sent["student"], sent["found"], sent["note"])
        child = screening_results.record(scope, row.pk, answer, clock.now())
        messages.success(request, _("Recorded: %(found)s.") % {"found": Found(child.found).label})
    except NotVisible:
        raise
    except DomainError as refused:
        messages.error(request, str(refused.reasons[0].text))
    return redirect(_back(request, round_id, place))


@needs(Duty.SCREEN)
def stranger(request: PageRequest, round_id: UUID, code: str) -> HttpResponse:
    """A child at a door that nobody knew."""
    scope = request.scope
    row, place = lists.round_for(scope, round_id), lists.place_for(scope, code)
    form = StrangerForm(request.POST or None)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            told = Stranger(**form.cleaned_data)
            screening_results.add(scope, row, place, told, clock.now())
            messages.success(request, _("The child is on the list."))
            return redirect(_address("screening_village", round_id, place) + "?asked=1")
        except DomainError as refused:
            reasons = refused.reasons
            if any(reason.code == "alike" for reason in reasons):
                form = StrangerForm(request.POST, ask=True)
                form.is_valid()
    context = {**_head(request, row, place), "form": form, "reasons": reasons}
    status = REFUSED if reasons or form.errors else 200
    return render(request, "cases/screening_stranger.html", context, status=status)


@require_POST
@needs(Duty.OPEN_CASE)
def open_case(request: PageRequest, round_id: UUID, student_id: UUID) -> HttpResponse:
    """A case on what the screening found."""
    scope = request.scope
    row = lists.round_for(scope, round_id)
    child = lists.child_for(scope, row, student_id)
    try:
        case = case_of_screening.open_case(scope, child, clock.now())
        return redirect("case", case.public_id)
    except DomainError as refused:
        messages.error(request, str(refused.reasons[0].text))
    return redirect(_address("screening_village", round_id, child.village) + "?asked=1")


def _head(request: PageRequest, row: ScreeningRound, place: Region) -> dict[str, object]:
    """What stands above the pages of a village. mine: whose task a group of houses is."""
    return {
        "round": row,
        "place": place,
        "tasks": lists.tasks_of(row, place),
        "houses": request.GET.get("houses", "")[:20],
        "rest": REST,
        "above": request.scope.everything
        or len(min(request.scope.paths, key=len)) < len(place.path),
    }


def _shown(
    request: PageRequest, row: ScreeningRound, place: Region, some: Sequence[Line]
) -> list[dict[str, object]]:
    """The children of these lines; that they were read is recorded."""
    found = lists.shown(request.scope, some)
    audit.record(
        request.scope,
        "screening.read",
        f"screening:{row.public_id}",
        now=clock.now(),
        village=place.code,
        shown=len(found),
    )
    pks = [one.student.pk for one in found]
    cases = Case.objects.filter(student__in=pks, state__in=OPEN)
    open_ones = dict(cases.values_list("student", "public_id"))
    return [{**_child(one, request), "case": open_ones.get(one.student.pk)} for one in found]


def _child(one: Asked, request: PageRequest) -> dict[str, object]:
    student, row = one.student, one.row
    grade, number = student.class_grade, student.class_number
    return {
        "public_id": student.public_id,
        "client_id": uuid.uuid4(),
        "name": student.name,
        "sex": student.get_sex_display(),
        "age": full_years(student.born_on, request.scope.on),
        "born_on": student.born_on,
        "address": student.household.address,
        "school_name": student.school_name or "",
        "class_name": "" if grade is None or number is None else class_name(grade, number),
        "groups": [FocusGroup(name).label for name in one.groups],
        "guardians": one.guardians,
        "found": row.found,
        "found_label": row.get_found_display() if row.found else "",
        "note": row.note,
        "at": row.answered_at,
        "by": row.answered_by.user.name if row.answered_by else "",
    }


def _address(route: str, round_id: UUID, place: Region) -> str:
    return reverse(route, args=[round_id, place.code])


def _back(request: PageRequest, round_id: UUID, place: Region) -> str:
    """The list as it was narrowed; the child that was answered has left it."""
    query = request.GET.urlencode()
    return _address("screening_village", round_id, place) + (f"?{query}" if query else "")

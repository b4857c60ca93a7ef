"""What schools do with families: the schools in sight, and the page of one."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import Reason
from agencies.models import Agency
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs, tried
from students.access import leader_at
from students.queries import school_life as queries
from students.rules.school_life import Event
from students.school_life_forms import EventForm, SeatForm, WrongForm
from students.services import school_life
from students.views.paging import slice_of

REFUSED = 422
VISITS = 20  # shown on the page of a school


@require_GET
@needs(Duty.SEE_STUDENTS)
def overview(request: PageRequest) -> HttpResponse:
    """The schools with their figures of this school year; who has one school sees its page."""
    scope = request.scope
    rows = queries.schools(scope)
    page, more = slice_of(request, rows)
    if len(page) == 1 and not more:
        return redirect("school_life_of", page[0].code)
    since = queries.year_start(scope.on)
    context = {"rows": queries.lines(page, since, scope.on), "since": since, "next_cursor": more}
    return render(request, "students/school_life.html", context)


@require_GET
@needs(Duty.SEE_STUDENTS)
def show(request: PageRequest, code: str) -> HttpResponse:
    """The committee, what was held, and the home visits of a school."""
    return _page(request, queries.school_named(request.scope, code))


def _page(
    request: PageRequest, school: Agency, bound: Form | None = None, reasons: Sequence[Reason] = ()
) -> HttpResponse:
    """bound: the one form that was refused; it keeps what was typed."""
    scope = request.scope
    events, more = slice_of(request, queries.events(school))
    visits = list(queries.home_visits(scope, school)[:VISITS])
    if visits:
        subject = f"agency:{school.public_id}"
        audit.record(scope, "home_visits.list", subject, now=clock.now(), shown=len(visits))
    context = {
        "school": school,
        "line": queries.lines([school], queries.year_start(scope.on), scope.on)[0],
        "seats": queries.seats(school, scope.on),
        "events": events,
        "next_cursor": more,
        "visits": visits,
        "may_write": leader_at(scope, school.pk) is not None,
        "seat_form": bound if isinstance(bound, SeatForm) else SeatForm(),
        "event_form": bound
        if isinstance(bound, EventForm)
        else EventForm(initial={"on": scope.on}),
        "wrong_form": bound if isinstance(bound, WrongForm) else WrongForm(),
        "reasons": reasons,
        "refused": type(bound).__name__ if bound else "",
    }
    status = 200 if bound is None else REFUSED
    return render(request, "students/school_life_of.html", context, status=status)


def _write(
    request: PageRequest, school: Agency, form: Form, work: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    reasons = tried(form, work)
    if reasons is not None:
        return _page(request, school, form, reasons)
    messages.success(request, _("It is recorded."))
    return redirect("school_life_of", school.code)


@require_POST
@needs(Duty.CHANGE_ENROLLMENT)
def seat(request: PageRequest, code: str) -> HttpResponse:
    """A parent joins the committee."""
    school = queries.school_named(request.scope, code)
    form = SeatForm(request.POST)
    return _write(
        request,
        school,
        form,
        lambda given: school_life.seat(request.scope, school, **given, now=clock.now()),
    )


@require_POST
@needs(Duty.CHANGE_ENROLLMENT)
def end_seat(request: PageRequest, code: str, seat_id: UUID) -> HttpResponse:
    """A parent leaves the committee."""
    school = queries.school_named(request.scope, code)
    school_life.end_seat(request.scope, school, seat_id, clock.now())
    return redirect("school_life_of", code)


@require_POST
@needs(Duty.CHANGE_ENROLLMENT)
def hold(request: PageRequest, code: str) -> HttpResponse:
    """A meeting or an activity was held."""
    school = queries.school_named(request.scope, code)
    form = EventForm(request.POST)
    return _write(
        request,
        school,
        form,
        lambda given: school_life.hold(request.scope, school, Event(**given), clock.now()),
    )


@require_POST
@needs(Duty.CHANGE_ENROLLMENT)
def take_back(request: PageRequest, code: str, event_id: UUID) -> HttpResponse:
    """A wrong record counts no more."""
    school = queries.school_named(request.scope, code)
    form = WrongForm(request.POST)
    return _write(
        request,
        school,
        form,
        lambda given: school_life.take_back(
            request.scope, school, event_id, given["because"], clock.now()
        ),
    )

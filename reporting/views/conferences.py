"""Joint conferences: the list, one conference with its members and meetings."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import Reason
from agencies.queries import conferences as queries
from agencies.rules.duties import Duty
from agencies.services import conferences as services
from agencies.services.conferences import Place, Planned
from agencies.views.base import PageRequest, needs, tried
from reporting.conference_forms import LastDayForm, PlanForm, SeatForm, SetUpForm

REFUSED, PAGE = 422, 50


@require_GET
@needs(Duty.SEE_CONFERENCES)
def list_of(request: PageRequest) -> HttpResponse:
    """The conferences in sight, 50 a page, and setting up one's own."""
    return _list(request)


@require_POST
@needs(Duty.RUN_CONFERENCES)
def set_up(request: PageRequest) -> HttpResponse:
    form = SetUpForm(request.POST)
    reasons = tried(form, lambda given: services.set_up(request.scope, given["name"], clock.now()))
    if reasons is None:
        messages.success(request, _("The conference is set up. Name its members."))
        return redirect("conferences")
    return _list(request, form, reasons)


def _list(
    request: PageRequest, bound: SetUpForm | None = None, reasons: Sequence[Reason] = ()
) -> HttpResponse:
    scope = request.scope
    page = Paginator(queries.conferences(scope), PAGE).get_page(request.GET.get("page"))
    standings = queries.standings(page, clock.now())
    host = queries.own_host(scope)
    context = {
        "rows": [{"row": one, "standing": standings[one.pk]} for one in page],
        "form": bound or (SetUpForm() if host else None),
        "host": host,
        "reasons": reasons,
        "next_cursor": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    status = REFUSED if bound else 200
    return render(request, "conferences/list.html", context, status=status)


@require_GET
@needs(Duty.SEE_CONFERENCES)
def one(request: PageRequest, conference_id: UUID) -> HttpResponse:
    """Members, the next meeting, earlier ones, and what is not carried out."""
    return _page(request, conference_id)


@require_POST
@needs(Duty.RUN_CONFERENCES)
def fill_seat(request: PageRequest, conference_id: UUID) -> HttpResponse:
    form = SeatForm(
        request.POST, bodies=queries.bodies_of(request.scope.county_id, request.scope.on)
    )

    def work(given: dict[str, Any]) -> object:
        place = Place(**{**given, "agency": UUID(given["agency"])})
        return services.fill_seat(request.scope, conference_id, place, clock.now())

    return _after(request, conference_id, form, work)


@require_POST
@needs(Duty.RUN_CONFERENCES)
def vacate_seat(request: PageRequest, conference_id: UUID, seat_id: UUID) -> HttpResponse:
    form = LastDayForm(request.POST)

    def work(given: dict[str, Any]) -> object:
        return services.vacate_seat(request.scope, conference_id, seat_id, given["on"], clock.now())

    return _after(request, conference_id, form, work)


@require_POST
@needs(Duty.RUN_CONFERENCES)
def plan(request: PageRequest, conference_id: UUID) -> HttpResponse:
    """Plan the next meeting, and go to its agenda."""
    form = PlanForm(request.POST)
    reasons = tried(
        form,
        lambda given: services.plan(request.scope, conference_id, Planned(**given), clock.now()),
    )
    if reasons is not None:
        return _page(request, conference_id, form, reasons)
    conference = queries.conference_for(request.scope, conference_id)
    meeting = queries.planned(conference)
    return redirect("meeting", meeting.public_id) if meeting else redirect("conferences")


def _after(
    request: PageRequest, conference_id: UUID, form: Form, work: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    reasons = tried(form, work)
    if reasons is None:
        messages.success(request, _("It is recorded."))
        return redirect("conference", conference_id)
    return _page(request, conference_id, form, reasons)


def _page(
    request: PageRequest,
    conference_id: UUID,
    bound: Form | None = None,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    scope = request.scope
    row = queries.conference_for(scope, conference_id)
    runs = queries.host_post(scope, row) is not None
    first = {"starts_on": scope.on}
    bodies = queries.bodies_of(scope.county_id, scope.on)
    seat = bound if isinstance(bound, SeatForm) else SeatForm(initial=first, bodies=bodies)
    coming = bound if isinstance(bound, PlanForm) else PlanForm()
    context = {
        "row": row,
        "standing": queries.standings([row], clock.now())[row.pk],
        "seats": row.seats.select_related("agency").order_by("ends_on", "pk"),
        "meetings": queries.meetings_of(row)[:PAGE],
        "unfinished": queries.unfinished(row),
        "today": scope.on,
        "seat_form": seat if runs else None,
        "plan_form": coming if runs else None,
        "reasons": reasons,
    }
    status = REFUSED if bound else 200
    return render(request, "conferences/one.html", context, status=status)

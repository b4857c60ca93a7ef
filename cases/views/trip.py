"""The trip sheet: on a telephone, or on paper with room for notes and a signature."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.queries import trip


@require_http_methods(["GET", "POST"])
@needs(Duty.VISIT)
def show(request: PageRequest) -> HttpResponse:
    """Chosen villages. Telephones are masked; whoever has to call asks for them, which is recorded.

    POST changes nothing: it shows the same sheet with whole numbers (SR-35).
    """
    now, whole = clock.now(), request.method == "POST"
    known = trip.choices(request.scope)
    villages = trip.chosen(request.GET.getlist("village"), known)
    verb = "trip.phones" if whole else "trip.read"
    codes = [one.code for one in villages]
    audit.record(request.scope, verb, "cases", now=now, villages=codes)
    homes = trip.homes(request.scope, villages, now, working_calendar(), whole_numbers=whole)
    context = {
        "known": known,
        "chosen": codes,
        "villages": villages,
        "homes": homes,
        "children": sum(len(home.children) for home in homes),
        "full": sum(len(home.children) for home in homes) >= trip.MOST,
        "most": trip.MOST,
        "whole": whole,
    }
    return render(request, "cases/trip.html", context)

"""The training clock of a demonstration: on to the next school day, or over several at once.

Only where the settings name a clock file and NOW does not fix the clock for everybody.
"""

import os
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.demo import set_clock
from agencies.rules.deadlines import CHINA
from agencies.views.base import PageRequest, needs
from cases.models import Case
from cases.rules.workflow import BACK, ENDED
from cases.services import opening
from students.demo import pass_day, school_days_after

BEGINS = time(8, 5)
EVENING = time(17, 30)
LONGEST = 25


@needs(None)
@require_POST
def demo_clock(request: PageRequest) -> HttpResponse:
    """days=N: pass over N school days, taking the rolls that are missing on the way."""
    if settings.DEMO_CLOCK_FILE is None or os.environ.get("NOW"):
        raise Http404
    today = clock.today()
    text = request.POST.get("days", "")
    steps = int(text) if text.isdecimal() and 1 <= int(text) <= LONGEST else 1
    coming = list(islice(school_days_after(request.scope.county_id, today), steps))
    if not coming:
        messages.warning(request, _("There is no further school day in the terms that are open."))
    else:
        if text:
            _pass(request.scope.county_id, today, coming[-1])
        set_clock(settings.DEMO_CLOCK_FILE, datetime.combine(coming[-1], BEGINS, CHINA))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "home")


@transaction.atomic
def _pass(county_id: int, first: date, until: date) -> None:
    """Each day from the one that is left: its missing rolls, and the cases that follow."""
    day = first
    while day < until:
        evening = datetime.combine(day, EVENING, CHINA)
        returned = Case.objects.filter(county_id=county_id, state__in=BACK | ENDED)
        pass_day(county_id, day, evening, returned.values_list("student", flat=True))
        opening.open_from_runs(evening)
        day += timedelta(days=1)

"""The official calendar: what is loaded, and a new notice after a look at what it changes."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from agencies import clock
from agencies.checks import years_needed
from agencies.errors import DomainError, Reason
from agencies.forms import CalendarFileForm
from agencies.queries.calendars import differences, loaded_years
from agencies.rules import calendar_file
from agencies.rules.duties import Duty
from agencies.services import calendars as services
from agencies.views.base import PageRequest, needs

REFUSED = 422
KEPT = "calendar_file"  # in the session: what was read from the file, until it is loaded


@needs(Duty.MANAGE_CALENDAR)
def calendar(request: PageRequest) -> HttpResponse:
    """The loaded years, and the upload of a file; what it would change comes on the next page."""
    form = CalendarFileForm(request.POST or None, request.FILES or None)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        file, source = form.cleaned_data["file"], form.cleaned_data["source"]
        try:
            content = file.read(calendar_file.MOST_BYTES + 1)
            years = calendar_file.read(file.name, content, source)
            request.session[KEPT] = {k: v for year in years for k, v in year.written().items()}
            request.session[f"{KEPT}_doubts"] = [str(d) for year in years for d in year.doubts]
            return redirect("calendar_check")
        except DomainError as refused:
            reasons = refused.reasons
    loaded = loaded_years()
    have = {row.year for row in loaded}
    context = {
        "years": loaded,
        "missing": [year for year in years_needed(request.scope.on) if year not in have],
        "coming": request.scope.on.year + 1,
        "coming_is_loaded": request.scope.on.year + 1 in have,
        "form": form,
        "reasons": reasons,
    }
    wrong = reasons or form.errors
    return render(request, "agencies/calendar.html", context, status=REFUSED if wrong else 200)


@needs(Duty.MANAGE_CALENDAR)
def check(request: PageRequest) -> HttpResponse:
    """What the file changes, day by day, and how many deadlines move; then it is loaded."""
    kept = request.session.get(KEPT)
    if not kept:
        return redirect("calendar")
    files = calendar_file.years(kept)
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        replace = request.POST.get("replace") == "yes"
        try:
            done = services.load(request.scope, files, clock.now(), replace=replace)
        except DomainError as refused:
            reasons = refused.reasons
        else:
            for key in (KEPT, f"{KEPT}_doubts"):
                request.session.pop(key, None)
            messages.success(request, _told(done.moved))
            return redirect("calendar")
    have = {row.year for row in loaded_years()}
    context = {
        "files": [(file, file.year in have, differences(file)) for file in files],
        "against": any(differences(file) for file in files),
        "doubts": request.session.get(f"{KEPT}_doubts", ()),
        "would": services.would_load(request.scope, files, clock.now()),
        "reasons": reasons,
    }
    status = REFUSED if reasons else 200
    return render(request, "agencies/calendar_check.html", context, status=status)


def _told(moved: int) -> str:
    text = ngettext(
        "The calendar is loaded. %(count)s open deadline has moved or become firm.",
        "The calendar is loaded. %(count)s open deadlines have moved or become firm.",
        moved,
    )
    return text % {"count": moved}

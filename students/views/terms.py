"""The county's terms and closed days."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, Reason, Text
from agencies.models import Region
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.forms import ClosedDayForm, TermForm
from students.queries.calendars import latest_term
from students.queries.terms import closed_days, doubts, schools_of, terms_of
from students.rules.identity import school_year_of
from students.services import terms as services
from students.services.terms import TermDates

REFUSED = 422


@needs(Duty.MANAGE_TERMS)
def terms(request: PageRequest) -> HttpResponse:
    """The terms, and a new one; a doubtful opening day has to be confirmed."""
    scope = request.scope
    form = TermForm(request.POST or None, initial={"school_year": school_year_of(scope.on)})
    doubtful: list[Text] = []
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sure = given.pop("sure")
        doubtful = doubts(given["starts_on"], working_calendar())
        if sure or not doubtful:
            try:
                with transaction.atomic():
                    county = Region.objects.get(pk=scope.county_id)
                    term = services.open_term(county, TermDates(**given), clock.now())
                    subject = f"term:{term.public_id}"
                    audit.record(scope, "term.open", subject, now=clock.now())
                messages.success(request, _("The term is open."))
                return redirect("terms")
            except DomainError as refused:
                reasons = refused.reasons
    if not doubtful:
        del form.fields["sure"]
    return _page(request, term_form=form, reasons=reasons, doubts=doubtful)


@require_POST
@needs(Duty.MANAGE_TERMS)
def close_day(request: PageRequest) -> HttpResponse:
    """A day falls out, in one school or in all: absences are counted anew."""
    scope = request.scope
    form = ClosedDayForm(request.POST, schools=schools_of(scope.county_id, scope.on))
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        try:
            with transaction.atomic():
                county = Region.objects.get(pk=scope.county_id)
                services.close_day(county, now=clock.now(), **form.cleaned_data)
                day = form.cleaned_data["day"].isoformat()
                audit.record(scope, "day.close", "terms", now=clock.now(), day=day)
            messages.success(request, _("The day is closed."))
            return redirect("terms")
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, day_form=form, day_reasons=reasons)


def _page(
    request: PageRequest,
    *,
    term_form: TermForm | None = None,
    reasons: Sequence[Reason] = (),
    doubts: Sequence[Text] = (),
    day_form: ClosedDayForm | None = None,
    day_reasons: Sequence[Reason] = (),
) -> HttpResponse:
    """Both forms stand on one page; the one that was refused keeps what was typed."""
    scope = request.scope
    if term_form is None:
        term_form = TermForm(initial={"school_year": school_year_of(scope.on)})
        del term_form.fields["sure"]
    if day_form is None:
        schools = schools_of(scope.county_id, scope.on)
        day_form = ClosedDayForm(schools=schools, initial={"day": scope.on})
    present = latest_term(scope.county_id, scope.on)
    context = {
        "terms": terms_of(scope.county_id, scope.on),
        "present": present,
        "closed": closed_days(present) if present else [],
        "term_form": term_form,
        "reasons": reasons,
        "doubts": doubts,
        "day_form": day_form,
        "day_reasons": day_reasons,
    }
    wrong = reasons or doubts or day_reasons or term_form.errors or day_form.errors
    return render(request, "students/terms.html", context, status=REFUSED if wrong else 200)

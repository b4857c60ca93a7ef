"""Other dates for a term: what moves with it, and what stays because it is closed."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import clock
from agencies.errors import DomainError, Reason, Text
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.forms import TermDatesForm
from students.models import Term
from students.queries.terms import closed_outside, doubts, term_for
from students.services import terms as services
from students.services.terms import Moved

REFUSED = 422


@needs(Duty.MANAGE_TERMS)
def move(request: PageRequest, term_id: UUID) -> HttpResponse:
    """The form, and the change; a doubtful opening day has to be confirmed."""
    term = term_for(request.scope.county_id, term_id)
    present = {"starts_on": term.starts_on, "ends_on": term.ends_on}
    form = TermDatesForm(request.POST or None, initial=present)
    doubtful: list[Text] = []
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["starts_on"] != term.starts_on:
            doubtful = doubts(given["starts_on"], working_calendar())
        if given["sure"] or not doubtful:
            try:
                _say(request, term, _moved(request, term, form), form)
                return redirect("terms")
            except DomainError as refused:
                reasons = refused.reasons
    if not doubtful:
        del form.fields["sure"]
    wrong = bool(reasons or doubtful or form.errors)
    context = _context(term) | {"form": form, "reasons": reasons, "doubts": doubtful}
    return render(request, "students/term_dates.html", context, status=REFUSED if wrong else 200)


@transaction.atomic
def _moved(request: PageRequest, term: Term, form: TermDatesForm) -> Moved:
    given, now = form.cleaned_data, clock.now()
    done = services.move_term(term, given["starts_on"], given["ends_on"], now)
    audit.record(
        request.scope,
        "term.move",
        f"term:{term.public_id}",
        now=now,
        starts_on=given["starts_on"].isoformat(),
        ends_on=given["ends_on"].isoformat(),
        moved=done.moved,
    )
    return done


def _say(request: PageRequest, term: Term, done: Moved, form: TermDatesForm) -> None:
    said = [_("The dates are changed.")]
    if done.moved:
        text = ngettext(
            "%(count)s deadline has moved; whoever owes it is told.",
            "%(count)s deadlines have moved; whoever owes them is told.",
            done.moved,
        )
        said.append(text % {"count": done.moved})
    if done.fallen:
        text = ngettext(
            "%(count)s roll outside the term is not owed any more.",
            "%(count)s rolls outside the term are not owed any more.",
            done.fallen,
        )
        said.append(text % {"count": done.fallen})
    given = form.cleaned_data
    if outside := closed_outside(term, given["starts_on"], given["ends_on"]):
        text = ngettext(
            "%(count)s closed day lies outside now and has no effect there.",
            "%(count)s closed days lie outside now and have no effect there.",
            outside,
        )
        said.append(text % {"count": outside})
    messages.success(request, " ".join(said))


def _context(term: Term) -> dict[str, object]:
    """What is handed in stays; what is open moves."""
    owed = services.term_start(term)
    stand = owed.filter(waived_at__isnull=True)
    done = stand.filter(met_at__isnull=False)
    return {
        "term": term,
        "open": stand.count() - done.count(),
        "handed_in": done.count(),
        "extended": owed.open().filter(extensions__isnull=False).distinct().count(),
        "over": term.ends_on < clock.today(),
    }

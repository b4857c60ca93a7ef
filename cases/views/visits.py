"""The form of a visit or another contact, with photos, for every child of the household."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from agencies import clock
from agencies.access import require
from agencies.errors import DomainError, Reason
from agencies.models import Post
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from cases import access
from cases.forms import VisitForm
from cases.models import Case, Visit
from cases.queries import team as teams
from cases.queries.visits import siblings_of
from cases.rules.visits import MOST_PHOTOS, proposes_return
from cases.rules.workflow import Action
from cases.services import visit_photos, visits
from cases.services.visits import CountsFor, Report
from cases.views.actions import form_page


@needs(Duty.VISIT)
def visit(request: PageRequest, case_id: UUID) -> HttpResponse:
    """Record a visit; what was typed stays when it is refused, only photos are chosen anew."""
    case = access.case_for(request.scope, case_id)
    now = clock.now()
    form = VisitForm(
        request.POST or None,
        request.FILES or None,
        people=_people(case, request),
        siblings=siblings_of(request.scope, case),
        now=timezone.localtime(now),
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = visits.record(request.scope, case_id, _report(form), now)
            return redirect(_next_page(request, made))
        except DomainError as refused:
            reasons = refused.reasons
    more = {"photos_again": bool(request.FILES) and (reasons or form.errors), "most": MOST_PHOTOS}
    return form_page(request, "visit_form", case, form, reasons, more)


def _report(form: VisitForm) -> Report:
    """What was typed. Raises RuleBroken that names each photo that is none."""
    own = {name: value for name, value in form.cleaned_data.items() if not name.startswith("for-")}
    own["photos"] = visit_photos.taken(own["photos"])
    counts_for = [CountsFor(case, outcome) for case, outcome in form.counts_for()]
    return Report(**own, counts_for=counts_for)


def _next_page(request: PageRequest, made: Visit) -> str:
    """A child that is said to be back, this one or a sibling, leads on to recording the return."""
    back = [one for one in (made, *made.counted_as.order_by("pk")) if proposes_return(one.outcome)]
    if back and access.may(request.scope, Action.RECORD_RETURN):
        action = Action.RECORD_RETURN.value
        return reverse("case_action", args=(back[0].case.public_id, action))
    return reverse("case", args=(made.case.public_id,))


def _people(case: Case, request: PageRequest) -> list[Post]:
    """Who may have been there: the team, and the person who writes."""
    seats = teams.seats_of_household(case.household_id, request.scope.on)
    posts = [seat.post for seat in seats.values()]
    mine = require(request.scope, Duty.VISIT)
    if mine.id not in {post.pk for post in posts}:
        posts += Post.objects.filter(pk=mine.id).select_related("user", "agency")
    return posts

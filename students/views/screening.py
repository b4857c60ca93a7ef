"""Screening rounds: the list, a special one, the townships of a round, who goes where."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Region
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from students.models import ScreeningRound
from students.queries import screening as lists
from students.rules.focus import FocusGroup
from students.screening_forms import RoundForm, TaskForm, choices_of
from students.services import screening, screening_tasks
from students.views.paging import slice_of

REFUSED = 422
VILLAGE = 12  # digits of the path of a village


@needs(Duty.SCREEN)
def rounds(request: PageRequest) -> HttpResponse:
    """The rounds of the county, newest first, each as far as it has come in the own villages."""
    rows, more = slice_of(request, lists.rounds_for(request.scope))
    standings = lists.standings(request.scope, rows)
    context = {
        "rounds": [(row, standings.get(row.pk, lists.Standing())) for row in rows],
        "may_open": request.scope.may(Duty.OPEN_SCREENING),
        "next_cursor": more,
    }
    return render(request, "students/screenings.html", context)


@needs(Duty.OPEN_SCREENING)
def new(request: PageRequest) -> HttpResponse:
    """A special round: title, stage, groups, townships or villages."""
    scope = request.scope
    form = RoundForm(request.POST or None)
    chosen = request.POST.getlist("area")
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        given = screening.Given(
            sent["title"], sent["stage"], tuple(sent["groups"]), tuple(sorted(set(chosen)))
        )
        try:
            row = screening.open_special(scope, given, clock.now())
            messages.success(request, _("The round is open."))
            return redirect("screening", row.public_id)
        except RuleBroken as refused:
            reasons = refused.reasons
    context = {
        "form": form,
        "reasons": reasons,
        "places": lists.villages_by_township(scope.county_id, scope.on),
        "chosen": chosen,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/screening_new.html", context, status=status)


@needs(Duty.SCREEN)
def show(request: PageRequest, round_id: UUID) -> HttpResponse:
    """The townships of a round; whoever works for one or for a village is led there."""
    scope = request.scope
    row = lists.round_for(scope, round_id)
    if not scope.everything:
        own = min(scope.paths, key=len, default="")
        region = Region.objects.on(scope.on).filter(county_id=scope.county_id, path=own).first()
        if region is None:
            raise NotVisible
        page = "screening_village" if len(own) == VILLAGE else "screening_township"
        return redirect(page, round_id, region.code)
    context = {
        **_head(row),
        "standing": lists.standings(scope, [row]).get(row.pk, lists.Standing()),
        "places": lists.townships(scope, row),
        "may_close": scope.may(Duty.OPEN_SCREENING) and row.closed_at is None,
    }
    return render(request, "students/screening.html", context)


@needs(Duty.SCREEN)
def township(request: PageRequest, round_id: UUID, code: str) -> HttpResponse:
    """The villages of a township: how far each is, and who goes there."""
    scope = request.scope
    row, region = lists.round_for(scope, round_id), lists.place_for(scope, code)
    may_assign = row.closed_at is None and screening_tasks.may_assign(scope, region)
    posts = screening_tasks.posts_in(region, scope.on) if may_assign else []
    context = {
        **_head(row),
        "region": region,
        "places": [
            (place, choices_of(screening_tasks.fitting(posts, place.region)))
            for place in lists.villages(scope, row, region.path)
        ],
        "may_assign": may_assign,
        "all_townships": scope.everything,
    }
    return render(request, "students/screening_township.html", context)


@require_POST
@needs(Duty.SCREEN)
def assign(request: PageRequest, round_id: UUID, code: str) -> HttpResponse:
    """Who goes to a village, or to a group of its houses."""
    scope = request.scope
    row, village = lists.round_for(scope, round_id), lists.place_for(scope, code)
    form = TaskForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken(Reason("post", _("Choose who goes there."), "/post"))
        sent = form.cleaned_data
        post = screening_tasks.post_for(village, sent["post"], scope.on) if sent["post"] else None
        screening_tasks.assign(scope, row, village, sent["houses"], post, clock.now())
        messages.success(request, _("Who goes there is recorded."))
    except (RuleBroken, NotPossible) as refused:
        messages.error(request, str(refused.reasons[0].text))
    return redirect("screening_township", round_id, f"{village.path[:9]}000")


@require_POST
@needs(Duty.OPEN_SCREENING)
def close(request: PageRequest, round_id: UUID) -> HttpResponse:
    """Nothing is recorded any more."""
    row = lists.round_for(request.scope, round_id)
    try:
        screening.close(request.scope, row.pk, clock.now())
        messages.success(request, _("The round is closed."))
    except DomainError as refused:
        messages.error(request, str(refused.reasons[0].text))
    return redirect("screening", round_id)


def _head(row: ScreeningRound) -> dict[str, object]:
    """What stands above every page of a round."""
    return {"round": row, "focus": [FocusGroup(one).label for one in row.groups]}

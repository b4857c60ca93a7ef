"""The group robots of the county's agencies: entered, changed, tried out."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, Reason
from agencies.forms import RobotForm
from agencies.models import ChannelTarget
from agencies.queries.robots import robots_of
from agencies.rules.duties import Duty
from agencies.services import robots as services
from agencies.services import trials
from agencies.services.robots import Robot
from agencies.views.base import PageRequest, needs
from agencies.views.contact import say

REFUSED = 422


@needs(Duty.MANAGE_CHANNELS)
def channels(request: PageRequest) -> HttpResponse:
    """Each robot with its last message and what waits for it. No token is ever shown."""
    rows = robots_of(request.scope.county_id)
    return render(request, "agencies/channels.html", {"rows": rows})


@needs(Duty.MANAGE_CHANNELS)
def edit(request: PageRequest, robot_id: UUID | None = None) -> HttpResponse:
    """A new robot, or one that exists: what is left empty of its secrets stays."""
    target = services.found(request.scope, robot_id) if robot_id else None
    form = RobotForm(request.POST or None, initial=_kept(target) if target else None)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            services.keep(request.scope, Robot(**form.cleaned_data), clock.now(), robot_id)
            messages.success(request, _("The robot is kept. Send a test to see whether it works."))
            return redirect("channels")
        except DomainError as refused:
            reasons = _beside_fields(form, refused)
    status = REFUSED if reasons or form.errors else 200
    context = {"form": form, "reasons": reasons, "target": target}
    return render(request, "agencies/channel_form.html", context, status=status)


def _kept(target: ChannelTarget) -> dict[str, object]:
    names = ("channel", "base_url", "is_active")
    return {"agency": target.agency.name, **{name: getattr(target, name) for name in names}}


def _beside_fields(form: RobotForm, refused: DomainError) -> list[Reason]:
    """Reasons that point to a field stand there; the others are returned."""
    left = []
    for reason in refused.reasons:
        name = reason.pointer.removeprefix("/")
        if name in form.fields:
            form.add_error(name, str(reason.text))
        else:
            left.append(reason)
    return left


@require_POST
@needs(Duty.MANAGE_CHANNELS)
def test(request: PageRequest, robot_id: UUID) -> HttpResponse:
    """Send one into the group now, and say what became of it."""
    target = services.found(request.scope, robot_id)
    try:
        outcome = trials.to_robot(request.scope, target, clock.now())
        say(request, str(target.get_channel_display()), outcome)
    except DomainError as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason.text))
    return redirect("channels")

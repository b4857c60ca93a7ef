"""How I am told: my address and phone, channels by group of notices, a test message."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.channels.base import Outcome
from agencies.errors import DomainError, NotVisible, Reason
from agencies.forms import ContactForm, box
from agencies.models import User
from agencies.rules import outcomes
from agencies.rules.notices import WAYS, Channel, Group, is_fixed
from agencies.services import preferences, trials
from agencies.services.preferences import CHOSEN, Contact
from agencies.views.base import PageRequest, needs

REFUSED = 422


@needs(None)
def settings(request: PageRequest) -> HttpResponse:
    """What the law wants told is shown, and locked."""
    user = User.objects.get(pk=request.scope.user_id)
    boxes = preferences.shown(user)
    free = {key: on for key, on in boxes.items() if not is_fixed(*key)}
    kept = {"email": user.email, "phone": user.phone, "language": user.language}
    form = ContactForm(request.POST or None, initial=kept, boxes=free)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = {key: given[box(*key)] for key in free}
        contact = Contact(given["email"], given["phone"], given["language"])
        try:
            preferences.keep(request.scope, contact, wanted, clock.now())
            messages.success(request, _("The settings are kept."))
            return redirect("inbox_settings")
        except DomainError as refused:
            reasons = refused.reasons
    context = {
        "form": form,
        "reasons": reasons,
        "rows": _matrix(form, boxes),
        "tests": [(Channel.MAIL, user.email), (Channel.SMS, user.phone)],
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "agencies/inbox_settings.html", context, status=status)


def _matrix(form: ContactForm, boxes: dict[tuple[Group, Channel], bool]) -> list[dict[str, object]]:
    """A row for each group: what belongs to it, and a cell for each channel."""
    return [
        {
            "group": group.label,
            "kinds": _kinds(group),
            "inbox": is_fixed(group, Channel.INBOX),
            "cells": [
                {
                    "channel": channel.label,
                    "locked": is_fixed(group, channel),
                    "field": form[box(group, channel)]
                    if (group, channel) in boxes and not is_fixed(group, channel)
                    else None,
                }
                for channel in CHOSEN
            ],
        }
        for group in Group
    ]


def _kinds(group: Group) -> list[str]:
    """What belongs to a group, unless its name says so already."""
    kinds = [kind for kind, way in WAYS.items() if way.group is group and way.on]
    return [str(kind.label) for kind in kinds if kind.value != group.value]


@require_POST
@needs(None)
def test(request: PageRequest, channel: str) -> HttpResponse:
    """Send one to me now, and say what became of it."""
    if channel not in CHOSEN:
        raise NotVisible
    try:
        outcome = trials.to_me(request.scope, Channel(channel), clock.now())
        say(request, str(Channel(channel).label), outcome)
    except DomainError as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason.text))
    return redirect("inbox_settings")


def say(request: PageRequest, where: str, outcome: Outcome) -> None:
    """The outcome of a test in words, on the next page."""
    facts = {"where": where, "what": outcomes.words(outcome.status)}
    text = _("Test by %(where)s: %(what)s.") % facts
    (messages.success if outcome.ok else messages.error)(request, text)

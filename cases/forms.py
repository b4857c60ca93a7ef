"""The forms of the case pages: shape only; whether a thing is possible, services say."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.errors import Text
from agencies.forms import DayField
from agencies.models import Post, Region
from cases.models.case import Origin
from cases.rules.team import Seat
from cases.rules.visits import Outcome, Place, Reached
from cases.rules.workflow import State

WORDS = forms.Textarea(attrs={"rows": 3})


def _offer(field: forms.Field, choices: Iterable[tuple[str, Text]]) -> None:
    """Choices that are known only when the form is made."""
    cast(forms.ChoiceField, field).choices = list(choices)


class ActionForm(forms.Form):
    """One form for every workflow action: the day it is true of, and words."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label=_("On"))
    note = forms.CharField(label=_("Note"), widget=WORDS, max_length=2000, required=False)


class VisitForm(forms.Form):
    """A visit: four answers; the text is optional."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.ChoiceField(label=_("Where"), choices=Place.choices, widget=forms.RadioSelect)
    reached = forms.ChoiceField(
        label=_("Who was reached"), choices=Reached.choices, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    present = forms.MultipleChoiceField(
        label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple
    )
    next_on = DayField(label=_("Next visit on"), required=False)
    note = forms.CharField(label=_("What was said"), widget=WORDS, max_length=2000, required=False)

    def __init__(self, *args: Any, people: list[Post], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = (
            (str(post.public_id), f"{post.user.name}（{post.agency.name}）") for post in people
        )
        _offer(self.fields["present"], posts)
        self.fields["at"].initial = now


class TeamForm(forms.Form):
    """A choice for each seat among the posts that fit it, with the load of each."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, able: dict[Seat, list[Post]], held: dict[Seat, Post], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for seat in Seat:
            posts = [*able[seat]]
            if seat in held and held[seat] not in posts:
                posts.insert(0, held[seat])
            choices = [("", _("empty"))] + [(str(p.public_id), _named(p)) for p in posts]
            self.fields[seat.value] = forms.ChoiceField(
                label=seat.label,
                choices=choices,
                required=False,
                initial=str(held[seat].public_id) if seat in held else "",
            )


def _named(post: Post) -> str:
    load = getattr(post, "load", None)
    name = f"{post.user.name}（{post.agency.name}）"
    if load is None:
        return name
    return f"{name} " + str(_("%(load)s open teams") % {"load": load})


class OpenForm(forms.Form):
    """Open a case by hand."""

    origin = forms.ChoiceField(
        label=_("Why"),
        choices=[choice for choice in Origin.choices if choice[0] != Origin.RUN],
        widget=forms.RadioSelect,
    )
    on = DayField(label=_("Since"))
    note = forms.CharField(label=_("Note"), widget=WORDS, max_length=2000, required=False)


class FilterForm(forms.Form):
    """Filters of the work list."""

    state = forms.ChoiceField(label=_("State"), required=False)
    region = forms.ChoiceField(label=_("Area"), required=False)
    mine = forms.BooleanField(label=_("Only my seats"), required=False)
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(s.value, s.label) for s in State]
        _offer(self.fields["state"], [("", _("all open")), *states])
        places = [(region.code, region.name) for region in regions]
        _offer(self.fields["region"], [("", _("all")), *places])

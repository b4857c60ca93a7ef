"""The forms of screening rounds: shape only."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.models import Post
from students.models import Student
from students.rules.focus import FocusGroup
from students.rules.screening import AT_THE_DOOR, Stage


class RoundForm(forms.Form):
    """A special round: what it is about. The areas are chosen in the template."""

    title = forms.CharField(label=_("Title"), max_length=80)
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[("", _("all")), *Stage.choices], required=False
    )
    groups = forms.MultipleChoiceField(
        label=_("Focus groups"),
        choices=FocusGroup.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all children of school age."),
    )


class ResultForm(forms.Form):
    """Two taps: the child, and what was found."""

    client_id = forms.UUIDField()
    student = forms.UUIDField()
    found = forms.ChoiceField(choices=[(one.value, one.label) for one in AT_THE_DOOR])
    note = forms.CharField(max_length=200, required=False)


class TaskForm(forms.Form):
    """Who goes to the village, or to a group of its houses."""

    houses = forms.CharField(max_length=20, required=False)
    post = forms.UUIDField(required=False)


class StrangerForm(forms.Form):
    """A child that nobody knew."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(label=_("Name"), max_length=40)
    sex = forms.ChoiceField(label=_("Sex"), choices=Student.Sex.choices, widget=forms.RadioSelect)
    born_on = DayField(label=_("Born on"))
    id_number = forms.CharField(
        label=_("ID number"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    no_id_reason = forms.CharField(label=_("Why there is no number"), max_length=60, required=False)
    guardian = forms.CharField(label=_("Guardian"), max_length=40)
    relation = forms.CharField(label=_("Relation"), max_length=20, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    address = forms.CharField(label=_("Address"), max_length=120)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    sure = forms.BooleanField(
        label=_("It is another child than the one of the same name and birth date"), required=False
    )

    def __init__(self, *args: Any, ask: bool = False, **kwargs: Any) -> None:
        """ask: only when there is a child alike."""
        super().__init__(*args, **kwargs)
        if not ask and not self.data.get("sure"):
            del self.fields["sure"]


def choices_of(posts: Iterable[Post]) -> list[tuple[str, str]]:
    """Posts for a select: the person and where it works."""
    return [(str(one.public_id), f"{one.user.name}（{one.agency.name}）") for one in posts]

"""The forms of the parents' committee and of a school's events: shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from students.rules.school_life import MOST_REACHED, EventKind, SeatKind


class SeatForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the parent"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Place in the committee"), choices=SeatKind.choices, initial=SeatKind.MEMBER
    )
    of_class = forms.CharField(label=_("Class"), max_length=20, required=False)


class EventForm(forms.Form):
    kind = forms.ChoiceField(label=_("What was held"), choices=EventKind.choices)
    title = forms.CharField(label=_("Topic or title"), max_length=100)
    on = DayField(label=_("Day"))
    reach = forms.IntegerField(label=_("How many took part"), min_value=1, max_value=MOST_REACHED)
    words = forms.CharField(
        label=_("Minutes, or what was done"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Of a meeting what was decided. No names of children."),
    )


class WrongForm(forms.Form):
    because = forms.CharField(label=_("Why the record is wrong"), max_length=200)

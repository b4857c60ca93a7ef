"""The form of who looks after a left-behind child: shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField


class CarerForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    relation = forms.CharField(
        label=_("Relation to the child"),
        max_length=20,
        help_text=_("Grandmother, aunt, neighbour …"),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    starts_on = DayField(label=_("Looks after the child since"))

"""The forms of findings on records."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from reporting.rules.records import Closing, FindingKind


class RecordFilterForm(forms.Form):
    """What the list is narrowed to."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("all")), *FindingKind.choices], required=False
    )
    school = forms.CharField(label=_("Code of the school"), max_length=12, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("open", _("not cleared")), *Closing.choices, ("all", _("all"))],
        required=False,
    )


class ExplainForm(forms.Form):
    """Why the record is right although it does not fit."""

    explanation = forms.CharField(
        label=_("Explanation in writing"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("What was found out, by whom, and what proves it."),
    )


class SystemMarkForm(forms.Form):
    """The national system was brought up to date."""

    on = DayField(label=_("Day in the national system"))
    operator = forms.CharField(label=_("Who did it there"), max_length=40, required=False)

"""The forms of the result of one row of a register, and of its correction."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from students.rules.person_list import Result


class CorrectionForm(forms.Form):
    """What the police have put right in their register."""

    correction = forms.CharField(
        label=_("What was put right"),
        max_length=200,
        help_text=_("Name, number, sex, birth date or address, and by which answer."),
    )
    corrected_on = DayField(label=_("Day of the correction"))


class ResultForm(forms.Form):
    """Which of the eight, or out of school; what shows it."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=Result.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Out of school opens a case at once; so does 8 for a child on no roster that no record"
            " explains: nobody knows where it is."
        ),
    )
    note = forms.CharField(
        label=_("What shows it"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which paper, which lookup, who was asked and when."),
    )
    on = DayField(
        label=_("Day"),
        required=False,
        help_text=_(
            "Of the death (1), of completing grade 9 elsewhere (5), or since when it is away (8) or"
            " out of school. Otherwise leave it empty."
        ),
    )

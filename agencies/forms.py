"""The forms of the agency pages, and the field for a day."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from agencies.rules.duties import Position

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
USERNAME = r"^[\w.@+-]+$"


class DayField(forms.DateField):
    """A day that can be meant: a slip in the year is told at once."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class PostForm(forms.Form):
    """A person, new or with an account, and the post."""

    username = forms.RegexField(
        USERNAME,
        label=_("User name"),
        max_length=40,
        help_text=_("Of an existing account, or of the one to be made: letters, digits, @ . + - _"),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        required=False,
        help_text=_("Needed for a new account."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    agency = forms.CharField(
        label=_("Agency"),
        max_length=80,
        help_text=_("Its name or a part of it, or the code of a school or region."),
    )
    position = forms.ChoiceField(label=_("Position"), choices=Position.choices)
    starts_on = DayField(label=_("First day"))

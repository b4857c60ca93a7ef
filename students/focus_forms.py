"""The forms of focus groups and of the disability record: shape only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from students.rules.disability import Category, Grade, Taught
from students.rules.focus import FocusGroup


class TagForm(forms.Form):
    """A child belongs to a group, from when to when, and who says so."""

    group = forms.ChoiceField(label=_("Focus group"), choices=[("", "—"), *FocusGroup.choices])
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("Empty: until it is ended.")
    )
    source = forms.CharField(
        label=_("Source of the tag"),
        max_length=200,
        help_text=_("Who says so, and in which paper. Nothing about what the parents did."),
    )


class RecordForm(forms.Form):
    """What the certificate says."""

    category = forms.ChoiceField(label=_("Category"), choices=[("", "—"), *Category.choices])
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        choices=Grade.choices,
        coerce=lambda text: Grade(int(text)),
        widget=forms.RadioSelect,
        help_text=_("1 is the most severe."),
    )
    number = forms.CharField(
        label=_("Certificate number"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("20 digits. Empty: no certificate yet, or the one that is known stays."),
    )
    valid_to = DayField(label=_("Valid to"), required=False)


class CheckForm(forms.Form):
    """Where the child is taught today."""

    taught = forms.ChoiceField(
        label=_("Where the child is taught"), choices=Taught.choices, widget=forms.RadioSelect
    )


class GroupFilter(forms.Form):
    """The focus group that a list is narrowed to."""

    tag = forms.ChoiceField(label=_("Focus group"), required=False)

    def __init__(self, *args: Any, groups: Iterable[FocusGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("all")), *((one.value, one.label) for one in groups)]
        self.fields["tag"].choices = choices  # type: ignore[attr-defined]

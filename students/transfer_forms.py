"""The forms of a transfer: the guardian's application, and the steps that follow."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.models import Agency
from students.models import SchoolClass
from students.queries.transfers import ALL, OPEN, WAITS

TEXT = forms.Textarea(attrs={"rows": 2})


class ApplicationForm(forms.Form):
    """What the guardian asks for."""

    to_school = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("School of this county"),
        to_field_name="public_id",
        required=False,
        empty_label=_("none: the child goes elsewhere"),
    )
    to = forms.CharField(
        label=_("School and place elsewhere"),
        max_length=120,
        required=False,
        help_text=_("Only if the child leaves the county."),
    )
    reason = forms.CharField(
        label=_("Reason of the guardian"), max_length=200, widget=TEXT, required=False
    )
    by = forms.CharField(label=_("Who asks"), max_length=40, help_text=_("The guardian's name."))
    on = DayField(label=_("Day of the application"))

    def __init__(self, *args: Any, schools: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_school"].queryset = schools  # type: ignore[attr-defined]


class AgreeForm(forms.Form):
    """The school agrees."""

    on = DayField(
        label=_("Last day on the roster"),
        help_text=_("From the next day on the child is on no roster here."),
    )


class ReasonForm(forms.Form):
    """Why it is refused or taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=TEXT, required=False)


class ReceiveForm(forms.Form):
    """The class that takes the child in."""

    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label=_("Class"), to_field_name="public_id"
    )
    on = DayField(label=_("First day in the class"))

    def __init__(self, *args: Any, classes: QuerySet[SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes  # type: ignore[attr-defined]


class TransferFilterForm(forms.Form):
    """Which applications are shown."""

    view = forms.ChoiceField(
        label=_("Show"),
        choices=[
            (WAITS, _("those that wait for me")),
            (OPEN, _("all that are under way")),
            (ALL, _("all transfers")),
        ],
        required=False,
    )

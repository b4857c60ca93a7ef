"""The forms of roster moves."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.models import Agency
from students.rules.moving import MoveKind


class MoveForm(forms.Form):
    """What is to move, and from which day."""

    kind = forms.ChoiceField(
        label=_("What is done"), choices=MoveKind.choices, widget=forms.RadioSelect
    )
    school = forms.ModelChoiceField(
        Agency.objects.none(), label=_("School"), to_field_name="public_id"
    )
    target = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("School that takes over"),
        to_field_name="public_id",
        required=False,
        empty_label="—",
        help_text=_("Only for a merger."),
    )
    first_day = DayField(
        label=_("First day in the new classes"),
        help_text=_("Of a promotion the opening day of the new school year."),
    )

    def __init__(
        self, *args: Any, own: QuerySet[Agency], every: QuerySet[Agency], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = own  # type: ignore[attr-defined]
        self.fields["target"].queryset = every  # type: ignore[attr-defined]


class SureForm(forms.Form):
    """The second look."""

    sure = forms.BooleanField(label=_("I have looked at each class; do it"))

"""The forms of payment lists and of the list of aid: shape only."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.models import Agency, Region
from cases.rules.assistance import AssistanceKind


class PaymentForm(forms.Form):
    """A payment list: who paid, what, when."""

    giver = forms.ChoiceField(label=_("Paid by"))
    kind = forms.ChoiceField(label=_("Kind of help"), choices=AssistanceKind.choices)
    what = forms.CharField(
        label=_("What was given"),
        max_length=200,
        help_text=_("As the notice calls it, with school year or month."),
    )
    paid_on = DayField(label=_("Paid on"))
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        help_text=_("A table as .xlsx, .xls or .csv. Columns in any order: 姓名, 身份证号, 金额."),
    )

    def __init__(self, *args: Any, payers: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.public_id), one.name) for one in payers]
        cast(forms.ChoiceField, self.fields["giver"]).choices = [("", "—"), *choices]


class AidFilterForm(forms.Form):
    """Filters of the list of aid."""

    kind = forms.ChoiceField(
        label=_("Kind of help"), required=False, choices=[("", _("all")), *AssistanceKind.choices]
    )
    region = forms.ChoiceField(label=_("Area"), required=False)
    first = DayField(label=_("Given from"), required=False)
    last = DayField(label=_("Given until"), required=False)

    def __init__(self, *args: Any, regions: Iterable[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[Any] = [("", _("all")), *((one.code, one.name) for one in regions)]
        cast(forms.ChoiceField, self.fields["region"]).choices = choices

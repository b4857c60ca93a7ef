"""The forms of admission: delivery of notices, and the applications of migrant families."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.models import Agency, Region
from students.rules.admission import Paper

TEXT = forms.Textarea(attrs={"rows": 2})


class YearForm(forms.Form):
    """Which list of entrants."""

    school = forms.ModelChoiceField(
        Agency.objects.none(), label=_("School"), to_field_name="public_id", required=False
    )
    year = forms.IntegerField(
        label=_("School year"), min_value=2000, max_value=2100, required=False
    )
    grade = forms.ChoiceField(
        label=_("School grade"), choices=[("1", "1"), ("7", "7")], required=False
    )

    def __init__(self, *args: Any, schools: QuerySet[Agency], nowhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        field.queryset = schools  # type: ignore[attr-defined]
        field.empty_label = _("without a zone") if nowhere else None  # type: ignore[attr-defined]


class TownshipForm(forms.Form):
    """Which township's zones are shown."""

    township = forms.ModelChoiceField(
        Region.objects.none(), label=_("Township"), to_field_name="code", empty_label=None
    )

    def __init__(self, *args: Any, townships: QuerySet[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships  # type: ignore[attr-defined]


class ZoneForm(forms.Form):
    """The school of a place, from a day on."""

    school = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("School"),
        to_field_name="public_id",
        required=False,
        empty_label=_("none of its own"),
    )
    on = DayField(
        label=_("In force from"), help_text=_("Zones usually change with the school year.")
    )

    def __init__(self, *args: Any, schools: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]


class DeliveryForm(forms.Form):
    """The day on which the notices were handed over; who took each stands beside its row."""

    on = DayField(label=_("Delivered on"))


class MigrantForm(forms.Form):
    """What a migrant family asks for."""

    name = forms.CharField(label=_("Name of the child"), max_length=40)
    born_on = DayField(label=_("Born on"))
    guardian = forms.CharField(label=_("Guardian"), max_length=40)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    lives_in = forms.ModelChoiceField(
        Region.objects.none(), label=_("Lives in"), to_field_name="code"
    )
    home = forms.CharField(
        label=_("Household register at"), max_length=120, help_text=_("Province, city, county.")
    )
    grade = forms.TypedChoiceField(
        label=_("School grade"), choices=[(n, n) for n in range(1, 10)], coerce=int
    )
    asked = forms.MultipleChoiceField(
        label=_("Documents asked for"),
        choices=Paper.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    given = forms.MultipleChoiceField(
        label=_("Documents given"),
        choices=Paper.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    on = DayField(label=_("Day of the application"))

    def __init__(self, *args: Any, villages: QuerySet[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lives_in"].queryset = villages  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """A school, or why not."""

    given = forms.MultipleChoiceField(
        label=_("Documents given"),
        choices=Paper.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    school = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("School"),
        to_field_name="public_id",
        required=False,
        empty_label=_("none: refused"),
    )
    because = forms.CharField(label=_("Reason"), max_length=200, widget=TEXT, required=False)

    def __init__(self, *args: Any, schools: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]

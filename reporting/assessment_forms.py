"""The forms of the yearly assessment: shape only."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.forms import DayField
from reporting.documents.assessment_paper import name
from reporting.models import Scheme
from reporting.queries.assessment import KINDS
from reporting.rate_forms import year_name
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import Given, Row, Wanted
from reporting.rules.assessment_indicators import Indicator, of_kind

SHORT = forms.Textarea(attrs={"rows": 2})
NO_NAMES = _("Units and posts only, no names of persons.")
OWN_ITEMS = 6  # items of the county's own that the form offers
YEARS = 5


class PointsField(forms.DecimalField):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label, max_digits=6, decimal_places=2, min_value=Decimal(0), **kwargs
        )


class AssessmentFilter(forms.Form):
    year = forms.TypedChoiceField(label=_("School year"), coerce=int, required=False)
    kind = forms.ChoiceField(label=_("Units"), required=False)

    def __init__(
        self, *args: Any, this_year: int, kinds: Iterable[AreaKind], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        years = range(this_year + 1, this_year - YEARS, -1)
        fields = cast(dict[str, forms.ChoiceField], self.fields)
        fields["year"].choices = [(year, year_name(year)) for year in years]
        fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]


class DrawForm(forms.Form):
    kind = forms.ChoiceField(choices=[(one.value, one.label) for one in KINDS])
    year = forms.IntegerField(min_value=2000, max_value=2100)


class SchemeForm(forms.Form):
    """Points of each indicator of the kind, and items of the county's own; empty: not assessed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    source = forms.CharField(
        label=_("Paper that sets the scheme"), max_length=200, help_text=_("Its number and name.")
    )
    starts_on = DayField(label=pgettext_lazy("assessment", "In force from"))

    def __init__(self, *args: Any, kind: AreaKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.catalogue = kind, of_kind(kind)
        for code, one in self.catalogue.items():
            self.fields[f"points_{code}"] = PointsField(one.name, required=False)
        for number in range(1, OWN_ITEMS + 1):
            label = _("Item %(number)s") % {"number": number}
            self.fields[f"own_{number}"] = forms.CharField(
                label=label, max_length=60, required=False
            )
            self.fields[f"own_points_{number}"] = PointsField(_("Points"), required=False)

    def head(self) -> list[forms.BoundField]:
        return [self[one] for one in ("version", "source", "starts_on")]

    def indicators(self) -> list[tuple[Indicator, forms.BoundField]]:
        return [(one, self[f"points_{code}"]) for code, one in self.catalogue.items()]

    def own(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        numbers = range(1, OWN_ITEMS + 1)
        return [(self[f"own_{number}"], self[f"own_points_{number}"]) for number in numbers]

    def wanted(self, school_year: int) -> Wanted:
        given = self.cleaned_data
        points = {code: given[f"points_{code}"] for code in self.catalogue}
        own = [
            (given[f"own_{number}"], given[f"own_points_{number}"])
            for number in range(1, OWN_ITEMS + 1)
        ]
        return Wanted(
            self.kind.value,
            school_year,
            given["starts_on"],
            given["source"],
            {code: value for code, value in points.items() if value is not None},
            [(words, value) for words, value in own if words or value is not None],
        )


def of_scheme(scheme: Scheme | None, today: date) -> dict[str, object]:
    """What the form shows first: the scheme as it is, without one nothing is preset."""
    if scheme is None:
        return {"version": 0, "starts_on": today}
    own = [row for row in scheme.items if not row["code"]]
    return {
        "version": scheme.version,
        "source": scheme.source,
        "starts_on": scheme.starts_on,
        **{f"points_{row['code']}": row["most"] for row in scheme.items if row["code"]},
        **{f"own_{number}": row["name"] for number, row in enumerate(own, 1)},
        **{f"own_points_{number}": row["most"] for number, row in enumerate(own, 1)},
    }


class SheetVersion(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class GiveForm(SheetVersion):
    """Points and reason of each item that a person judges."""

    def __init__(self, *args: Any, rows: list[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            number, told = row["number"], {"name": name(row), "most": row["most"]}
            self.fields[f"points_{number}"] = PointsField(
                _("%(name)s: points, at most %(most)s") % told, required=False
            )
            self.fields[f"reason_{number}"] = forms.CharField(
                label=_("Reason"), max_length=500, required=False, widget=SHORT, help_text=NO_NAMES
            )

    def given(self) -> dict[int, Given]:
        """What was typed; an item that is left empty altogether is judged later."""
        said = {
            int(str(row["number"])): Given(
                self.cleaned_data[f"points_{row['number']}"],
                self.cleaned_data[f"reason_{row['number']}"],
            )
            for row in self.rows
        }
        return {number: one for number, one in said.items() if one.points is not None or one.reason}


class AppealForm(SheetVersion):
    text = forms.CharField(
        label=_("What is not right about this item"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=NO_NAMES,
    )


class AnswerForm(SheetVersion):
    points = PointsField(
        _("Points from now on"), required=False, help_text=_("Empty: they stay as they are.")
    )
    reason = forms.CharField(
        label=_("Answer and its reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=NO_NAMES,
    )

"""What is asked of the rates, and what is entered beside them."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.forms import within
from reporting.rules.accountability import TARGETS
from reporting.rules.areas import Area
from reporting.rules.entered import EARLIEST_YEAR, PARTS
from reporting.rules.rates import Measure, Stage
from students.focus_forms import GroupFilter

NO_STAGE = ("", _("none: all nine years"))
SOURCE = _("Number and name of the paper.")


def year_name(school_year: int) -> str:
    """2026–2027."""
    return f"{school_year}–{school_year + 1}"


class RateFilterForm(GroupFilter):
    """Which rate, of which school year, as of which day, of which focus group."""

    measure = forms.ChoiceField(label=_("Rate"), choices=Measure.choices, required=False)
    year = forms.TypedChoiceField(label=_("School year"), coerce=int, required=False)
    on = forms.DateField(label=_("As of"), required=False)
    field_order = ("measure", "year", "on", "tag")

    def __init__(self, *args: Any, this_year: int, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["year"])
        years = range(this_year, this_year - 10, -1)
        field.choices = [(year, year_name(year)) for year in years]
        self.fields["on"].widget = forms.DateInput(
            {"type": "date", "max": today.isoformat()}, "%Y-%m-%d"
        )
        self.fields["on"].validators.append(partial(within, today))


class AlertFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("open", _("open")), ("ended", _("no longer so")), ("all", _("all"))],
    )


class OfUnitForm(forms.Form):
    """A unit in reach, a rate, a stage and a school year."""

    unit = forms.ChoiceField(label=_("Unit"))
    measure = forms.ChoiceField(label=_("Rate"), choices=Measure.choices)
    stage = forms.ChoiceField(label=_("Stage"), choices=[NO_STAGE, *Stage.choices], required=False)
    school_year = forms.IntegerField(
        label=_("School year"),
        min_value=EARLIEST_YEAR,
        max_value=2100,
        help_text=_("The year in which it began: 2022 for 2022–2023."),
    )
    source = forms.CharField(label=_("Source"), max_length=200, required=False, help_text=SOURCE)

    def __init__(self, *args: Any, units: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["unit"])
        field.choices = [(unit_value(area), area.name) for area in units]


def unit_value(area: Area) -> str:
    return f"{area.kind.value}:{area.key}"


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=-9_999_999, max_value=9_999_999, required=False
    )


class EnterForm(OfUnitForm):
    """A figure of an earlier year: two numbers, or the parts of the consolidation rate."""

    numerator = _number(_("Numerator"))
    denominator = _number(_("Denominator"))
    entrants = _number(_("Entrants of grade 1, nine years before"))
    moved_in = _number(_("Transferred in"))
    moved_out = _number(_("Transferred out"))
    died = _number(_("Died"))
    graduates = _number(_("Completed grade 9"))
    field_order = (
        "unit", "measure", "stage", "school_year", "numerator", "denominator", *PARTS, "source"
    )  # fmt: skip


class TargetForm(OfUnitForm):
    """What is asked of a unit."""

    measure = forms.ChoiceField(
        label=_("Rate"), choices=[(one.value, one.label) for one in TARGETS]
    )
    limit = forms.CharField(
        label=_("Target in percent"),
        max_length=8,
        help_text=_("Dropout: at most so much. Return and consolidation: at least so much."),
    )
    field_order = ("unit", "measure", "stage", "school_year", "limit", "source")

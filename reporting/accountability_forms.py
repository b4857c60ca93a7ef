"""The forms of accountability talks and of circulars: shape only."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.models import Agency
from agencies.rules.duties import Position
from cases.inspection_forms import Once
from reporting.models import TalkItem
from reporting.queries.circulars import unit_value
from reporting.rate_forms import year_name
from reporting.rules.areas import Area
from reporting.rules.circulars import RecipientGroup
from reporting.rules.rates import Measure
from reporting.rules.talks import LEADERS, Outcome, Step, TalkDeed, TalkState
from reporting.services.circulars import Addressees

LONG = forms.Textarea(attrs={"rows": 5})
NO_NAMES = _("Units and posts only, no names of persons.")
EVERY_LEADER = tuple(dict.fromkeys(one for several in LEADERS.values() for one in several))


def set_choices(field: forms.Field, choices: Iterable[tuple[str, Any]]) -> None:
    cast(forms.ChoiceField, field).choices = list(choices)


class TalkFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("running")), *TalkState.choices, ("all", _("all"))],
    )


class CallForm(Once):
    """unit: only where no alert says which."""

    unit = forms.ChoiceField(label=_("Unit"))
    position = forms.ChoiceField(label=_("Who is to come"), widget=forms.RadioSelect)
    by = forms.ChoiceField(label=_("Who talks"))
    planned_on = DayField(label=_("Planned for"))
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=LONG, required=False, help_text=NO_NAMES
    )

    def __init__(
        self,
        *args: Any,
        units: list[Area] | None,
        positions: tuple[Position, ...],
        bodies: list[Agency],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["position"], [(one.value, one.label) for one in positions])
        set_choices(self.fields["by"], [(str(one.public_id), one.name) for one in bodies])
        if len(positions) == 1:
            self.fields["position"].initial = positions[0].value
        if units is None:
            del self.fields["unit"]
        else:
            known = [(unit_value(one), one.name) for one in units]
            set_choices(self.fields["unit"], [("", ""), *known])


FIELDS: dict[TalkDeed, frozenset[str]] = {
    TalkDeed.HOLD: frozenset({"text"}),
    TalkDeed.ORDER: frozenset({"number", "items", "due_on"}),
    TalkDeed.REPORT: frozenset({"text"}),
    TalkDeed.RECHECK: frozenset({"put_right", "text", "due_on"}),
    TalkDeed.REPLY: frozenset({"text"}),
    TalkDeed.OUTCOME: frozenset({"outcome", "number", "text"}),
    TalkDeed.CANCEL: frozenset({"text"}),
}
WORDS = {
    TalkDeed.HOLD: _("What was said, and what is demanded"),
    TalkDeed.REPLY: _("The reply"),
    TalkDeed.RECHECK: _("What was found"),
    TalkDeed.REPORT: _("In general"),
}


class TalkStepForm(forms.Form):
    """A step of a talk: only the fields that it has."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect, required=False
    )
    put_right = forms.TypedMultipleChoiceField(
        label=_("Put right"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    number = forms.CharField(label=_("Number of the paper"), max_length=60, required=False)
    items = forms.CharField(
        label=_("What is to be put right"),
        max_length=4000,
        widget=LONG,
        required=False,
        help_text=_("One item in each line."),
    )
    on = DayField(label=_("On"))
    due_on = DayField(label=_("To be put right by"), required=False)
    text = forms.CharField(
        label=_("In words"), max_length=2000, widget=LONG, required=False, help_text=NO_NAMES
    )

    def __init__(self, *args: Any, deed: TalkDeed, items: list[TalkItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - FIELDS[deed] - {"on"}:
            del self.fields[name]
        if deed in WORDS:
            self.fields["text"].label = WORDS[deed]
        if deed is TalkDeed.RECHECK:
            choices = [(str(item.number), f"{item.number}. {item.text}") for item in items]
            set_choices(self.fields["put_right"], choices)
            self.fields["due_on"].help_text = _("Only when something is not put right yet.")
        self.reports = [item.number for item in items] if deed is TalkDeed.REPORT else []
        for item in items if deed is TalkDeed.REPORT else ():
            self.fields[f"report_{item.number}"] = forms.CharField(
                label=f"{item.number}. {item.text}",
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
                initial=item.report,
            )

    def step(self) -> Step:
        given = self.cleaned_data
        return Step(
            on=given["on"],
            text=given.get("text", ""),
            number=given.get("number", ""),
            due_on=given.get("due_on"),
            items=tuple(given.get("items", "").splitlines()),
            reports={number: given[f"report_{number}"] for number in self.reports},
            put_right=frozenset(given.get("put_right", ())),
            outcome=given.get("outcome", ""),
        )


class WordsForm(forms.Form):
    """The words of a circular, beside the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(
        label=_("Text"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("The figures stand below it. No names of persons or children."),
    )


class RecipientsForm(forms.Form):
    """Whom it goes to: groups as one choice each, and bodies one by one."""

    groups = forms.MultipleChoiceField(
        label=_("Recipients in groups"),
        choices=RecipientGroup.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("On the draft each recipient can be left out again."),
    )
    recipients = forms.MultipleChoiceField(
        label=_("Recipients one by one"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, bodies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["recipients"], [(str(one.public_id), one.name) for one in bodies])

    def told(self) -> Addressees:
        given = self.cleaned_data
        ids = tuple(UUID(one) for one in given["recipients"])
        return Addressees(ids, frozenset(given["groups"]))


class AddressForm(RecipientsForm):
    version = WordsForm.base_fields["version"]


class CircularForm(Once, RecipientsForm):
    title = WordsForm.base_fields["title"]
    text = WordsForm.base_fields["text"]
    measure = forms.ChoiceField(label=_("Rate"), choices=Measure.choices)
    school_year = forms.TypedChoiceField(label=_("School year"), coerce=int)
    units = forms.MultipleChoiceField(
        label=_("Units of which it tells"), widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ("title", "text", "measure", "school_year", "units", "groups", "recipients")

    def __init__(self, *args: Any, units: list[Area], this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = range(this_year, this_year - 5, -1)
        set_choices(self.fields["school_year"], [(str(one), year_name(one)) for one in years])
        set_choices(self.fields["units"], [(unit_value(one), one.name) for one in units])

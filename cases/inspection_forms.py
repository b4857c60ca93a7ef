"""The forms of the register of places and of inspections: shape only."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.forms import DayField
from agencies.models import Agency, Decision
from agencies.rules.masking import free_text
from cases.rules.inspections import KINDS, Deed, InspectionState, Topic, penalties_of
from cases.rules.opinions import ON_PAPER, Stage
from cases.rules.venues import VenueKind

SHORT = forms.Textarea(attrs={"rows": 2})
LONG = forms.Textarea(attrs={"rows": 5})
NO_NAMES = _("Without names and numbers of persons.")


class Once(forms.Form):
    """A form that is stored once, however often it is sent."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class VenueForm(Once):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("inspection", "Kind"), choices=VenueKind.choices)
    name = forms.CharField(label=_("Name of the place"), max_length=80)
    region = forms.ChoiceField(label=_("Township or village"))
    address = forms.CharField(label=pgettext_lazy("inspection", "Address"), max_length=120)
    near = forms.ChoiceField(label=_("Near which school"), required=False)
    approved_by = forms.CharField(label=_("Approved by"), max_length=80, required=False)
    approval_number = forms.CharField(
        label=_("Number of the approval"),
        max_length=60,
        required=False,
        help_text=_("Empty: there is none, or this kind of place needs none."),
    )
    approval_until = DayField(label=_("Approved until"), required=False)
    schooling = forms.CharField(
        label=_("How it ensures the schooling of the children it trains"),
        max_length=200,
        required=False,
        widget=SHORT,
    )

    def __init__(
        self, *args: Any, regions: list[Any], schools: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", ""), *regions]  # type: ignore[attr-defined]
        self.fields["near"].choices = [("", "—"), *schools]  # type: ignore[attr-defined]


class VenueFilter(forms.Form):
    q = forms.CharField(label=_("Name or address"), max_length=40, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("inspection", "Kind"), required=False)
    township = forms.ChoiceField(label=_("Township"), required=False)

    def __init__(self, *args: Any, townships: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("all"))
        self.fields["kind"].choices = [every, *VenueKind.choices]  # type: ignore[attr-defined]
        self.fields["township"].choices = [every, *townships]  # type: ignore[attr-defined]


class InspectionFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("running")), *InspectionState.choices, ("all", _("all"))],
    )
    topic = forms.ChoiceField(
        label=_("Field of inspection"), required=False, choices=[("", _("all")), *Topic.choices]
    )


Grouped = list[tuple[Any, list[tuple[str, str]]]]


class PlanForm(Once):
    """place: only where the page did not name one already; "venue:" or "unit:" and its id."""

    place = forms.ChoiceField(label=_("What is inspected"))
    topic = forms.ChoiceField(label=_("Field of inspection"), widget=forms.RadioSelect)
    planned_on = DayField(label=_("Planned for"))
    bodies = forms.MultipleChoiceField(
        label=_("Other bodies that take part"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    decision = forms.ChoiceField(
        label=_("Decision of the joint conference that it carries out"), required=False
    )
    basis = forms.CharField(
        label=_("What else it rests on"),
        max_length=200,
        required=False,
        help_text=_("For example a complaint or a plan of work with its number."),
    )

    def __init__(
        self,
        *args: Any,
        topics: list[Topic],
        bodies: list[Agency],
        places: Grouped | None,
        decisions: Iterable[Decision],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.value, one.label) for one in topics]
        self.fields["topic"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["topic"].initial = choices[0][0]
        joined = [(str(body.public_id), body.name) for body in bodies]
        self.fields["bodies"].choices = joined  # type: ignore[attr-defined]
        charged = [(str(one.public_id), _charge(one)) for one in decisions]
        self.fields["decision"].choices = [("", "—"), *charged]  # type: ignore[attr-defined]
        if places is None:
            del self.fields["place"]
        else:
            self.fields["place"].choices = [("", ""), *places]  # type: ignore[attr-defined]


def _charge(one: Decision) -> str:
    words = free_text(one.text)[:40]
    return f"{one.meeting.conference.name} {one.meeting.number}-{one.number} {words}"


class HoldForm(forms.Form):
    on = DayField(label=pgettext_lazy("inspection", "Held from"))
    until = DayField(label=_("until"))
    summary = forms.CharField(
        label=_("What was looked at"), max_length=2000, widget=LONG, help_text=NO_NAMES
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=SHORT)


class FindingForm(Once):
    kind = forms.ChoiceField(label=pgettext_lazy("inspection", "Finding"), widget=forms.RadioSelect)
    what = forms.CharField(
        label=pgettext_lazy("inspection", "What was found"),
        max_length=1000,
        widget=LONG,
        help_text=NO_NAMES,
    )

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.value, one.label) for one in KINDS[topic]]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """A step of a finding: only the fields that this step has."""

    penalty = forms.ChoiceField(label=_("Penalty"), widget=forms.RadioSelect)
    body = forms.ChoiceField(label=_("Decided by"))
    number = forms.CharField(label=_("Number of the paper"), max_length=60)
    on = DayField(label=_("On"))
    due_on = DayField(label=_("To be put right by"))
    recheck_on = DayField(label=_("Looked at again by"))
    text = forms.CharField(
        label=_("In words"), max_length=2000, widget=LONG, required=False, help_text=NO_NAMES
    )

    def __init__(
        self, *args: Any, deed: Deed, bodies: list[Agency], venue: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS - HAS[deed]:
            del self.fields[name]
        if "body" in self.fields:
            choices = [(str(body.public_id), body.name) for body in bodies]
            self.fields["body"].choices = choices  # type: ignore[attr-defined]
        if "penalty" in self.fields:
            of_place = [(one.value, one.label) for one in penalties_of(venue=venue)]
            self.fields["penalty"].choices = of_place  # type: ignore[attr-defined]


ALWAYS = frozenset({"on", "text"})
HAS: dict[Deed, frozenset[str]] = dict.fromkeys(Deed, ALWAYS) | {
    Deed.ORDER: ALWAYS | {"body", "number", "due_on", "recheck_on"},
    Deed.PENALTY: ALWAYS | {"body", "number", "penalty"},
}
FIELDS = frozenset[str]().union(*HAS.values())


class OpinionForm(forms.Form):
    on = DayField(label=_("On"), help_text=_("For draft and opinion: the day of their receipt."))
    number = forms.CharField(label=_("Number of the paper"), max_length=60)
    text = forms.CharField(label=_("In words"), max_length=2000, widget=LONG, help_text=NO_NAMES)

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if stage not in ON_PAPER:
            del self.fields["number"]


class FoundForm(forms.Form):
    student = forms.UUIDField(widget=forms.HiddenInput)
    since = DayField(label=_("Out of school since"))
    note = forms.CharField(label=_("Note"), max_length=400, widget=SHORT, required=False)


class PublishForm(Once):
    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(
        label=_("Text"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Everybody can read it: no names, no ID or phone numbers."),
    )
    place = forms.CharField(
        label=_("Where it is shown beside this page"),
        max_length=80,
        help_text=_("For example the website of the county or the notice board of the township."),
    )

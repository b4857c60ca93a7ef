"""The forms of the legal ladder and of serving papers: shape only; services decide."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.models import Post
from agencies.rules.deadlines import Law
from agencies.rules.duties import Position
from cases.rules import ladder as rules
from cases.rules.ladder import Counting, Rung, StepOutcome
from cases.rules.paper_fields import MOST, Form
from cases.rules.papers import CATALOGUE, PaperKind
from cases.rules.service import Method

WORDS = forms.Textarea(attrs={"rows": 3})
SCANS = "image/*,application/pdf"
# What the case, the rung and the date of the paper say by themselves: nobody types it.
SAID = rules.OF_CASE | {"basis", "days", "counting", "held_on"}
LAWS = (
    (Law.CIVIL_CODE.value, _("Civil Code: days of the calendar, a last day of rest moves on")),
    (Law.PENALTY.value, _("Administrative Penalty Law 85: 2, 3, 5 and 7 days are working days")),
    (Law.ENFORCEMENT.value, _("Administrative Compulsion Law 69: up to 10 days are working days")),
)


def scan_field(label: Any, *, required: bool) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=required,
        widget=forms.FileInput(attrs={"accept": SCANS}),
        help_text=_("A photo or a PDF of at most 10 MB."),
    )


class StepForm(forms.Form):
    """A rung of the ladder: the fields of its paper that the case does not know by itself."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label=_("Date of the paper"))
    addressee = forms.CharField(label=_("To which body"), max_length=80)
    days = forms.IntegerField(
        label=_("Days for the guardian, from the service"), min_value=1, max_value=rules.LONGEST
    )

    def __init__(self, *args: Any, rung: Rung, known: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = PaperKind(rung.paper)
        if kind is not PaperKind.REFERRAL_FILE:
            del self.fields["addressee"]
        if rung.days is None:
            del self.fields["days"]
        else:
            self.fields["days"].initial = rung.days
        for name, made in _paper_fields(kind, rung.needs).items():
            made.initial = known.get(name, "")
            self.fields[name] = made

    def facts(self) -> dict[str, str]:
        """What was typed for the paper."""
        own = {"client_id", "version", "on", "addressee", "days"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


def _paper_fields(kind: PaperKind, needs: frozenset[str]) -> dict[str, forms.CharField]:
    return {
        one.name: forms.CharField(
            label=str(one.words),
            required=one.required or one.name in needs,
            max_length=MOST[one.form],
            widget=WORDS if one.form is Form.TEXT else forms.TextInput(),
        )
        for one in CATALOGUE[kind].fields
        if one.form is not Form.ROWS and one.name not in SAID
    }


class OutsideForm(forms.Form):
    """A step outside the ladder: what it is, the article it rests on, the fields of its paper."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label=_("On"))
    name = forms.CharField(label=_("What step"), max_length=40)
    basis = forms.CharField(
        label=_("Article of the law or regulation"),
        max_length=200,
        help_text=_("For example 义务教育法 第五十八条. A normative document is not enough."),
    )
    days = forms.IntegerField(
        label=_("Days for the guardian, from the service"), min_value=1, max_value=rules.LONGEST
    )
    counting = forms.ChoiceField(label=_("Counted in"), choices=Counting.choices)
    guardian = forms.CharField(label=_("Guardian"), max_length=40, required=False)
    facts = forms.CharField(label=_("Facts established"), widget=WORDS, max_length=2000)

    def __init__(
        self, *args: Any, paper: PaperKind | None, known: Mapping[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if paper is not PaperKind.ORDER_TO_RETURN:
            del self.fields["days"], self.fields["counting"]
        if paper:
            del self.fields["guardian"], self.fields["facts"]
            for name, made in _paper_fields(paper, frozenset()).items():
                made.initial = known.get(name, "")
                self.fields[name] = made

    def facts_said(self) -> dict[str, str]:
        """What was typed of the facts, or for the paper."""
        own = {"client_id", "version", "on", "name", "basis", "days", "counting"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


class ExternalForm(forms.Form):
    """A paper that another body has issued."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(
        label=_("What paper"), max_length=40, widget=forms.TextInput(attrs={"list": "kc-papers"})
    )
    issuer = forms.CharField(label=_("Issued by"), max_length=80)
    number = forms.CharField(label=_("Its number"), max_length=60)
    on = DayField(label=_("Its date"))
    basis = forms.CharField(label=_("Legal basis"), max_length=200, required=False)
    note = forms.CharField(label=_("What it orders"), widget=WORDS, max_length=2000, required=False)
    scan = scan_field(_("Scan of the paper"), required=False)


class OutcomeForm(forms.Form):
    """What came of a step."""

    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=StepOutcome.choices, widget=forms.RadioSelect
    )
    on = DayField(label=_("On"))
    note = forms.CharField(label=_("Note"), widget=WORDS, max_length=400, required=False)


class ServiceForm(forms.Form):
    """How a paper was served; what each way has to say, the rule knows."""

    method = forms.ChoiceField(
        label=_("Way of service"), choices=Method.choices, widget=forms.RadioSelect
    )
    served_on = DayField(
        label=_("On"),
        help_text=_("By post: the day on the return slip. By notice: the day it appeared."),
    )
    place = forms.CharField(label=_("Where"), max_length=120, required=False)
    receiver = forms.CharField(label=_("Received by"), max_length=40, required=False)
    relation = forms.CharField(
        label=_("Relation to the guardian"), max_length=20, required=False,
        help_text=_("The guardian or an adult of the same household."),
    )  # fmt: skip
    witnesses = forms.CharField(
        label=_("Witnesses"), max_length=80, required=False,
        help_text=_("Two names, when the paper was left."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), widget=WORDS, max_length=400, required=False,
        help_text=_("Number of the letter; why it was left or published; what stood in the way."),
    )  # fmt: skip
    receipt = scan_field(_("Scan of the signed receipt"), required=False)

    def __init__(self, *args: Any, people: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(p.public_id), f"{p.user.name}（{p.agency.name}）") for p in people]
        self.fields["served_by"] = forms.ChoiceField(
            label=_("Served by"), choices=[("", _("myself")), *choices], required=False
        )
        self.order_fields(("method", "served_on", "served_by"))


class ReceiptForm(forms.Form):
    """The receipt that comes later."""

    receipt = scan_field(_("Scan of the signed receipt"), required=True)


class RungForm(forms.Form):
    """Another form of a rung from a day on."""

    name = forms.CharField(label=_("Name of the step"), max_length=40)
    basis = forms.CharField(label=_("Legal basis"), max_length=200, widget=WORDS)
    positions = forms.MultipleChoiceField(
        label=_("Who may take it"),
        choices=[(one.value, Position(one).label) for one in rules.TAKERS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("Days for the guardian, from the service"),
        min_value=1,
        max_value=rules.LONGEST,
        required=False,
        help_text=_("Empty: this step sets no period."),
    )
    counting = forms.ChoiceField(
        label=_("Counted in"), choices=[("", "—"), *Counting.choices], required=False
    )
    law = forms.ChoiceField(
        label=_("By the law that the period comes from"), choices=[("", "—"), *LAWS],
        required=False,
    )  # fmt: skip
    starts_on = DayField(label=_("From which day"))


class EndForm(forms.Form):
    """From which day a rung is no longer offered."""

    starts_on = DayField(label=_("From which day"))

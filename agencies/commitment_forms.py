"""The forms of responsibility in writing: shape only."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.forms import DayField, FilesField, FilesInput
from agencies.queries.commitments import Wanted
from agencies.rules.commitments import (
    MOST_COPIES,
    MOST_REACH,
    OWED_BY,
    PUBLICITY_BY,
    YEARLY,
    Channel,
    CommitmentKind,
    Role,
    Side,
    Statute,
    Written,
)
from agencies.rules.duties import AgencyKind

SHORT, LONG = forms.Textarea(attrs={"rows": 2}), forms.Textarea(attrs={"rows": 5})
# The fields of each kind beside title and day.
OF_KIND: dict[CommitmentKind, tuple[str, ...]] = {
    CommitmentKind.GROUP: ("title", "number", "signed_on", "text", "attached"),
    CommitmentKind.LETTER: (
        "title", "year", "side", "counterpart", "signer", "copies", "signed_on", "attached",
    ),
    CommitmentKind.PLAN: (
        "title", "number", "year", "signed_on", "published_on", "published_where", "text",
        "attached",
    ),
    CommitmentKind.RULES: ("title", "signed_on", "text", "attached"),
}  # fmt: skip


def _files() -> FilesField:
    return FilesField(
        label=_("Files"),
        widget=FilesInput(attrs={"accept": "image/*,application/pdf"}),
        required=False,
        allow_empty_file=True,  # the service says which one is empty
        help_text=_("Photos or PDF, at most nine, each at most 10 MB."),
    )


class PaperForm(forms.Form):
    """A paper of one kind; the kind decides which fields there are."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    title = forms.CharField(label=_("Title"), max_length=100)
    number = forms.CharField(label=_("Number of the paper"), max_length=60, required=False)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    side = forms.ChoiceField(
        label=_("Whose responsibility"), choices=Side.choices, widget=forms.RadioSelect
    )
    counterpart = forms.CharField(label=_("Signed with"), max_length=80, required=False)
    signer = forms.CharField(label=_("Signed by, in which post"), max_length=60)
    copies = forms.IntegerField(
        label=_("How many signed it"),
        min_value=1,
        max_value=MOST_COPIES,
        initial=1,
        help_text=_("Letters of parents: the number of households. All others: 1."),
    )
    signed_on = DayField(label=_("Signed or adopted on"))
    published_on = DayField(label=_("Published on"), required=False)
    published_where = forms.CharField(label=_("Published where"), max_length=100, required=False)
    text = forms.CharField(
        label=_("What it says about schooling"), max_length=2000, widget=LONG, required=False
    )
    attached = _files()

    def __init__(self, *args: Any, kind: CommitmentKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in set(self.fields) - {"client_id", *OF_KIND[kind]}:
            del self.fields[name]
        self.order_fields(["client_id", *OF_KIND[kind]])

    def written(self) -> Written:
        given = self.cleaned_data
        return Written(
            kind=self.kind,
            title=given["title"],
            signed_on=given["signed_on"],
            year=given["year"] if self.kind in YEARLY else None,
            side=given.get("side", ""),
            signer=given.get("signer", ""),
            copies=given.get("copies", 1),
            published_on=given.get("published_on"),
            published_where=given.get("published_where", ""),
        )


class PublicityForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    on = DayField(label=_("Day"))
    channel = forms.ChoiceField(
        label=pgettext_lazy("paper", "How"), choices=Channel.choices, widget=forms.RadioSelect
    )
    statutes = forms.MultipleChoiceField(
        label=_("About"), choices=Statute.choices, widget=forms.CheckboxSelectMultiple
    )
    place = forms.CharField(label=_("Place"), max_length=100)
    reach = forms.IntegerField(
        label=_("People reached"),
        min_value=0,
        max_value=MOST_REACH,
        help_text=_("Counted or estimated by who did it."),
    )
    what = forms.CharField(
        label=_("What was done"),
        max_length=1000,
        widget=SHORT,
        help_text=_("Without names of children."),
    )
    partners = forms.CharField(label=_("Together with"), max_length=120, required=False)
    attached = _files()


class MemberForm(forms.Form):
    role = forms.ChoiceField(label=_("Place in the group"), choices=Role.choices)
    name = forms.CharField(label=_("Name"), max_length=40)
    title = forms.CharField(label=_("Post"), max_length=60)
    task = forms.CharField(label=pgettext_lazy("paper", "Task"), max_length=200, required=False)
    starts_on = DayField(label=_("First day"))


class LastDayForm(forms.Form):
    on = DayField(label=_("Last day"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=SHORT)


class CoverageForm(forms.Form):
    """What the coverage is narrowed to."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)
    kind = forms.ChoiceField(label=_("Kind of body"), required=False)
    gaps = forms.BooleanField(label=_("only with gaps"), required=False)

    def __init__(self, *args: Any, years: Sequence[int], this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.this_year = this_year
        owing = frozenset[AgencyKind]().union(PUBLICITY_BY, *OWED_BY.values())
        kinds = [(kind.value, kind.label) for kind in AgencyKind if kind in owing]
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("all")), *kinds]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """A filter that is wrong is shown as wrong and narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        year = given.get("year") or self.this_year
        return Wanted(year, given.get("kind", ""), bool(given.get("gaps")))

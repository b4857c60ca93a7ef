"""The forms of tips: that of the public, where every field has a bound, and those of the bureau."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.forms import DayField
from agencies.models import Agency, Region
from cases.queries.tips import Here
from cases.rules import tips
from cases.rules.proof import MOST
from cases.rules.tips import TipKind, TipState

WORDS = forms.Textarea(attrs={"rows": 3})


class TipForm(forms.Form):
    """What somebody tells. website is a trap: it is not on the screen, only programs fill it in."""

    kind = forms.ChoiceField(
        label=_("What is the tip about?"), choices=TipKind.choices, widget=forms.RadioSelect
    )
    what = forms.CharField(
        label=_("What did you see?"),
        max_length=tips.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Who, since when, how do you know? At most 1000 characters."),
    )
    region = forms.ChoiceField(label=_("Township or village"), required=False)
    school = forms.ChoiceField(label=_("School"), required=False)
    where = forms.CharField(
        label=_("Where exactly"),
        max_length=tips.MOST_WHERE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For instance a street, a workshop, a market."),
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        max_length=tips.MOST_CONTACT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Only if you like. It is kept sealed, and every time somebody reads it is recorded."
        ),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    proof = forms.CharField(max_length=400, required=False)
    number = forms.IntegerField(min_value=0, max_value=MOST, required=False)

    def __init__(self, data: object = None, *, here: Here) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.regions = {one.code: one for top, below in here.townships for one in (top, *below)}
        self.schools = {str(one.public_id): one for one in here.schools}
        whole = _("%(township)s, the village is not known")
        places: list[tuple[str, object]] = [("", _("not chosen"))]
        for top, below in here.townships:
            first = (top.code, whole % {"township": top.name})
            places.append((top.name, [first, *((one.code, one.name) for one in below)]))
        self.fields["region"].choices = places  # type: ignore[attr-defined]
        names = [(key, one.name) for key, one in self.schools.items()]
        self.fields["school"].choices = [("", _("not chosen")), *names]  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        """Said openly: a form that was filled in by a helper for the blind is not lost."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please leave this field empty."))
        return ""

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        places = ("region", "school", "where")
        if not any(given.get(name) or name in self.errors for name in places):
            self.add_error("region", _("Please say where: a place, a school, or in words."))
        return given

    @property
    def region_given(self) -> Region | None:
        return self.regions.get(self.cleaned_data["region"])

    @property
    def school_given(self) -> Agency | None:
        return self.schools.get(self.cleaned_data["school"])


class NumberForm(forms.Form):
    """A tracking number, with or without its spaces. What was typed is never shown again."""

    number = forms.CharField(
        label=_("Tracking number"),
        max_length=40,
        help_text=_("16 letters and digits in groups of four. Small letters do as well."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class QueueForm(forms.Form):
    """Which tips are listed."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", pgettext_lazy("tips", "waiting")), *TipState.choices],
    )


class ReasonForm(forms.Form):
    """Why a tip is none, or is taken up again."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Reason"),
        max_length=tips.MOST_NOTE,
        widget=WORDS,
        help_text=_("It stays with the tip. No names of children."),
    )


class ReplyForm(forms.Form):
    """What whoever holds the tracking number will read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=pgettext_lazy("tip", "Reply"),
        max_length=tips.MOST_NOTE,
        widget=WORDS,
        help_text=_(
            "Whoever has the tracking number reads it: in general words, no names, no cases."
        ),
    )


class LinkForm(forms.Form):
    """The child that the tip is about; on: since when, for a case that has to be opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    student = forms.UUIDField(widget=forms.HiddenInput)
    on = DayField(label=_("Since"), help_text=_("For a case that is opened by this."))


def chosen(ids: Sequence[str]) -> list[UUID]:
    """The boxes that were ticked; what is no id is left out."""
    found = []
    for one in ids:
        with suppress(ValueError):
            found.append(UUID(one))
    return found

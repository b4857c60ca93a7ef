"""What an address asks of the board, and what is typed on the pages of reports."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.queries.progress import KINDS
from reporting.rules.areas import PARAMETER, AreaKind
from students.focus_forms import GroupFilter

EARLIEST = date(2000, 1, 1)


def day(params: Mapping[str, str], today: date) -> date:
    """The day asked for, today by default.

    Raises ValueError when it is no date, lies in the future or before any roster.
    """
    text = params.get("on")
    if not text:
        return today
    found = date.fromisoformat(text)
    if text != found.isoformat():
        raise ValueError("A day is written YYYY-MM-DD.")
    if not EARLIEST <= found <= today:
        raise ValueError("The day is out of range.")
    return found


def area(params: Mapping[str, str]) -> tuple[str, str] | None:
    """Parameter and key of the area asked for, the narrowest first; None: the own area."""
    for name in ("class", "school", "region"):
        if key := params.get(name):
            return name, key
    return None


def page(params: Mapping[str, str]) -> int:
    text = params.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def query(kind: AreaKind, key: str, on: date, **more: str) -> str:
    """The same as the end of an address. more: figure, rest and tag, left out where empty."""
    parts = {PARAMETER[AreaKind(kind)]: key, "on": on.isoformat()}
    return urlencode(parts | {name: text for name, text in more.items() if text})


class BalanceForm(GroupFilter):
    """Of which area and day, and of which focus group. since: the first day of a flow."""

    region = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    since = forms.DateField(label=_("From"), required=False)
    on = forms.DateField(label=_("Day"), required=False)
    field_order = ("region", "since", "on", "tag")

    def __init__(self, *args: Any, today: date, flow: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not flow:
            del self.fields["since"]
        for name in self.fields.keys() & {"since", "on"}:
            self.fields[name].widget = forms.DateInput(
                {"type": "date", "min": EARLIEST.isoformat(), "max": today.isoformat()}, "%Y-%m-%d"
            )
            self.fields[name].validators.append(partial(within, today))


def within(today: date, day_: date) -> None:
    """Raises ValidationError for a day that no balance can be drawn of."""
    if not EARLIEST <= day_ <= today:
        raise forms.ValidationError(_("The day lies in the future or too far back."))


WORDS = forms.Textarea(attrs={"rows": 3})
NO_NAMES = _("Every recipient reads this: no names of children.")


class SendForm(forms.Form):
    """Remarks beside the figures, and the version of the draft that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    remarks = forms.CharField(
        label=_("Remarks"), widget=WORDS, max_length=2000, required=False, help_text=NO_NAMES
    )


class SlipForm(forms.Form):
    text = forms.CharField(
        label=_("What is corrected"),
        widget=WORDS,
        max_length=2000,
        help_text=NO_NAMES,
    )


class DecideForm(forms.Form):
    """The bureau's word on a filing; sending it back needs a reason."""

    CONFIRM, BACK = "confirm", "send_back"
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(CONFIRM, _("Confirm")), (BACK, _("Send back"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=WORDS, max_length=400, required=False)


class ProgressForm(forms.Form):
    """What the page of a term's start shows."""

    kind = forms.ChoiceField(
        label=_("Duty"),
        required=False,
        choices=[("", _("all")), *((kind.value, kind.label) for kind in KINDS)],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            ("overdue", _("overdue")),
            ("open", _("open, not yet due")),
            ("met", _("done")),
            ("late", _("done late")),
        ],
    )
    township = forms.ChoiceField(label=_("Township"), required=False)

    def __init__(self, *args: Any, townships: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["township"])
        field.choices = [("", _("all")), *townships]

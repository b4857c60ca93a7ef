"""The forms of plans and help: shape only; whether a thing is possible, services say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, Text
from agencies.forms import DayField
from agencies.models import Agency, Post, Region
from cases.queries.causes import Group
from cases.rules.assistance import AssistanceKind
from cases.rules.plan import Draft, Effect, PlannedCause, PlannedMeasure
from cases.rules.team import Seat

MOST_ROWS = 20  # of causes, and of measures against one: no plan is longer
NOTHING: tuple[str, Text] = ("", "—")


class HeadForm(forms.Form):
    situation = forms.CharField(
        label=_("Situation of the child and the household"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    review_on = DayField(
        label=_("Review on"), required=False, help_text=_("Left empty: after the usual time.")
    )


class CauseForm(forms.Form):
    use_required_attribute = False  # an empty row says nothing

    cause = forms.ChoiceField(label=_("Cause"))
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args: Any, groups: Iterable[Group], kept: dict[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices: list[Any] = [
            (group.upper.name, [(row.code, row.name) for row in group.choices]) for group in groups
        ]
        offered = {code for _name, rows in choices for code, _cause in rows}
        ended = [(code, name) for code, name in kept.items() if code not in offered]
        if ended:
            choices.append((_("no longer in the list"), ended))
        cast(forms.ChoiceField, self.fields["cause"]).choices = [NOTHING, *choices]


class MeasureForm(forms.Form):
    use_required_attribute = False

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    what = forms.CharField(label=_("What is done"), max_length=200)
    seat = forms.ChoiceField(label=_("Who does it"))
    due_on = DayField(label=_("To be done by"))

    def __init__(self, *args: Any, holders: Mapping[str, Post], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(seat.value, _seat_words(seat, holders)) for seat in Seat]
        cast(forms.ChoiceField, self.fields["seat"]).choices = [NOTHING, *choices]


def _seat_words(seat: Seat, holders: Mapping[str, Post]) -> str:
    holder = holders.get(seat.value)
    name = holder.user.name if holder else _("empty")
    return str(_("%(seat)s: %(name)s") % {"seat": seat.label, "name": name})


@dataclass
class Block:
    """One cause of the form with the rows of its measures."""

    number: int
    form: CauseForm
    main: bool
    rows: list[MeasureForm]

    @property
    def rows_count(self) -> int:
        return len(self.rows)


class PlanForm:
    """The whole plan as one form without JavaScript: rows are numbered, empty ones left out.

    data: what was sent. A press of an "add" button gives one row more and checks nothing. A form
    of a row is bound when there is something in it to be checked.
    """

    def __init__(
        self,
        data: QueryDict | None,
        stored: Mapping[str, Any] | None,
        groups: Sequence[Group],
        holders: Mapping[str, Post],
    ) -> None:
        self.groups, self.holders = groups, holders
        self.kept = {one["cause"]: one["name"] for one in stored["causes"]} if stored else {}
        self.adds = data.get("add", "") if data is not None else ""
        checked = data if data is not None and not self.adds else None
        raw = _sent(data) if data is not None else _from_stored(stored)
        self.head = HeadForm(checked, initial=raw["head"])
        self.blocks = [self._block(n, one, checked) for n, one in enumerate(raw["causes"])]
        self.version = int(text) if (text := raw["version"]).isdecimal() else 0

    def _block(self, number: int, raw: dict[str, Any], data: QueryDict | None) -> Block:
        prefix, full = f"c{number}", [not _is_empty(one) for one in raw["measures"]]
        named = any(full) or raw.get("cause") or raw.get("note")
        form = CauseForm(
            data if named else None,
            prefix=prefix,
            initial=raw,
            groups=self.groups,
            kept=self.kept,
        )
        rows = [
            MeasureForm(
                data if full[n] else None,
                prefix=f"{prefix}-m{n}",
                initial=one,
                holders=self.holders,
            )
            for n, one in enumerate(raw["measures"])
        ]
        return Block(number, form, raw["main"], rows)

    def is_valid(self) -> bool:
        """Also fills in what the draft is made of. Rows that are wholly empty say nothing."""
        self.full = [block for block in self.blocks if block.form.is_bound]
        self.rows = [[row for row in block.rows if row.is_bound] for block in self.full]
        parts: list[forms.Form] = [self.head, *(block.form for block in self.full)]
        parts += [row for rows in self.rows for row in rows]
        valid = [part.is_valid() for part in parts]  # each is asked, so that all errors show
        return all(valid)

    @property
    def draft(self) -> Draft:
        causes = [
            PlannedCause(
                main=block.main,
                measures=[PlannedMeasure(**row.cleaned_data) for row in rows],
                **block.form.cleaned_data,
            )
            for block, rows in zip(self.full, self.rows, strict=True)
        ]
        return Draft(causes, **self.head.cleaned_data)

    def show(self, reasons: Sequence[Reason]) -> list[Reason]:
        """Put each reason to its field; what has none is returned for the head of the page."""
        return [reason for reason in reasons if not self._put(reason)]

    def _put(self, reason: Reason) -> bool:
        match reason.pointer.strip("/").split("/"):
            case ["review_on"]:
                form: forms.Form = self.head
                name = "review_on"
            case ["causes", cause, "measures", row, name]:
                form = self.rows[int(cause)][int(row)]
            case ["causes", cause, name]:
                form = self.full[int(cause)].form
            case _:
                return False
        form.add_error(name if name in form.fields and name != "id" else None, str(reason.text))
        return True


def _is_empty(measure: Mapping[str, Any]) -> bool:
    return not (measure.get("what") or measure.get("due_on"))


def _sent(data: QueryDict) -> dict[str, Any]:
    """What was typed, as the rows of the form, with the row that a button adds."""
    main = data.getlist("main")
    causes = []
    for number in range(_count(data, "rows") + (data.get("add") == "cause")):
        prefix = f"c{number}"
        wanted = _count(data, f"{prefix}-rows") + (data.get("add") == prefix)
        rows = max(wanted, 1)
        causes.append(
            {
                "cause": data.get(f"{prefix}-cause", ""),
                "note": data.get(f"{prefix}-note", ""),
                "main": str(number) in main,
                "measures": [
                    {
                        name: data.get(f"{prefix}-m{row}-{name}", "")
                        for name in ("id", "what", "seat", "due_on")
                    }
                    for row in range(rows)
                ],
            }
        )
    head = {"situation": data.get("situation", ""), "review_on": data.get("review_on", "")}
    return {"head": head, "version": data.get("version", ""), "causes": causes}


def _count(data: QueryDict, name: str) -> int:
    text = data.get(name, "")
    return min(int(text), MOST_ROWS) if text.isdecimal() else 0


def _from_stored(stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """The plan as it stands without what is finished; without a plan one empty cause."""
    if stored is None:
        return {"head": {}, "version": "0", "causes": [{"main": True, "measures": [{}]}]}
    causes = [
        one | {"measures": [row for row in one["measures"] if row["open"]] or [{}]}
        for one in stored["causes"]
    ]
    return {"head": stored, "version": str(stored["version"]), "causes": causes}


class DoneForm(forms.Form):
    """A measure is done: when, and what it brought. Nothing is chosen beforehand."""

    on = DayField(label=_("Done on"))
    effect = forms.ChoiceField(label=_("Effect"), choices=[NOTHING, *Effect.choices])
    note = forms.CharField(label=_("Remark"), max_length=400, required=False)


class DropForm(forms.Form):
    because = forms.CharField(label=_("Why it is dropped"), max_length=400)


class ReviewForm(forms.Form):
    """The effects so far, one choice for each open measure, and the next day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What the measures have brought so far"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    next_on = DayField(
        label=_("Next review on"), required=False, help_text=_("Left empty: after the usual time.")
    )

    def __init__(self, *args: Any, measures: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.ids = {f"effect-{key}": key for key, _what in measures}
        for key, what in measures:
            self.fields[f"effect-{key}"] = forms.ChoiceField(
                label=what, choices=[NOTHING, *Effect.choices], required=False
            )

    @property
    def effects(self) -> dict[UUID | str, str]:
        return {key: self.cleaned_data[name] for name, key in self.ids.items()}


class CauseNameForm(forms.Form):
    """A cause of the county's list: its name, from a day on."""

    name = forms.CharField(label=_("Name of the cause"), max_length=40)
    starts_on = DayField(label=_("Valid from"))


class NewCauseForm(CauseNameForm):
    below = forms.ChoiceField(label=_("Belongs to"), required=False)
    field_order = ("name", "below", "starts_on")

    def __init__(self, *args: Any, groups: Iterable[Group], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Text]] = [("", _("a group of its own"))]
        choices += [(group.upper.code, group.upper.name) for group in groups]
        cast(forms.ChoiceField, self.fields["below"]).choices = choices


class FromDay(forms.Form):
    starts_on = DayField(label=_("No longer offered from"))


class HelpForm(forms.Form):
    """Help that was given: by an agency of the list, or by somebody else."""

    kind = forms.ChoiceField(label=_("Kind of help"), choices=[NOTHING, *AssistanceKind.choices])
    what = forms.CharField(label=_("What was given"), max_length=200)
    amount = forms.DecimalField(
        label=_("Amount in yuan"),
        max_digits=9,
        decimal_places=2,
        required=False,
        help_text=_("Only where it is money, or has a price."),
    )
    giver = forms.ChoiceField(label=_("Given by"), required=False)
    giver_name = forms.CharField(
        label=_("or by somebody else"),
        max_length=80,
        required=False,
        help_text=_("A foundation, an enterprise, a person."),
    )
    starts_on = DayField(label=_("Given from"))
    ends_on = DayField(
        label=_("Given until"), required=False, help_text=_("Left empty: it goes on.")
    )

    def __init__(self, *args: Any, givers: Iterable[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(str(agency.public_id), agency.name) for agency in givers]
        cast(forms.ChoiceField, self.fields["giver"]).choices = [NOTHING, *choices]


class EndHelpForm(forms.Form):
    ends_on = DayField(label=_("Ended on"))


class TakeBackForm(forms.Form):
    because = forms.CharField(label=_("Why the record is wrong"), max_length=400)


class HelpFilterForm(forms.Form):
    """Filters of the list of help."""

    kind = forms.ChoiceField(label=_("Kind of help"), required=False)
    giver = forms.ChoiceField(label=_("Given by"), required=False)
    region = forms.ChoiceField(label=_("Area"), required=False)
    first = DayField(label=_("Given from"), required=False)
    last = DayField(label=_("Given until"), required=False)

    def __init__(self, *args: Any, givers: Iterable[str], regions: Iterable[Region], **kwargs: Any):
        super().__init__(*args, **kwargs)
        every: tuple[str, Text] = ("", _("all"))
        for name, choices in (
            ("kind", AssistanceKind.choices),
            ("giver", [(giver, giver) for giver in givers]),
            ("region", [(region.code, region.name) for region in regions]),
        ):
            cast(forms.ChoiceField, self.fields[name]).choices = [every, *choices]

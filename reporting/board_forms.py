"""What is asked of the board of a body, and of the list of boards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models.obligation import ObligationQuerySet
from agencies.rules.duties import AgencyKind
from agencies.rules.obligations import ObligationKind
from reporting.rules.agency_board import Part, Result, periods
from reporting.rules.periods import Period


@dataclass(frozen=True)
class Asked:
    """A valid question. alone: of a township only the government itself."""

    part: Part
    period: str
    span: Period
    kind: str = ""
    result: str = ""
    alone: bool = False

    @property
    def lists(self) -> bool:
        """Rows are listed: of what was answered only behind a number."""
        return self.part != Part.ANSWERED or bool(self.kind or self.result)

    def narrowed(self, rows: ObligationQuerySet) -> ObligationQuerySet:
        """rows: with their result."""
        if self.kind:
            rows = rows.filter(kind=self.kind)
        return rows.filter(result=self.result) if self.result else rows

    def to(self, part: Part, kind: str = "", result: str = "") -> str:
        """The address of another part or of the rows behind a number, all else as it is."""
        other = replace(self, part=part, kind=kind, result=result)
        whose = "own" if self.alone else ""
        given = {
            "part": other.part.value, "period": self.period, "whose": whose,
            "kind": kind, "result": result,
        }  # fmt: skip
        return "?" + urlencode({name: value for name, value in given.items() if value})


class PeriodForm(forms.Form):
    """A school year or a month; what is none of those offered is this school year."""

    period = forms.ChoiceField(label=_("Due in"), required=False)

    def __init__(self, given: Mapping[str, str], today: date) -> None:
        self.spans = periods(today)
        first = next(iter(self.spans))
        super().__init__({"period": first, **given})
        names = [(key, key if "-" in key else f"{key}–{int(key) + 1}") for key in self.spans]
        self.fields["period"].choices = names  # type: ignore[attr-defined]
        if self.data["period"] not in self.spans:
            self.data["period"] = first  # type: ignore[index]  # a dict of ours

    @property
    def span(self) -> Period:
        return self.spans[self.data["period"]]


class BoardFilterForm(PeriodForm):
    """Which part of the board, and what its rows are narrowed to."""

    part = forms.ChoiceField(choices=Part.choices, widget=forms.HiddenInput)
    result = forms.ChoiceField(
        choices=[("", ""), *Result.choices], required=False, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(
        choices=[("", ""), *ObligationKind.choices], required=False, widget=forms.HiddenInput
    )
    whose = forms.ChoiceField(
        label=_("Whose"),
        choices=[("", _("all bodies of the township")), ("own", _("the government alone"))],
        required=False,
    )

    def __init__(self, given: Mapping[str, str], today: date, *, is_township: bool) -> None:
        super().__init__({"part": Part.WAITING.value, **given}, today)
        if self.data["part"] != Part.ANSWERED:
            self.fields["period"].widget = forms.HiddenInput()
        if not is_township:
            del self.fields["whose"]

    def asked(self) -> Asked:
        """What is wrong is left out: it narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        part = Part(given.get("part", Part.WAITING))
        return Asked(
            part=part,
            period=self.data["period"],
            span=self.span,
            kind=given.get("kind", ""),
            result=given.get("result", "") if part == Part.ANSWERED else "",
            alone=given.get("whose") == "own",
        )


class BoardsFilterForm(PeriodForm):
    """What the list of boards is narrowed to."""

    kind = forms.ChoiceField(
        label=_("Kind of body"), choices=[("", _("all")), *AgencyKind.choices], required=False
    )
    q = forms.CharField(label=_("Name or code"), max_length=40, required=False)

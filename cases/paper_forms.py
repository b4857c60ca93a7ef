"""The forms of papers: a field for each fact of the kind; rows are lines of text."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from cases.queries.paper_facts import Proposal
from cases.rules.paper_fields import MOST, Field, Form
from cases.rules.papers import CATALOGUE, PaperKind

BAR = "｜"  # between the cells of a row; a typed | is taken for it
FACT = "fact-"  # before the names of facts, so that none meets a field of the form itself


class RowsField(forms.CharField):
    """Rows of a table as lines of text, cells between bars."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, field: Field, **options: Any) -> None:
        self.columns = field.columns
        heads = f" {BAR} ".join(head for _name, head in field.columns)
        text = _("One row a line: %(columns)s") % {"columns": heads}
        super().__init__(help_text=text, **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        lines = ([row.get(name, "") for name, _head in self.columns] for row in value)
        return "\n".join(f" {BAR} ".join(map(_on_one_line, cells)) for cells in lines)

    def to_python(self, value: Any) -> Any:
        lines = (super().to_python(value) or "").splitlines()
        return [self._row(line) for line in lines if line.strip(f" |{BAR}\t")]

    def _row(self, line: str) -> dict[str, str]:
        cells = [cell.strip() for cell in line.replace("|", BAR).replace("\t", BAR).split(BAR)]
        if len(cells) > len(self.columns):
            text = _("More cells than columns: %(line)s") % {"line": line[:40]}
            raise forms.ValidationError(text)
        return {name: cell for (name, _head), cell in zip(self.columns, cells, strict=False)}

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The rule looks at the rows (rules/papers.py problems)."""


def _on_one_line(cell: str) -> str:
    return " ".join(cell.replace(BAR, "/").replace("|", "/").split("\n"))


class PaperForm(forms.Form):
    """Shape only; what is missing, the rule says, with its place."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    addressee = forms.CharField(label=_("Addressee"), max_length=80, required=False)
    issued_on = DayField(label=_("Day of the paper"))

    def __init__(self, *args: Any, kind: PaperKind, known: Proposal, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        spec = CATALOGUE[kind]
        self.fields["addressee"].initial = known.addressee
        self.fields["addressee"].required = spec.needs_addressee
        if not spec.needs_addressee:
            self.fields["addressee"].widget = forms.HiddenInput()
        self.fields["issued_on"].initial = on
        for field in spec.fields:
            self.fields[FACT + field.name] = _made(field, known.facts.get(field.name, ""))

    @property
    def facts(self) -> dict[str, Any]:
        """By the names of the paper's own fields."""
        cleaned = self.cleaned_data.items()
        return {name.removeprefix(FACT): v for name, v in cleaned if name.startswith(FACT)}


def _made(field: Field, initial: Any) -> forms.Field:
    same = {"label": field.words, "required": field.required, "initial": initial}
    if field.form is Form.ROWS:
        return RowsField(field, **same)
    most = MOST[field.form]
    if field.form is Form.TEXT:
        widget = forms.Textarea(attrs={"rows": 4})
        return forms.CharField(max_length=most, widget=widget, **same)
    return forms.CharField(max_length=most, **same)


class TemplateForm(forms.Form):
    """A Word template of the county for one kind of paper."""

    kind = forms.ChoiceField(label=_("Paper"), choices=PaperKind.choices)
    file = forms.FileField(
        label=_("Word file"),
        help_text=_("A .docx of at most 2 MB, without macros; begin with the built-in one."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )

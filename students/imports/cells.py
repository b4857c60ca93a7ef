"""The cells of one row under their headings, with every problem of the row named by its column.

ID numbers are read as text. What a spreadsheet program has turned into a float is never repaired.
"""

import re
from datetime import date
from typing import Any

from agencies.rules import masking
from students.imports import labels
from students.imports.headings import Columns
from students.imports.sheet import Cell, Row
from students.rules.identity import Identity, IdProblem, normalised, parse_id

Problem = dict[str, Any]
EXACT_UP_TO = 1e15  # a spreadsheet program keeps fifteen digits
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+\Z")
CHINESE = re.compile(r"[㐀-鿿]")
# What a program puts where its encoding has no such character: a mark, a box, a place of its own.
LOST = re.compile("[?？\ufffd□\ue000-\uf8ff]")
LONGEST = {
    "name": 40, "no_id_reason": 60, "ethnicity": 20, "registered_at": 120, "address": 120,
}  # fmt: skip
OLDEST_YEARS = 30
SHOWN = 40


class Cells:
    """One row. Each method reads a value and notes what is wrong with it."""

    oldest_years = OLDEST_YEARS

    def __init__(self, columns: Columns, today: date, row: Row) -> None:
        self.columns = columns
        self.today = today
        self.row = row
        self.problems: list[Problem] = []

    def cell(self, name: str) -> Cell:
        at = self.columns.index.get(name)
        return self.row[at] if at is not None and at < len(self.row) else ""

    def text(self, name: str) -> str:
        return as_text(self.cell(name))

    def problem(self, name: str, code: str, shown: str = "", **params: object) -> None:
        found = {"column": self.columns.heading(name), "code": code}
        self.problems.append({**found, "value_shown": shown[:SHOWN], "params": params})

    def words(self, name: str, field: str = "") -> str:
        text = self.text(name)
        most = LONGEST[field or name]
        if len(text) > most:
            self.problem(name, "too_long", masking.free_text(text), most=most)
        return text

    def name(self) -> str:
        text = self.words("name")
        if not text:
            self.problem("name", "missing")
        elif LOST.search(text):
            self.problem("name", "lost_character", text)
        return "".join(text.split()) if CHINESE.search(text) else text

    def sex(self) -> str:
        text = self.text("sex")
        value = labels.SEXES.get(labels.folded(text), "")
        if not value:
            self.label_problem("sex", text, "男、女")
        return value

    def label_problem(self, name: str, text: str, possible: str) -> None:
        if not text:
            self.problem(name, "missing")
        elif labels.is_code(text):
            self.problem(name, "code_not_label", text)
        else:
            self.problem(name, "label", masking.free_text(text), possible=possible)

    def born_on(self) -> date | None:
        text = self.text("born_on")
        if not text:
            self.problem("born_on", "missing")
            return None
        cell = self.cell("born_on")
        day = labels.day(text if isinstance(cell, int | float) else cell)
        if day is None:
            self.problem("born_on", "born_on", masking.free_text(text))
        elif day > self.today:
            self.problem("born_on", "future", text)
        elif day.year < self.today.year - self.oldest_years:
            self.problem("born_on", "too_old", text)
        return day

    def valid_id(self, name: str, given: str = "") -> Identity | None:
        """A valid ID number (rule 12); None when there is none, or it is wrong and named so.

        given: the number, where the cell holds more than it.
        """
        cell = self.cell(name)
        text = given or bare_number(cell)
        if not text:
            return None
        found = parse_id(text, self.today)
        if is_ruined(cell, text):
            self.problem(name, "ruined", masking.id_number(text))
            return None
        if isinstance(found, IdProblem):
            code = "ruined" if found is IdProblem.CHECK and text.endswith("000") else found.value
            self.problem(name, code, masking.id_number(text))
            return None
        return found

    def agree(self, born_on: date | None, sex: str, number: Identity, name: str) -> None:
        """Birth date and sex of the row are held against the number under this heading."""
        other = self.columns.heading(name)
        if born_on and born_on != number.born_on:
            self.problem("born_on", "born_on_and_number", born_on.isoformat(), other=other)
        if sex and (sex == labels.SEXES["男"]) != number.male:
            self.problem("sex", "sex_and_number", self.text("sex"), other=other)


def as_text(cell: Cell) -> str:
    """A cell as a person reads it: 7.0 is 7, a date is 2015-03-15, blanks are single."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_UP_TO:
        return str(int(cell))
    return str(cell)


def bare_number(cell: Cell) -> str:
    """Half-width, without blanks and without what people put before it to keep it as text."""
    text = normalised(as_text(cell))
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1]
    return text.lstrip("'`‘’")


def is_ruined(cell: Cell, text: str) -> bool:
    """More digits than a number cell keeps, or already in scientific notation."""
    if isinstance(cell, int | float) and abs(cell) >= EXACT_UP_TO:
        return True
    return bool(SCIENTIFIC.match(text))

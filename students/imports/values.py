"""One row of cells as an entry, with every problem of the row named by its column.

ID numbers are read as text. What a spreadsheet program has turned into a float is never repaired.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.rules import masking
from students.imports import labels
from students.imports.headings import RELATIVES, Columns
from students.imports.labels import SchoolOf
from students.imports.sheet import Cell, Row
from students.rules.identity import IdProblem, normalised, parse_id, parse_student_number
from students.rules.roster import Entry, Relative

Problem = dict[str, Any]
EXACT_UP_TO = 1e15  # a spreadsheet program keeps fifteen digits
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+\Z")
PHONE = re.compile(r"[\d+\-/、,，;()（） ]{7,20}\Z")
CHINESE = re.compile(r"[㐀-鿿]")
LONGEST = {"name": 40, "no_id_reason": 60, "ethnicity": 20, "registered_at": 120, "address": 120}
OLDEST_YEARS = 30
SHOWN = 40


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one file."""

    columns: Columns
    school: SchoolOf
    today: date

    def read(self, row: Row) -> tuple[Entry, list[Problem]]:
        """The entry as far as it could be read, and every problem."""
        one = OneRow(self, row)
        entry = Entry(name=one.name(), sex=one.sex(), born_on=one.born_on())
        one.numbers(entry)
        one.place_in_school(entry)
        one.particulars(entry)
        return entry, one.problems

    def is_blank(self, row: Row) -> bool:
        return not any(cell != "" and str(cell).strip() for cell in row)


class OneRow:
    """The cells of one row under their headings."""

    def __init__(self, reader: Reader, row: Row) -> None:
        self.reader = reader
        self.row = row
        self.problems: list[Problem] = []

    def cell(self, name: str) -> Cell:
        at = self.reader.columns.index.get(name)
        return self.row[at] if at is not None and at < len(self.row) else ""

    def text(self, name: str) -> str:
        return as_text(self.cell(name))

    def problem(self, name: str, code: str, shown: str = "", **params: object) -> None:
        found = {"column": self.reader.columns.heading(name), "code": code}
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
        return "".join(text.split()) if CHINESE.search(text) else text

    def sex(self) -> str:
        text = self.text("sex")
        value = labels.SEXES.get(labels.folded(text), "")
        if not value:
            self._label_problem("sex", text, "男、女")
        return value

    def _label_problem(self, name: str, text: str, possible: str) -> None:
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
        elif day > self.reader.today:
            self.problem("born_on", "future", text)
        elif day.year < self.reader.today.year - OLDEST_YEARS:
            self.problem("born_on", "too_old", text)
        return day

    def numbers(self, entry: Entry) -> None:
        """ID number, student number, or the reason why there is none (rule 12)."""
        id_type = labels.folded(self.text("id_type"))
        if id_type in labels.RESIDENT_ID:
            entry.id_number = self._id_number(entry)
        entry.student_number = self._student_number(entry)
        if not entry.id_number and entry.student_number.startswith("G"):
            entry.id_number = entry.student_number[1:]
        if not entry.id_number:
            other = "" if id_type in labels.RESIDENT_ID else id_type
            entry.no_id_reason = self.words("no_id_reason") or other[: LONGEST["no_id_reason"]]
        if not (entry.id_number or entry.student_number or entry.no_id_reason or self.wrong_number):
            self.problem("id_number", "no_identity")

    @property
    def wrong_number(self) -> bool:
        """A number was given and its problem is named already."""
        return bool(self.text("student_number") or self.text("id_number"))

    def _id_number(self, entry: Entry) -> str:
        cell = self.cell("id_number")
        text = bare_number(cell)
        if not text:
            return ""
        shown = masking.id_number(text)
        if is_ruined(cell, text):
            self.problem("id_number", "ruined", shown)
            return ""
        found = parse_id(text, self.reader.today)
        if isinstance(found, IdProblem):
            code = "ruined" if found is IdProblem.CHECK and text.endswith("000") else found.value
            self.problem("id_number", code, shown)
            return ""
        other = self.reader.columns.heading("id_number")
        if entry.born_on and entry.born_on != found.born_on:
            shown_day = entry.born_on.isoformat()
            self.problem("born_on", "born_on_and_number", shown_day, other=other)
        if entry.sex and (entry.sex == labels.SEXES["男"]) != found.male:
            self.problem("sex", "sex_and_number", self.text("sex"), other=other)
        return found.number

    def _student_number(self, entry: Entry) -> str:
        cell = self.cell("student_number")
        text = bare_number(cell)
        if not text:
            return ""
        shown = masking.student_number(text)
        if is_ruined(cell, text):
            self.problem("student_number", "ruined", shown)
            return ""
        found = parse_student_number(text, self.reader.today)
        if isinstance(found, IdProblem):
            self.problem("student_number", found.value, shown)
            return ""
        if found[0] == "G" and entry.id_number and found[1:] != entry.id_number:
            other = self.reader.columns.heading("id_number")
            self.problem("student_number", "number_and_id", shown, other=other)
        elif not entry.id_number:
            self._agrees(entry, found)
        return found

    def _agrees(self, entry: Entry, number: str) -> None:
        """Without an ID number in the row the student number is held against birth date and sex."""
        other = self.reader.columns.heading("student_number")
        if entry.born_on and number[7:15] != f"{entry.born_on:%Y%m%d}":
            shown = entry.born_on.isoformat()
            self.problem("born_on", "born_on_and_number", shown, other=other)
        male = number[0] == "G" and int(number[17]) % 2 == 1
        if number[0] == "G" and entry.sex and (entry.sex == labels.SEXES["男"]) != male:
            self.problem("sex", "sex_and_number", self.text("sex"), other=other)

    def place_in_school(self, entry: Entry) -> None:
        """Grade and class; the class may repeat the grade, and then both must agree."""
        school, columns = self.reader.school, self.reader.columns
        grade_text, class_text = self.text("grade"), self.text("class")
        of_class = labels.school_class(class_text, school) if class_text else None
        in_class = of_class[0] if of_class else None
        grade = labels.grade(grade_text, school) if grade_text else in_class
        if not class_text:
            self.problem("class", "missing")
        elif of_class is None:
            self.problem("class", "class", class_text)
        if not grade_text and grade is None:
            self.problem("grade", "missing")
        elif grade is None:
            self.problem("grade", "grade", grade_text)
        elif in_class and in_class != grade:
            other = columns.heading("class")
            self.problem("grade", "grade_and_class", grade_text, other=other)
        elif not school.first_grade <= grade <= school.last_grade:
            self.problem("grade", "grade_of_school", grade_text)
        entry.grade = grade or 0
        entry.class_number = of_class[1] if of_class else 0

    def particulars(self, entry: Entry) -> None:
        """What is used when it is present."""
        ethnicity = self.words("ethnicity")
        if labels.is_code(ethnicity):
            self.problem("ethnicity", "code_not_label", ethnicity)
        entry.ethnicity = "汉族" if ethnicity == "汉" else ethnicity
        entry.registered_at = self.words("registered_at")
        entry.address = self.words("lives_at", "address") or self.words("home_at", "address")
        if way := self.text("boarding"):
            entry.boarding = labels.BOARDING.get(labels.folded(way))
            if entry.boarding is None:
                self._label_problem("boarding", way, "走读、住校、借宿、送教上门、其他")
        entry.relatives = self._relatives()

    def _relatives(self) -> tuple[Relative, ...]:
        own_phone = self._phone("phone")
        found = []
        for which in range(1, RELATIVES + 1):
            name = self.text(f"name{which}")[:40]
            phone = self._phone(f"phone{which}")
            if not name and not phone:
                continue
            relation = self.text(f"relation{which}")[:20]
            answers = labels.YES_NO.get(self.text(f"is_guardian{which}"), True)
            found.append(Relative(name, relation, phone, answers))
        if own_phone and found and not any(one.phone for one in found):
            found[0] = found[0]._replace(phone=own_phone)
        elif own_phone and not found:
            found = [Relative("", "", own_phone, True)]
        return tuple(found)

    def _phone(self, name: str) -> str:
        text = self.text(name)
        if text and not PHONE.match(text):
            self.problem(name, "phone", masking.phone(text))
        return text


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

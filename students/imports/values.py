"""One row of a roster as an entry, with every problem of the row named by its column."""

import re
from dataclasses import dataclass
from datetime import date

from agencies.rules import masking
from students.imports import labels
from students.imports.cells import LONGEST, Cells, Problem, bare_number, is_ruined
from students.imports.headings import RELATIVES, Columns
from students.imports.labels import SchoolOf
from students.imports.sheet import Row
from students.rules.identity import IdProblem, parse_student_number
from students.rules.roster import Entry, Relative

PHONE = re.compile(r"[\d+\-/、,，;()（） ]{7,20}\Z")


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


class OneRow(Cells):
    """A child with its class and family."""

    def __init__(self, reader: Reader, row: Row) -> None:
        super().__init__(reader.columns, reader.today, row)
        self.school = reader.school

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
        found = self.valid_id("id_number")
        if found is None:
            return ""
        self.agree(entry.born_on, entry.sex, found, "id_number")
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
        found = parse_student_number(text, self.today)
        if isinstance(found, IdProblem):
            self.problem("student_number", found.value, shown)
            return ""
        if found[0] == "G" and entry.id_number and found[1:] != entry.id_number:
            other = self.columns.heading("id_number")
            self.problem("student_number", "number_and_id", shown, other=other)
        elif not entry.id_number:
            self._agrees(entry, found)
        return found

    def _agrees(self, entry: Entry, number: str) -> None:
        """Without an ID number in the row the student number is held against birth date and sex."""
        other = self.columns.heading("student_number")
        if entry.born_on and number[7:15] != f"{entry.born_on:%Y%m%d}":
            shown = entry.born_on.isoformat()
            self.problem("born_on", "born_on_and_number", shown, other=other)
        male = number[0] == "G" and int(number[17]) % 2 == 1
        if number[0] == "G" and entry.sex and (entry.sex == labels.SEXES["男"]) != male:
            self.problem("sex", "sex_and_number", self.text("sex"), other=other)

    def place_in_school(self, entry: Entry) -> None:
        """Grade and class; the class may repeat the grade, and then both must agree."""
        school, columns = self.school, self.columns
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
                self.label_problem("boarding", way, "走读、住校、借宿、送教上门、其他")
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

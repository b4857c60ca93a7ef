"""The dry run: every row of the file against our records, written as rows, nothing applied."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from django.db import transaction

from students.imports import headings
from students.imports.cells import Problem, as_text
from students.imports.headings import ROSTER, Columns
from students.imports.labels import SchoolOf
from students.imports.sheet import Refused, Row, Sheet
from students.imports.values import Reader
from students.models import ImportJob, ImportRow
from students.queries.roster_match import Roster, known_to, roster_of
from students.rules.identity import school_year_of
from students.rules.roster import ClassKey, Entry, Known, Place, match, shown
from students.services import import_rows
from students.services.import_rows import Checked

BATCH = 2000
Outcome = ImportRow.Outcome


@dataclass
class Parsed:
    """One row of the file that is not blank."""

    number: int
    entry: Entry
    problems: list[Problem]
    cells: Row


@dataclass
class DryRun:
    """What the rows read so far have shown: numbers and children that may not come again."""

    job: ImportJob
    columns: Columns
    place: Place
    roster: Roster
    rows_of: dict[str | tuple[str, date | None], int] = field(default_factory=dict)
    without_id: set[tuple[str, date | None]] = field(default_factory=set)
    seen: dict[int, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def judge(self, row: Parsed, known: Known) -> Checked:
        """The outcome of one row; its child counts as seen even when the row has errors."""
        entry = row.entry
        problems = row.problems or self._repeated(row)
        if problems:
            self.seen.update(dict.fromkeys(self._meant(entry, known), row.number))
            outcome = Outcome.ERROR if row.problems else Outcome.DUPLICATE
            return self._left_out(row, outcome, problems)
        found = match(entry, known, self.place)
        pk = found.record.pk if found.record else None
        if pk in self.seen:
            again = self._problem(row.entry, "same_child", row=self.seen[pk])
            return self._left_out(row, Outcome.DUPLICATE, [again])
        if found.problem:
            self.seen.update(dict.fromkeys(self._meant(entry, known), row.number))
            problem = self._problem(row.entry, found.problem)
            return self._left_out(row, Outcome.DUPLICATE, [problem])
        if pk:
            self.seen[pk] = row.number
        data = entry.as_json() if found.outcome != Outcome.UNCHANGED else self._brief(entry)
        return Checked(row.number, found.outcome, data, (), shown(found.changes), pk)

    def _repeated(self, row: Parsed) -> list[Problem]:
        """The same number, or the same child without a number, further up in the file."""
        entry = row.entry
        for name in ("id_number", "student_number"):
            number = getattr(entry, name)
            if number and self.rows_of.setdefault(number, row.number) != row.number:
                return [self._problem(row.entry, "same_number", name, row=self.rows_of[number])]
        key = (entry.name, entry.born_on)
        first = self.rows_of.setdefault(key, row.number)
        if first != row.number and (not entry.id_number or key in self.without_id):
            return [self._problem(row.entry, "same_child", row=first)]
        if not entry.id_number:
            self.without_id.add(key)
        return []

    def _meant(self, entry: Entry, known: Known) -> Iterator[int]:
        """Children of ours that a row left out may mean: they are not missing from the file."""
        for pk in (
            known.by_id_number.get(entry.id_number),
            known.by_number.get(entry.student_number),
            *self.roster.named.get(entry.name, ()),
        ):
            if pk is not None and pk not in self.seen:
                yield pk

    def _problem(self, entry: Entry, code: str, name: str = "name", **params: object) -> Problem:
        shown_value = entry.name if name == "name" else ""
        column = self.columns.heading(name)
        return {"column": column, "code": code, "value_shown": shown_value, "params": params}

    def _left_out(self, row: Parsed, outcome: str, problems: list[Problem]) -> Checked:
        """The cells are kept as they were read, to be corrected and uploaded again."""
        data = {**self._brief(row.entry), "cells": [as_text(cell) for cell in row.cells]}
        return Checked(row.number, outcome, data, problems)

    def _brief(self, entry: Entry) -> dict[str, object]:
        return {
            "name": entry.name,
            "grade": entry.grade,
            "class_number": entry.class_number,
        }

    def missing(self) -> Iterator[Checked]:
        """On our roster, but not in the file."""
        names = {pk: name for name, pks in self.roster.named.items() for pk in pks}
        for pk, of_class in self.roster.classes.items():
            if pk not in self.seen:
                yield Checked(0, Outcome.MISSING, _missing(names[pk], of_class), student=pk)


def _missing(name: str, of_class: ClassKey) -> dict[str, object]:
    return {"name": name, "grade": of_class.grade, "class_number": of_class.number}


@transaction.atomic
def check(job: ImportJob, path: Path) -> None:
    """Read the file, write a row for each of its rows and count them.

    Raises Refused when the file as a whole cannot be used; nothing is stored then.
    """
    table, columns = headings.table(path, ROSTER)
    school = job.school
    year = school_year_of(job.effective_on)
    grades = SchoolOf(year, school.first_grade or 1, school.last_grade or 9)
    reader = Reader(columns, grades, job.effective_on)
    run = DryRun(
        job,
        columns,
        Place(job.county_id, school.pk, year),
        roster_of(school.pk, job.effective_on),
    )
    job.rows.all().delete()
    rows = _parsed(table, reader)
    while batch := list(islice(rows, BATCH)):
        entries = [row.entry for row in batch]
        known = known_to(job.county_id, entries, run.roster, job.effective_on)
        checked = [run.judge(row, known) for row in batch]
        run.counts.update(row.outcome for row in checked)
        import_rows.write(job.pk, checked)
    if not run.counts:
        raise Refused("no_rows")
    _finish(run)


def _finish(run: DryRun) -> None:
    missing = list(run.missing())
    import_rows.write(run.job.pk, missing)
    run.counts[Outcome.MISSING] = len(missing)
    job = run.job
    job.counts = {outcome: run.counts[outcome] for outcome in Outcome.values}
    job.counts["roster"] = len(run.roster)
    job.headings = run.columns.as_json()
    job.state = ImportJob.State.CHECKED
    job.save(update_fields=["state", "counts", "headings"])


def _parsed(table: Sheet, reader: Reader) -> Iterator[Parsed]:
    for number, row in headings.rows_below(table, reader.columns):
        yield Parsed(number, *reader.read(row), row)

"""Rows of a list in bulk: written by COPY, compared with the list before in a few statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count

from agencies.rules.public_id import uuid7
from students.models import PersonEntry, PersonList
from students.rules.person_list import Listed
from students.services import bulk
from students.services.import_rows import as_json

FIELDS = (
    "public_id", "batch", "number", "change", "name", "sex", "born_on", "id_number", "address",
    "lives_at", "region", "head", "detail", "problems", "found", "gave", "result", "note",
)  # fmt: skip
# The row of the same person on the list before: by the number; where one of the two rows has none,
# by name, birth date and head of the household.
SAME_NUMBER = """
UPDATE students_personentry e SET previous_id = p.id
FROM students_personentry p
WHERE e.batch_id = %(batch)s AND e.change = 'new' AND e.id_number <> ''
  AND p.batch_id = %(before)s AND p.change IN ('new', 'changed', 'unchanged')
  AND p.id_number = e.id_number
"""
SAME_PERSON = """
UPDATE students_personentry e SET previous_id = p.id
FROM students_personentry p
WHERE e.batch_id = %(batch)s AND e.change = 'new' AND e.previous_id IS NULL
  AND p.batch_id = %(before)s AND p.change IN ('new', 'changed', 'unchanged')
  AND p.name = e.name AND p.born_on = e.born_on AND p.head = e.head
  AND (p.id_number = '' OR e.id_number = '')
  AND NOT EXISTS (
    SELECT FROM students_personentry o WHERE o.batch_id = %(batch)s AND o.previous_id = p.id)
"""
COMPARE = """
UPDATE students_personentry e
SET change = CASE
  WHEN (e.name, e.sex, e.born_on, e.id_number, e.address, e.lives_at, e.head, e.detail)
    IS NOT DISTINCT FROM
    (p.name, p.sex, p.born_on, p.id_number, p.address, p.lives_at, p.head, p.detail)
  THEN 'unchanged' ELSE 'changed' END
FROM students_personentry p
WHERE e.batch_id = %(batch)s AND e.previous_id = p.id
"""
# A row that was left out may mean somebody: whoever has its number, or its name and, as far as it
# could be read, its birth date, is not gone.
GONE = """
INSERT INTO students_personentry
  (public_id, batch_id, number, change, name, sex, born_on, id_number, address, lives_at,
   region_id, head, detail, problems, previous_id, found, gave, result, note)
SELECT gen_random_uuid(), %(batch)s, 0, 'gone', p.name, p.sex, p.born_on, p.id_number, p.address,
  p.lives_at, p.region_id, p.head, p.detail, '[]', p.id, '', '{}', '', ''
FROM students_personentry p
WHERE p.batch_id = %(before)s AND p.change IN ('new', 'changed', 'unchanged')
  AND NOT EXISTS (
    SELECT FROM students_personentry e WHERE e.batch_id = %(batch)s AND e.previous_id = p.id)
  AND NOT EXISTS (
    SELECT FROM students_personentry e
    WHERE e.batch_id = %(batch)s AND e.change IN ('error', 'duplicate')
      AND e.id_number = p.id_number AND e.id_number <> '')
  AND NOT EXISTS (
    SELECT FROM students_personentry e
    WHERE e.batch_id = %(batch)s AND e.change IN ('error', 'duplicate')
      AND e.name = p.name AND coalesce(e.born_on, p.born_on) IS NOT DISTINCT FROM p.born_on)
ORDER BY p.number
"""


@dataclass(slots=True)
class Checked:
    """One row of the file after it was read. cells: as read, of a row that is left out."""

    number: int
    change: str
    said: Listed
    region_id: int | None = None
    problems: list[dict[str, Any]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    @property
    def detail(self) -> dict[str, Any]:
        """What only some lists say, and the cells."""
        said = {
            "guardian": self.said.guardian,
            "group": str(self.said.group),
            "cells": self.cells,
        }
        return {name: value for name, value in said.items() if value}


def write(batch_id: int, rows: Iterable[Checked]) -> None:
    """Append rows to a list."""
    values = (
        (
            uuid7(),
            batch_id,
            row.number,
            row.change,
            row.said.name[:40],
            row.said.sex,
            row.said.born_on,
            row.said.id_number,
            row.said.address[:120],
            row.said.lives_at[:120],
            row.region_id,
            row.said.head[:40],
            as_json(row.detail),
            as_json(row.problems),
            "",
            as_json({}),
            "",
            "",
        )
        for row in rows
    )
    bulk.copy(PersonEntry, FIELDS, values)


def compare(batch: PersonList) -> None:
    """Say of each row whether it is new, changed or unchanged, and append who is gone."""
    if batch.previous_id is None:
        return
    both = {"batch": batch.pk, "before": batch.previous_id}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE students_personentry")  # so many new rows need other plans
        for statement in (SAME_NUMBER, SAME_PERSON, COMPARE, GONE):
            cursor.execute(statement, both)


def counts(batch: PersonList) -> dict[str, int]:
    """Rows by change, all of them by their name."""
    rows = batch.entries.order_by().values_list("change").annotate(number=Count("pk"))
    return dict.fromkeys(PersonEntry.Change.values, 0) | dict(rows)

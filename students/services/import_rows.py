"""Rows of a dry run in bulk: written by COPY, marked as applied in one statement per batch."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from students.models import ImportRow
from students.services import bulk

FIELDS = ("job", "number", "outcome", "data", "problems", "changes", "undo", "student")
MARK = """
UPDATE students_importrow r
SET outcome = v.outcome, problems = v.problems::jsonb, undo = v.undo::jsonb, student_id = v.student
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[])
  AS v(pk, outcome, problems, undo, student)
WHERE r.id = v.pk
"""


@dataclass(slots=True)
class Checked:
    """One row after the dry run."""

    number: int
    outcome: str
    data: dict[str, Any]
    problems: Sequence[dict[str, Any]] = ()
    changes: dict[str, Any] = field(default_factory=dict)
    student: int | None = None


@dataclass(slots=True)
class Applied:
    """What became of a row when it was applied, and how to undo it."""

    pk: int
    outcome: str
    problems: Sequence[dict[str, Any]]
    undo: dict[str, Any]
    student: int | None


def write(job_id: int, rows: Iterable[Checked]) -> None:
    """Append rows to a job."""
    values = (
        (
            job_id,
            row.number,
            row.outcome,
            as_json(row.data),
            as_json(list(row.problems)),
            as_json(row.changes),
            "{}",
            row.student,
        )
        for row in rows
    )
    bulk.copy(ImportRow, FIELDS, values)


def mark(rows: Sequence[Applied]) -> None:
    """Keep with each row what it changed."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            [
                [row.pk for row in rows],
                [row.outcome for row in rows],
                [as_json(list(row.problems)) for row in rows],
                [as_json(row.undo) for row in rows],
                [row.student for row in rows],
            ],
        )


def as_json(value: object) -> str:
    """JSON as PostgreSQL takes it: jsonb knows no NUL."""
    return json.dumps(value, ensure_ascii=False, default=str).replace("\\u0000", "")

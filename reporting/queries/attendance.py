"""Enrollment x attendance: every enrolled child of the schools in sight in exactly one part."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from agencies.errors import NotVisible
from agencies.models import Agency
from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from reporting.queries.attendance_sql import BOTH, COUNTS, NAMES
from reporting.rules.areas import Line
from reporting.rules.attendance import Attending
from students.models.school_class import class_name
from students.rules.identity import school_year_of

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Whose names: of a part, of one school (a code, "" for all), after so many of them."""

    part: str
    school: str = ""
    start: int = 0


@dataclass(frozen=True)
class Pupil:
    """school: who has to act. seen_on: the last day in class among the last rolls of the class.

    finding: the finding that the sweep of the night made of it, with the day.
    """

    student: UUID
    name: str
    school: str
    school_class: str
    seen_on: date | None
    case: UUID | None
    finding: UUID | None
    found_on: date | None


def last_rolls(county_id: int, on: date) -> dict[str, Any]:
    """What the statements on attendance ask for: how many rolls, and none of the last year."""
    return {
        "county": county_id,
        "on": on,
        "since": date(school_year_of(on), 8, 1),
        "rolls": in_force(county_id, on).number(Key.GHOST_ROLLS),
    }


def by_school(scope: Scope) -> list[Line]:
    """Those with somebody never seen first, then by code."""
    return _lines(_rows(COUNTS, _asked(scope)))


def _lines(rows: Iterable[Sequence[Any]]) -> list[Line]:
    found: dict[tuple[str, str], Counter[str]] = {}
    for code, name, part, number in rows:
        found.setdefault((code, name), Counter())[part] = number
    lines = [
        Line(code, name, {part.value: counts[part] for part in Attending})
        for (code, name), counts in found.items()
    ]
    return sorted(lines, key=lambda line: (-line.counts[Attending.UNSEEN], line.code))


def together(lines: list[Line]) -> Line:
    return Line("", "", {part.value: sum(one.counts[part] for one in lines) for part in Attending})


def names(scope: Scope, wanted: Wanted) -> list[Pupil]:
    """A page of the children of a part and one more, by school and class.

    Raises NotVisible for a word that is no part, and for a school out of sight.
    """
    own = _school(scope, wanted)
    narrowed = {"everywhere": False, "schools": [own]} if own else {}
    rows = _rows(NAMES, {**_asked(scope), **_page(wanted), **narrowed})
    return [_pupil(row) for row in rows]


def by_school_and_names(scope: Scope, wanted: Wanted) -> tuple[list[Line], list[Pupil]]:
    """Both of them, in one statement. Raises NotVisible as names does."""
    _school(scope, wanted)
    rows = _rows(BOTH, {**_asked(scope), **_page(wanted)})
    counts = rows[0][0] or []
    return _lines(counts), [_pupil(row) for _counts, place, *row in rows if place]


def _pupil(row: Sequence[Any]) -> Pupil:
    student, name, school, grade, number, *rest = row
    return Pupil(student, name, school, class_name(grade, number) if grade else "", *rest)


def _school(scope: Scope, wanted: Wanted) -> int | None:
    """The key of the school that is asked for. Raises NotVisible."""
    if wanted.part not in Attending.values:
        raise NotVisible
    if not wanted.school:
        return None
    seen = Agency.objects.schools().filter(county_id=scope.county_id, code=wanted.school)
    found = seen.values_list("pk", flat=True).first()
    if found is None or not (scope.everything or found in scope.school_ids):
        raise NotVisible
    return found


def _asked(scope: Scope) -> dict[str, Any]:
    return {
        **last_rolls(scope.county_id, scope.on),
        "everywhere": scope.everything,
        "schools": list(scope.school_ids),
    }


def _page(wanted: Wanted) -> dict[str, Any]:
    return {
        "part": wanted.part,
        "school": wanted.school,
        "limit": PAGE + 1,
        "offset": wanted.start,
    }


def _rows(statement: str, asked: Mapping[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()

"""The rows of a register that a person decides on, each beside the children it may mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.rules import masking
from agencies.rules.scope import Scope
from students.access import entries_for
from students.models import Candidate, EnrollmentRecord, PersonEntry, PersonList, Student
from students.rules.matching import Level

FACTS: dict[str, Promise] = {
    "name": _("name"),
    "number": _("ID number"),
    "born_on": _("date of birth"),
    "guardian": _("head of household or guardian"),
    "address": _("address"),
    "sex": _("sex"),
}
LEVELS: dict[str, Promise] = {
    Level.SAME: _("the same"),
    Level.READ: _("read the same"),
    Level.NEAR: _("nearly the same"),
    Level.AREA: _("same township"),
    Level.OTHER: _("differs"),
    Level.UNKNOWN: _("not known"),
}


SEXES = dict(Student.Sex.choices)


class Cell(NamedTuple):
    """What a candidate says of one fact, and how far it agrees with the row."""

    text: str
    level: str
    words: Promise | str


@dataclass(frozen=True)
class Shown:
    """A child that the row may mean. percent: the chance that it is the one."""

    public_id: UUID
    percent: float
    where: str


@dataclass(frozen=True)
class Side:
    """One row of the page: the facts, what the list says of each, what the candidates say."""

    entry: PersonEntry
    candidates: list[Shown]
    lines: list[tuple[Promise, str, list[Cell]]]


def waiting(scope: Scope, batch: PersonList) -> QuerySet[PersonEntry]:
    """The rows with candidates that nobody has decided on."""
    open_ones = Candidate.objects.filter(entry=OuterRef("pk"), refused_at=None)
    return (
        entries_for(scope, batch)
        .filter(Exists(open_ones), student=None)
        .select_related("region")
        .order_by("region__path", "number")
    )


def with_candidates(rows: QuerySet[PersonEntry]) -> QuerySet[PersonEntry]:
    """The rows with what the page shows of their candidates: four queries in all."""
    candidates = (
        Candidate.objects.filter(refused_at=None, student__merged_into=None)
        .select_related("student__household__region")
        .prefetch_related("student__guardians")
        .order_by("-score", "pk")
    )
    return rows.prefetch_related(Prefetch("candidates", candidates, to_attr="shown"))


def sides(rows: Iterable[PersonEntry], scope: Scope) -> list[Side]:
    """Rows of with_candidates() as the page shows them; numbers are masked."""
    found = list(rows)
    students = [one.student_id for row in found for one in row.shown]  # type: ignore[attr-defined]
    stays = EnrollmentRecord.objects.on(scope.on).filter(student__in=students)
    schools = dict(stays.values_list("student", "school__name"))
    return [_side(row, schools) for row in found]


def _side(row: PersonEntry, schools: Mapping[int, str]) -> Side:
    candidates: list[Candidate] = row.shown  # type: ignore[attr-defined]
    said = {
        "name": row.name,
        "number": masking.id_number(row.id_number) if row.id_number else "",
        "born_on": row.born_on.isoformat() if row.born_on else "",
        "guardian": row.head,
        "address": row.address,
        "sex": str(SEXES.get(row.sex, "")),
    }
    levels = [dict(one.agrees) for one in candidates]
    ours = [_ours(one) for one in candidates]
    lines = [
        (
            label,
            said[fact],
            [
                Cell(known[fact], level[fact], LEVELS[level[fact]])
                for known, level in zip(ours, levels, strict=True)
            ],
        )
        for fact, label in FACTS.items()
    ]
    shown = [
        Shown(one.student.public_id, one.score / 10, schools.get(one.student_id, ""))
        for one in candidates
    ]
    return Side(row, shown, lines)


def _ours(candidate: Candidate) -> dict[str, str]:
    child = candidate.student
    return {
        "name": child.name,
        "number": child.masked_id_number,
        "born_on": child.born_on.isoformat(),
        "guardian": "、".join(one.name for one in child.guardians.all()),
        "address": child.household.address,
        "sex": child.get_sex_display(),
    }

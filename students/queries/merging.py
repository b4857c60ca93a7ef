"""Records of children beside each other, and the merges of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from students.models import EnrollmentRecord, RecordMerge, Student


@dataclass(frozen=True)
class Beside:
    """One record as it stands beside another; its number is masked."""

    public_id: UUID
    name: str
    sex: str
    born_on: date
    id_number: str
    guardians: str
    home: str
    school: str


def beside(students: Iterable[Student], on: date) -> list[Beside]:
    """In the order given. Three queries."""
    rows = list(students)
    prefetch_related_objects(rows, "guardians", "household__region")
    stays = EnrollmentRecord.objects.on(on).filter(student__in=rows)
    schools = dict(stays.values_list("student", "school__name"))
    return [
        Beside(
            row.public_id,
            row.name,
            row.get_sex_display(),
            row.born_on,
            row.masked_id_number,
            "、".join(one.name for one in row.guardians.all()),
            row.household.address or row.household.region.name,
            schools.get(row.pk, ""),
        )
        for row in rows
    ]


def merges_of(student: Student) -> QuerySet[RecordMerge]:
    """The records that became part of this one and still are, the newest first."""
    rows = RecordMerge.objects.filter(kept=student, undone_at=None)
    return rows.select_related("absorbed", "by__user").order_by("-at")

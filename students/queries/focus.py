"""Focus groups as lists and figures: only of children in sight, only of groups that one may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Substr

from agencies.errors import NotPermitted, NotVisible
from agencies.models import Agency, Region
from agencies.rules.duties import Duty
from agencies.rules.region_code import Level
from agencies.rules.scope import Scope
from students.models import EnrollmentRecord, FocusTag, Student, TaughtCheck
from students.queries.roster import with_class
from students.rules.disability import Taught
from students.rules.focus import FocusGroup, seen_groups

TOWNSHIP = 9  # digits of the path of a township


def groups_for(scope: Scope) -> tuple[FocusGroup, ...]:
    """The groups that this person may see."""
    return seen_groups(may_tag=scope.may(Duty.TAG_FOCUS))


def group_for(scope: Scope, name: str) -> FocusGroup:
    """Raises NotVisible for a word that is no group, or none that this person may see."""
    if name not in groups_for(scope):
        raise NotVisible
    return FocusGroup(name)


def children_of(group: str, county_id: int, on: date) -> QuerySet:
    """Keys of the children of a group on a day, as what another list is narrowed to."""
    tags = FocusTag.objects.on(on).filter(county_id=county_id, group=group)
    return tags.values("student")


def tags_of(student: Student, scope: Scope) -> list[FocusTag]:
    """All tags of the child that this person may see, those that hold first."""
    rows = FocusTag.objects.filter(student=student, group__in=groups_for(scope))
    rows = rows.select_related("by__user", "by__agency", "reviewed_by__user")
    return list(rows.order_by(F("ends_on").desc(nulls_first=True), "-starts_on"))


def tag_for(student: Student, tag_id: UUID) -> FocusTag:
    """A tag of the child. Raises NotVisible."""
    found = FocusTag.objects.select_related("student").filter(student=student, public_id=tag_id)
    tag = found.first()
    if tag is None:
        raise NotVisible
    return tag


def with_groups(rows: QuerySet, scope: Scope) -> QuerySet:
    """Adds groups: of each child those of today that this person may see."""
    tags = FocusTag.objects.on(scope.on).filter(student=OuterRef("pk"), group__in=groups_for(scope))
    return rows.annotate(groups=ArraySubquery(tags.order_by("group").values("group")))


@dataclass(frozen=True)
class Size:
    group: FocusGroup
    children: int


def sizes(scope: Scope) -> list[Size]:
    """How many children in sight belong to each group today."""
    seen = Student.objects.visible_to(scope).filter(completed_on=None, died_on=None)
    tags = FocusTag.objects.on(scope.on).filter(student__in=seen)
    counts = dict(tags.values_list("group").annotate(Count("pk")).order_by())
    return [Size(group, counts.get(group.value, 0)) for group in groups_for(scope)]


@dataclass(frozen=True)
class Wanted:
    """What the list of a group is narrowed to: the code of a township, the code of a school."""

    township: str = ""
    school: str = ""


def members(scope: Scope, group: FocusGroup, wanted: Wanted) -> QuerySet[Student]:
    """Children of the group in sight, by home and name, with their class. One row each."""
    rows = Student.objects.visible_to(scope).filter(completed_on=None, died_on=None)
    rows = rows.tagged(group, scope.on)
    if wanted.township:
        rows = rows.filter(household__region__path__startswith=wanted.township[:TOWNSHIP])
    if wanted.school:
        here = EnrollmentRecord.objects.on(scope.on).filter(student=OuterRef("pk"))
        rows = rows.filter(Exists(here.filter(school__code=wanted.school)))
    order = ("household__region__code", "name_keys", "pk")
    return with_class(rows, scope).select_related("household__region__parent").order_by(*order)


@dataclass(frozen=True)
class Part:
    """A township or a school with its children of the group."""

    code: str
    name: str
    children: int


def by_township(scope: Scope, group: FocusGroup) -> list[Part]:
    path = Substr("household__region__path", 1, TOWNSHIP)
    rows = members(scope, group, Wanted()).order_by().annotate(path=path)
    counts = dict(rows.values_list("path").annotate(Count("pk")))
    names = Region.objects.on(scope.on).filter(
        county=scope.county_id, level=Level.TOWNSHIP, path__in=list(counts)
    )
    found = names.order_by("code").values_list("code", "name", "path")
    return [Part(code, name, counts[path]) for code, name, path in found]


def by_school(scope: Scope, group: FocusGroup) -> list[Part]:
    """Schools by code; a child without a school is in none of them."""
    stays = EnrollmentRecord.objects.on(scope.on).filter(
        student__in=members(scope, group, Wanted()).order_by().values("pk")
    )
    counts = dict(stays.values_list("school").annotate(Count("pk")).order_by())
    schools = Agency.objects.filter(pk__in=list(counts)).order_by("code")
    return [Part(row.code, row.name, counts[row.pk]) for row in schools]


def tags_by_child(students: Iterable[Student], group: FocusGroup, on: date) -> dict[int, FocusTag]:
    """The tag of the group that each of these children has on the day."""
    rows = FocusTag.objects.on(on).filter(student__in=[one.pk for one in students], group=group)
    return {row.student_id: row for row in rows}


def by_taught(scope: Scope) -> list[tuple[Taught | None, int]]:
    """How many disabled children are taught in each of the four ways; None: never checked.

    Raises NotPermitted without Duty.SEE_DISABILITY.
    """
    if not scope.may(Duty.SEE_DISABILITY):
        raise NotPermitted
    children = members(scope, FocusGroup.DISABLED, Wanted()).order_by().values("pk")
    checks = TaughtCheck.objects.filter(record__student__in=children)
    last = checks.order_by("record", "-on", "-pk").distinct("record").values_list("taught")
    found = [taught for (taught,) in last]
    never = len(children) - len(found)
    return [*((taught, found.count(taught.value)) for taught in Taught), (None, never)]

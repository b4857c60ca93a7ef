"""The roster of left-behind children in sight: who looks after each, and when the next contact is
due. Whoever sees a child may know that it is left behind (rules/focus.py)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat

from agencies.models import Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import Standing, standing
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from students.models import Carer, EnrollmentRecord, FocusTag, GuardianContact, Student
from students.models.school_class import class_name
from students.queries.roster import with_class
from students.rules.contact import TALKS
from students.rules.focus import FocusGroup
from students.rules.left_behind import GROUPS, PREFIX


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to: the code of a school; what is missing."""

    school: str = ""
    only: str = ""


@dataclass(frozen=True)
class Line:
    """One child. next_contact None: on no roster, nobody at a school owes it."""

    student: Student
    groups: list[str]
    class_name: str
    carer: Carer | None
    last_talk: datetime | None
    next_contact: Standing | None


@dataclass(frozen=True)
class Figures:
    children: int
    overdue: int
    without_carer: int


def rows_for(scope: Scope, wanted: Wanted, now: datetime) -> QuerySet[Student]:
    """Left-behind children in sight, what is due first on top, those on no roster last."""
    rows = _with_duty(_tagged(scope), now)
    if wanted.school:
        here = EnrollmentRecord.objects.on(scope.on).filter(student=OuterRef("pk"))
        rows = rows.filter(Exists(here.filter(school__code=wanted.school)))
    if wanted.only == "overdue":
        rows = rows.filter(is_overdue=True)
    elif wanted.only == "carer":
        rows = rows.filter(has_carer=False)
    tags = FocusTag.objects.on(scope.on).filter(student=OuterRef("pk"), group__in=GROUPS)
    rows = with_class(rows, scope).annotate(
        groups=ArraySubquery(tags.order_by("group").values("group"))
    )
    talks = GuardianContact.objects.filter(student=OuterRef("pk"), reached__in=TALKS)
    rows = rows.annotate(last_talk=Subquery(talks.order_by("-at").values("at")[:1]))
    carers = Prefetch("carers", Carer.objects.on(scope.on), to_attr="carers_now")
    rows = rows.select_related("household__region__parent").prefetch_related(carers)
    order = (F("due_at").asc(nulls_last=True), "name_keys", "pk")
    return rows.order_by(*order)


def _tagged(scope: Scope) -> QuerySet:
    tags = FocusTag.objects.on(scope.on).filter(county_id=scope.county_id, group__in=GROUPS)
    carer = Carer.objects.on(scope.on).filter(student=OuterRef("pk"))
    rows = Student.objects.visible_to(scope).filter(completed_on=None, died_on=None)
    return rows.filter(pk__in=tags.values("student")).annotate(has_carer=Exists(carer))


def _with_duty(rows: QuerySet, now: datetime) -> QuerySet:
    """Adds duty, due_on and due_at of the open contact, and is_overdue."""
    child = Concat(Value(f"{PREFIX}:"), Cast(OuterRef("public_id"), CharField()), Value(":"))
    kind = {
        "kind": ObligationKind.LEFT_BEHIND,
        "county": OuterRef("county"),
        "key__startswith": child,
    }
    owed = Obligation.objects.open().filter(**kind).order_by("due_at")
    late = Obligation.objects.overdue(now).filter(**kind)
    return rows.annotate(
        duty=Subquery(owed.values("pk")[:1]),
        due_on=Subquery(owed.values("due_on")[:1], output_field=DateField()),
        due_at=Subquery(owed.values("due_at")[:1], output_field=DateTimeField()),
        is_overdue=Exists(late),
    )


def figures(scope: Scope, now: datetime) -> Figures:
    rows = _with_duty(_tagged(scope), now)
    return Figures(
        rows.count(),
        rows.filter(is_overdue=True).count(),
        rows.filter(has_carer=False).count(),
    )


def lines(rows: list[Student], now: datetime) -> list[Line]:
    """The rows of a page; one query for what is owed, whatever their number."""
    owed = Obligation.objects.in_bulk([pk for row in rows if (pk := _of(row, "duty"))])
    calendar = working_calendar()
    return [
        Line(
            row,
            groups_of(row),
            class_of(row),
            carer_of(row),
            _of(row, "last_talk"),
            standing(owed[pk], calendar, now) if (pk := _of(row, "duty")) in owed else None,
        )
        for row in rows
    ]


def groups_of(row: Student) -> list[str]:
    return [str(FocusGroup(group).label) for group in _of(row, "groups")]


def class_of(row: Student) -> str:
    return "" if row.class_grade is None else class_name(row.class_grade, row.class_number or 0)


def carer_of(row: Student) -> Carer | None:
    return next(iter(_of(row, "carers_now")), None)


def _of(row: Student, name: str) -> Any:
    """What rows_for() has added."""
    return getattr(row, name)


def one(scope: Scope, student: Student, now: datetime) -> Line | None:
    """The same for one child; None when it is not left behind today."""
    found = list(rows_for(scope, Wanted(), now).filter(pk=student.pk))
    return lines(found, now)[0] if found else None


def schools(scope: Scope) -> list[tuple[str, str]]:
    """Code and name of the schools that have left-behind children in sight."""
    stays = EnrollmentRecord.objects.on(scope.on).filter(student__in=_tagged(scope).values("pk"))
    return list(
        stays.order_by("school__code").values_list("school__code", "school__name").distinct()
    )

"""Roster moves: what a promotion or merger would do, as it stands now; and how to show it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from agencies.errors import NotVisible
from agencies.models import Agency, Obligation, Post
from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from students.models import EnrollmentRecord, Roll, SchoolClass, Transfer
from students.models.roster_move import RosterMove, RosterMoveRow
from students.models.school_class import class_name
from students.rules.moving import (
    BEGINS,
    Fate,
    MoveKind,
    Next,
    Place,
    merged,
    promoted,
    repeating,
)


@dataclass(frozen=True)
class Planned:
    """One pupil of the plan."""

    record_id: int
    student_id: int
    class_id: int
    ends_on: date | None
    next: Next


def plan(move: RosterMove, staying: Collection[int] = ()) -> list[Planned]:
    """What the move would do now. staying: pupils who repeat their grade (ids of students)."""
    records = list(_records(move))
    by_class = _next_of_classes(move, {row.school_class for row in records})
    found = []
    for row in records:
        after = by_class[row.school_class_id]
        if row.starts_on >= move.first_day:
            after = Next(Fate.LEFT_OUT, problem="begins_later")
        elif row.student_id in staying and after.fate is not Fate.LEFT_OUT:
            after = repeating(_place(row.school_class), move.school_year)
        found.append(Planned(row.pk, row.student_id, row.school_class_id, row.ends_on, after))
    return found


def _records(move: RosterMove) -> QuerySet[EnrollmentRecord]:
    """Who is on a roster of the school beyond the first day; of a promotion not in its own year.

    Of a pupil who changed class since a first day in the past only the newest row counts.
    """
    rows = EnrollmentRecord.objects.filter(school=move.school_id).exclude(
        ends_on__lt=move.first_day
    )
    if move.kind == MoveKind.PROMOTION:
        rows = rows.filter(school_class__school_year__lt=move.school_year)
    newest = rows.order_by("student", "-starts_on").distinct("student")
    return newest.select_related("school_class")


def _place(row: SchoolClass) -> Place:
    return Place(row.school_year, row.grade, row.number)


def _next_of_classes(move: RosterMove, classes: set[SchoolClass]) -> dict[int, Next]:
    called = Roll.objects.filter(school_class__in=classes, day__gte=move.first_day)
    if move.kind == MoveKind.PROMOTION:
        years = in_force(move.county_id, move.first_day).number(Key.SCHOOLING_YEARS)
        last = move.school.last_grade or years
        with_roll = set(called.values_list("school_class", flat=True))
        return {
            row.pk: promoted(_place(row), move.school_year, last, years, row.pk in with_roll)
            for row in classes
        }
    target = move.target
    taken = {_place(row) for row in SchoolClass.objects.filter(school=target)}
    first, last = (target.first_grade or 1, target.last_grade or 9) if target else (0, 0)
    found = merged([_place(row) for row in classes], taken, first, last)
    with_roll = set(called.values_list("school_class", flat=True))
    late = Next(Fate.LEFT_OUT, problem="roll_taken")
    return {row.pk: late if row.pk in with_roll else found[_place(row)] for row in classes}


def move_for(scope: Scope, public_id: UUID | str) -> RosterMove:
    """One move that this person may see. Raises NotVisible."""
    rows = RosterMove.objects.visible_to(scope).select_related(
        "school__region", "target", "prepared_by__user", "applied_by__user", "undone_by__user"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class ClassLine:
    """One class of the preview: how many go where. class_id: its public id."""

    class_id: UUID
    name: str
    to: str
    fate: str
    label: str
    pupils: int


def by_class(move: RosterMove) -> list[ClassLine]:
    """Per class: who goes where, who finishes, who stays back or is left out."""
    columns = (
        "from_class__public_id", "from_class__grade", "from_class__number",
        "fate", "to_grade", "to_number",
    )  # fmt: skip
    rows = move.rows.values_list(*columns).annotate(Count("pk"))
    order = ("from_class__grade", "from_class__number", "fate")
    return [
        ClassLine(
            class_id=public_id,
            name=class_name(grade, number),
            to=class_name(to_grade, to_number) if to_grade else "",
            fate=fate,
            label=str(Fate(fate).label),
            pupils=pupils,
        )
        for public_id, grade, number, fate, to_grade, to_number, pupils in rows.order_by(*order)
    ]


def left_out(move: RosterMove) -> QuerySet[RosterMoveRow]:
    """The pupils that the move does not touch, and why."""
    rows = move.rows.filter(fate=Fate.LEFT_OUT).select_related("student", "from_class")
    return rows.order_by("from_class__grade", "from_class__number", "student__name_keys", "pk")


def pupils_of(move: RosterMove, class_id: UUID) -> QuerySet[RosterMoveRow]:
    """The pupils of one class of the preview."""
    rows = move.rows.filter(from_class__public_id=class_id).select_related("student", "from_class")
    return rows.order_by("student__name_keys", "pk")


def begins(move: RosterMove) -> int:
    """How many are on a roster afterwards."""
    return move.rows.filter(fate__in=sorted(BEGINS)).count()


def posts_of(move: RosterMove) -> QuerySet[Post]:
    """Posts at the school that end with it; whoever goes on is appointed at the other school."""
    rows = Post.objects.filter(agency=move.school_id).exclude(ends_on__lt=move.first_day)
    return rows.select_related("user").order_by("position", "pk")


def duties_of(move: RosterMove) -> QuerySet[Obligation]:
    """What the school owes and the other one will owe."""
    return Obligation.objects.open().filter(owed_by=move.school_id)


def sent_away(move: RosterMove) -> QuerySet[Transfer]:
    """Transfers that nobody has confirmed: afterwards the bureau records the confirmation."""
    return Transfer.objects.unconfirmed().filter(school=move.school_id)


def moves(scope: Scope) -> QuerySet[RosterMove]:
    """All moves in sight, the newest first."""
    rows = RosterMove.objects.visible_to(scope).select_related("school", "target")
    return rows.order_by("-prepared_at", "-pk")


def own_schools(scope: Scope) -> QuerySet[Agency]:
    """The schools whose rosters this person may move."""
    rows = Agency.objects.on(scope.on).schools().filter(county_id=scope.county_id)
    if not scope.everything:
        rows = rows.filter(pk__in=scope.school_ids)
    return rows.order_by("name", "pk")


def all_schools(scope: Scope) -> QuerySet[Agency]:
    """Every school of the county, to merge into."""
    rows = Agency.objects.on(scope.on).schools().filter(county_id=scope.county_id)
    return rows.order_by("name", "pk")

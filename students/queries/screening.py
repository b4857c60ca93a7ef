"""Screening rounds as lists and figures: only of the villages that the person answers for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from agencies.errors import NotVisible
from agencies.models import Region
from agencies.rules.region_code import Level
from agencies.rules.scope import Scope
from students.models import Guardian, ScreenedChild, ScreeningRound, ScreeningTask, Student
from students.queries.focus import with_groups
from students.queries.roster import with_class
from students.rules.screening import Found, houses_of

TOWNSHIP = 9  # digits of the path of a township


def rounds_for(scope: Scope) -> QuerySet[ScreeningRound]:
    """The rounds of the county, newest first."""
    rows = ScreeningRound.objects.filter(county_id=scope.county_id)
    return rows.order_by("-opens_on", "-pk")


def round_for(scope: Scope, round_id: UUID | str) -> ScreeningRound:
    """Raises NotVisible."""
    found = rounds_for(scope).filter(public_id=round_id).first()
    if found is None:
        raise NotVisible
    return found


def place_for(scope: Scope, code: str) -> Region:
    """A township or village that this person answers for. Raises NotVisible."""
    rows = Region.objects.filter(county_id=scope.county_id, code=code).select_related("parent")
    found = rows.order_by("-starts_on").first()
    if found is None or not (scope.everything or found.path.startswith(scope.paths or ("-",))):
        raise NotVisible
    return found


def villages_by_township(county_id: int, on: date) -> list[tuple[Region, list[Region]]]:
    """All townships of the county with their villages, to choose the area of a round from."""
    rows = Region.objects.on(on).filter(county_id=county_id).order_by("code")
    found: dict[str, tuple[Region, list[Region]]] = {}
    for one in rows:
        if one.level == Level.TOWNSHIP:
            found[one.path] = (one, [])
        elif one.path[:TOWNSHIP] in found:
            found[one.path[:TOWNSHIP]][1].append(one)
    return list(found.values())


@dataclass
class Standing:
    """How far a round has come somewhere. by_result: how many of each."""

    total: int = 0
    asked: int = 0
    by_result: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Found.values, 0))

    def add(self, found: str, count: int) -> None:
        self.total += count
        if found:
            self.asked += count
            self.by_result[found] += count

    @property
    def waiting(self) -> int:
        return self.total - self.asked

    @property
    def percent(self) -> int:
        """Whole per cent, never rounded up to 100."""
        return self.asked * 100 // self.total if self.total else 100

    @property
    def results(self) -> list[tuple[Found, int]]:
        return [(found, self.by_result[found.value]) for found in Found]


@dataclass
class Place:
    """A township or village of a round with its standing."""

    region: Region
    standing: Standing
    tasks: list[ScreeningTask] = field(default_factory=list)


def standings(scope: Scope, rounds: Iterable[ScreeningRound]) -> dict[int, Standing]:
    """Of each of these rounds, in the villages of the person."""
    rows = ScreenedChild.objects.within(scope).filter(round__in=[one.pk for one in rounds])
    found: dict[int, Standing] = {}
    counted = rows.order_by().values_list("round", "found").annotate(Count("pk"))
    for pk, result, count in counted:
        found.setdefault(pk, Standing()).add(result, count)
    return found


def townships(scope: Scope, row: ScreeningRound) -> list[Place]:
    """The townships of the round, in the order of their codes."""
    return _places(scope, row, TOWNSHIP, "")


def villages(scope: Scope, row: ScreeningRound, township_path: str) -> list[Place]:
    """The villages of a township with children of the round, and who goes there."""
    found = _places(scope, row, 12, township_path)
    by_path = {place.region.path: place for place in found}
    tasks = ScreeningTask.objects.filter(round=row, village__path__in=list(by_path))
    for task in tasks.select_related("village", "post__user", "post__agency").order_by("houses"):
        by_path[task.village.path].tasks.append(task)
    return found


def _places(scope: Scope, row: ScreeningRound, digits: int, below: str) -> list[Place]:
    rows = ScreenedChild.objects.within(scope).filter(round=row)
    if below:
        rows = rows.filter(village__path__startswith=below)
    counted = (
        rows.order_by()
        .annotate(path=Substr("village__path", 1, digits))
        .values_list("path", "found")
        .annotate(Count("pk"))
    )
    by_path: dict[str, Standing] = {}
    for where, result, count in counted:
        by_path.setdefault(where, Standing()).add(result, count)
    regions = Region.objects.filter(county_id=row.county_id, path__in=list(by_path))
    newest = {one.path: one for one in regions.order_by("starts_on")}
    return [Place(newest[where], by_path[where]) for where in sorted(newest)]


@dataclass(frozen=True)
class Line:
    """One child of the round in a village, for the list."""

    pk: int
    student_pk: int
    houses: str
    found: str


def lines(scope: Scope, row: ScreeningRound, village: Region) -> list[Line]:
    """All children of the round there in sight, door by door, each in its group of houses."""
    groups = [task.houses for task in tasks_of(row, village)]
    rows = ScreenedChild.objects.within(scope).filter(
        round=row, village__path=village.path, student__in=Student.objects.visible_to(scope)
    )
    address = "student__household__address"
    found = rows.order_by(address, "student__household", "student__born_on", "pk")
    return [
        Line(pk, student, houses_of(at, groups), result)
        for pk, student, at, result in found.values_list("pk", "student", address, "found")
    ]


@dataclass(frozen=True)
class Asked:
    """A child as it stands on the list and on the sheet."""

    row: ScreenedChild
    student: Student
    groups: list[str]
    guardians: list[Guardian]


def shown(scope: Scope, some: Iterable[Line]) -> list[Asked]:
    """These lines with what a cadre needs at the door, in the same order; four statements."""
    wanted = list(some)
    rows = ScreenedChild.objects.select_related("answered_by__user").in_bulk(
        [line.pk for line in wanted]
    )
    students = with_groups(with_class(Student.objects.all(), scope), scope)
    by_pk = students.in_bulk([line.student_pk for line in wanted])
    guardians: dict[int, list[Guardian]] = {}
    adults = Guardian.objects.filter(student__in=list(by_pk)).order_by("student", "order")
    for one in adults:
        guardians.setdefault(one.student_id, []).append(one)
    return [
        Asked(
            rows[line.pk],
            by_pk[line.student_pk],
            by_pk[line.student_pk].groups,
            guardians.get(line.student_pk, []),
        )
        for line in wanted
    ]


def taken_back(scope: Scope, row: ScreeningRound, village: Region) -> QuerySet[ScreenedChild]:
    """Answers about whom nobody exists: they count, and have no name."""
    rows = ScreenedChild.objects.within(scope).filter(
        round=row, village__path=village.path, student=None
    )
    return rows.select_related("answered_by__user").order_by("answered_at", "pk")


def met_nowhere(children: QuerySet[Student]) -> QuerySet[Student]:
    """Those of whom no round has an answer, or the newest of all is that nobody was found."""
    answers = ScreenedChild.objects.filter(student=OuterRef("pk")).exclude(found="")
    newest = Subquery(answers.order_by("-answered_at", "-pk").values("found")[:1])
    return children.annotate(last_found=newest).filter(
        Q(last_found=None) | Q(last_found=Found.NOT_FOUND)
    )


def tasks_of(row: ScreeningRound, village: Region) -> list[ScreeningTask]:
    """Who goes to the village: groups of houses first, then the rest."""
    rows = ScreeningTask.objects.filter(round=row, village__path=village.path)
    return list(rows.select_related("post__user", "post__agency").order_by(F("houses").desc()))


def child_for(scope: Scope, row: ScreeningRound, student_id: UUID | str) -> ScreenedChild:
    """A child of the round in sight. Raises NotVisible."""
    rows = ScreenedChild.objects.within(scope).filter(
        round=row, student__public_id=student_id, student__in=Student.objects.visible_to(scope)
    )
    found = rows.select_related("round", "student", "village").first()
    if found is None:
        raise NotVisible
    return found

"""The third comparison (四查三比对): dropouts x registered poor households (S2-02, S2-43).

A dropout here is a child with an open case that is not back in school. A poor child without a
school and without a case is found by the balance of the group, not here.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Left

from agencies.models import Region
from agencies.rules.scope import Scope
from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.rules.workflow import OUT_OF_SCHOOL
from students.models import PersonList, Student
from students.queries.focus import children_of
from students.rules.focus import FocusGroup
from students.rules.person_list import ListKind

TOWNSHIP = 9  # characters of the path of a township


@dataclass(frozen=True)
class Line:
    """A township, by the homes of the children. both: dropouts of poor households."""

    code: str
    name: str
    poor: int = 0
    dropouts: int = 0
    both: int = 0


def dropouts(scope: Scope, township: str = "") -> CaseQuerySet:
    """Children in sight who are out of school and poor, the first due first. township: a code."""
    rows = _out_of_school(scope).filter(_poor(scope))
    if township:
        rows = rows.filter(household__region__path__startswith=township[:TOWNSHIP])
    rows = rows.select_related(
        "current", "student", "school", "school_class", "household__region__parent"
    )
    return rows.with_next_due().order_by("due_at", "pk")


def by_township(scope: Scope) -> list[Line]:
    """Each township in which poor children or dropouts of this person's sight live, worst first.

    A place that has ended keeps its children and its last name.
    """
    path = Left("household__region__path", TOWNSHIP)
    poor, dropouts, both = Counter[str](), Counter[str](), Counter[str]()
    cases = _out_of_school(scope).order_by().values_list(path)
    for place, every, some in cases.annotate(n=Count("pk"), m=Count("pk", filter=_poor(scope))):
        dropouts[place], both[place] = every, some
    children = Student.objects.visible_to(scope).filter(completed_on=None, died_on=None)
    children = children.tagged(FocusGroup.POOR, scope.on)
    for place, number in children.order_by().values_list(path).annotate(n=Count("pk")):
        poor[place] = number
    places = Region.objects.filter(path__in=poor.keys() | dropouts.keys()).order_by("starts_on")
    names = {row.path: (row.code, row.name) for row in places}
    lines = [Line(*name, poor[at], dropouts[at], both[at]) for at, name in names.items()]
    return sorted(lines, key=lambda line: (-line.both, line.code))


def together(lines: list[Line]) -> Line:
    numbers = [(line.poor, line.dropouts, line.both) for line in lines]
    return Line("", "", *(sum(column) for column in zip((0, 0, 0), *numbers, strict=True)))


def newest_list(scope: Scope) -> PersonList | None:
    """The list of poor households that was applied last."""
    rows = PersonList.objects.filter(
        county_id=scope.county_id, kind=ListKind.POVERTY, state=PersonList.State.APPLIED
    )
    return rows.select_related("provider").order_by("-as_of", "-pk").first()


def owner_of(case: Case) -> str:
    """Who has to act: whoever owes what is due first, else the home's township (S1-65)."""
    home = case.household.region
    return case.due_agency or (home.parent or home).name


def _out_of_school(scope: Scope) -> CaseQuerySet:
    return Case.objects.visible_to(scope).filter(state__in=sorted(OUT_OF_SCHOOL))


def _poor(scope: Scope) -> Q:
    return Q(student__in=children_of(FocusGroup.POOR, scope.county_id, scope.on))

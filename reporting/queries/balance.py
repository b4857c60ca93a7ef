"""The balance: every child of school age of an area in exactly one place, on any day.

One statement whatever the number of children; the names of a cell come from the same statement,
so that number and list cannot disagree.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from agencies.models import Region
from agencies.queries.policy import in_force
from agencies.rules import masking
from agencies.rules.policy import Key
from cases.rules.disposition import Disposition
from reporting.queries import balance_sql
from reporting.rules.areas import Area, AreaKind, Line
from reporting.rules.balance import PARTS, below
from students.models import PersonEntry, PersonList
from students.models.school_class import class_name
from students.rules.identity import Cohort, compulsory_cohort, school_year_of
from students.rules.person_list import ListKind

PAGE = 50  # names


@dataclass(frozen=True)
class Wanted:
    """Of which area, as of which day; tag: only children of this focus group, "" for all."""

    area: Area
    on: date
    today: date
    tag: str = ""

    @property
    def is_past(self) -> bool:
        return self.on < self.today

    @property
    def is_today(self) -> bool:
        return self.on == self.today


@dataclass(frozen=True)
class Unit(Line):
    """One unit below the area, or what lies in none of them."""

    @property
    def unaccounted(self) -> int:
        return self.counts.get(Disposition.UNACCOUNTED, 0)


@dataclass(frozen=True)
class Balance:
    """counts: by disposition, those with nobody as well. lines: worst first.

    undecided: rows of the population register that may mean a child of ours: they are nobody here
    until a person has looked (docs/adr/0019). Of today, whatever the day.
    """

    wanted: Wanted
    cohort: Cohort
    counts: Mapping[str, int]
    lines: list[Unit]
    undecided: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def unaccounted(self) -> int:
        return self.counts[Disposition.UNACCOUNTED]


def balance(wanted: Wanted) -> Balance:
    """The parts of an area and of each unit below it."""
    width = below(wanted.area.path)
    params = {**_params(wanted), "width": width}
    found: dict[str, Counter[str]] = {}
    for path, part, number in _rows(balance_sql.counts(**_shape(wanted)), params):
        found.setdefault(path, Counter())[part] = number
    lines = _lines(wanted, found)
    total = sum(found.values(), Counter())
    counts = {part.value: total[part.value] for part in PARTS}
    who = cohort(wanted.area.county_id, wanted.on)
    return Balance(wanted, who, counts, lines, _undecided(wanted))


def _undecided(wanted: Wanted) -> int:
    newest = PersonList.objects.filter(
        county=wanted.area.county_id, kind=ListKind.REGISTER, state=PersonList.State.APPLIED
    ).order_by("-as_of")
    rows = PersonEntry.objects.standing().filter(batch=newest.values("pk")[:1], student=None)
    here = Q(region__path__startswith=wanted.area.path)
    if wanted.area.kind == AreaKind.COUNTY:
        here |= Q(region=None)  # no place of the county is named
    return rows.filter(here, result="").count()


def _lines(wanted: Wanted, found: Mapping[str, Counter[str]]) -> list[Unit]:
    """Every unit below the area with its children; units without any are left out."""
    if not found:
        return []
    rows = Region.objects.filter(county=wanted.area.county_id, path__in=found)
    units = {
        path: (code, name)
        for path, code, name in rows.order_by("starts_on").values_list("path", "code", "name")
    }
    lines = []
    for path, counts in found.items():
        code, name = units.get(path, ("", path))
        own = path == wanted.area.path
        lines.append(Unit("" if own else code, "" if own else name, counts))
    return sorted(lines, key=lambda line: (-line.unaccounted, line.code))


@dataclass(frozen=True)
class Child:
    """One child behind a cell. id_number: masked. school: "" without a class."""

    student: UUID
    name: str
    id_number: str
    born_on: date
    home: str
    school: str
    school_class: str


def names(wanted: Wanted, part: str, page: int = 1) -> list[Child]:
    """One page of the children of a part, by home and name."""
    params = {**_params(wanted), "part": part, **_page(page)}
    return _children(balance_sql.names(**_shape(wanted)), params)


@dataclass(frozen=True)
class Flow:
    """Between two days. cells: by (part before, part after); "": not counted on that day."""

    wanted: Wanted
    since: date
    cells: Mapping[tuple[str, str], int]

    @property
    def moved(self) -> int:
        """Children whose part is another now, those who came and left counted too."""
        return sum(number for (one, other), number in self.cells.items() if one != other)


def flow(wanted: Wanted, since: date) -> Flow:
    """Who moved from which part to which between two days, those who stayed included."""
    cells = {
        (before or "", after or ""): number
        for before, after, number in _rows(
            balance_sql.flow(**_shape(wanted)), _params(wanted, since)
        )
    }
    return Flow(wanted, since, cells)


def moved(wanted: Wanted, since: date, step: tuple[str, str], page: int = 1) -> list[Child]:
    """One page of the children behind one cell of the flow. step: part before, part after."""
    params = {**_params(wanted, since), "from": step[0], "to": step[1], **_page(page)}
    return _children(balance_sql.moved(**_shape(wanted)), params)


def twice(county_id: int, today: date) -> list[int]:
    """Children who are in more than one part: there must be none (check_consistency)."""
    params = _day("on", county_id, today) | {"county": county_id, "path": "%"}
    rows = balance_sql.placed("on", past=False, tagged=False)
    again = f"SELECT b.id FROM ({rows}) b GROUP BY 1 HAVING count(*) > 1"  # noqa: S608 constants
    return [pk for (pk,) in _rows(again, params)]


def cohort(county_id: int, on: date) -> Cohort:
    policy = in_force(county_id, on)
    age, years = policy.number(Key.ENTRY_AGE), policy.number(Key.SCHOOLING_YEARS)
    return compulsory_cohort(school_year_of(on), age, years)


def _shape(wanted: Wanted) -> dict[str, bool]:
    return {"past": wanted.is_past, "tagged": bool(wanted.tag)}


def _params(wanted: Wanted, since: date | None = None) -> dict[str, Any]:
    county = wanted.area.county_id
    params = _day("on", county, wanted.on)
    if since:
        params |= _day("since", county, since)
    return {**params, "county": county, "path": f"{wanted.area.path}%", "tag": wanted.tag}


def _day(name: str, county_id: int, on: date) -> dict[str, Any]:
    who = cohort(county_id, on)
    return {name: on, f"{name}_first": who.first, f"{name}_last": who.last}


def _page(page: int) -> dict[str, int]:
    return {"limit": PAGE, "offset": (page - 1) * PAGE}


def _rows(statement: str, params: Mapping[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def _children(statement: str, params: Mapping[str, Any]) -> list[Child]:
    return [
        Child(
            student,
            name,
            masking.id_number(number) if number else "",
            born_on,
            home,
            school,
            class_name(grade, nth) if grade else "",
        )
        for student, name, number, born_on, home, school, grade, nth in _rows(statement, params)
    ]

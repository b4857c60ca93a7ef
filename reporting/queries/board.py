"""The board of an area on a day: figures of the whole, and a row for each unit below.

A fixed number of queries: the day, the five facts, the names of the units (and the area itself,
queries/areas.py).
"""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from agencies.models import Agency, Region
from agencies.rules.region_code import Level
from agencies.rules.scope import Scope
from reporting.queries.facts import CASES, CLASSES, FACTS, Fact
from reporting.queries.lens import Lens, look
from reporting.rules.areas import BELOW, TOWNSHIP_PATH, Area, AreaKind
from reporting.rules.indicators import CATALOGUE, Indicator, Rows
from students.models.school_class import class_name

WHOLE = "whole"  # key of the one cell of an area without units below
REST = None  # key of what belongs to no unit below


@dataclass(frozen=True)
class Figure:
    """None: the figure says nothing on this day, or has no such part."""

    key: str
    indicator: Indicator
    number: int | None
    denominator: int | None
    unknown: int | None


@dataclass(frozen=True)
class Unit:
    """A unit below the area; rest: the row of what belongs to none of them."""

    kind: AreaKind
    key: str
    name: str
    counts: Mapping[str, int]
    rest: bool = False


@dataclass(frozen=True)
class Board:
    """tag: the focus group that is counted, "" for all children."""

    area: Area
    on: date
    as_of: datetime
    is_school_day: bool
    totals: Mapping[str, int]
    figures: tuple[Figure, ...]
    rows: tuple[Unit, ...] = ()
    tag: str = ""

    @property
    def by_key(self) -> dict[str, Figure]:
        return {figure.key: figure for figure in self.figures}


@dataclass
class Cells:
    """Counts by unit. where: the place and school of each class of the day."""

    area: Area
    counts: dict[Hashable, Counter[str]] = field(default_factory=dict)
    where: dict[int, tuple[str, int]] = field(default_factory=dict)

    def add(self, unit: Hashable, row: Mapping[str, int]) -> None:
        """Add the counts n_<indicator> of one grouped row."""
        counts = self.counts.setdefault(unit, Counter())
        for key, number in row.items():
            if number and key.startswith("n_"):
                counts[key[2:]] += number

    def unit(self, place: str, school_id: int | None, class_id: int | None) -> Hashable:
        """The unit below the area to which a row with these belongs."""
        kind = self.area.kind
        if kind == AreaKind.COUNTY:
            return place if len(place) == TOWNSHIP_PATH else REST
        if kind == AreaKind.TOWNSHIP:
            return school_id
        if kind == AreaKind.SCHOOL:
            return class_id if class_id in self.where else REST
        return WHOLE

    def unit_of_class(self, class_id: int) -> Hashable:
        place, school_id = self.where.get(class_id, ("", None))
        return self.unit(place, school_id, class_id)


def board_for(scope: Scope, area: Area, on: date, now: datetime, tag: str = "") -> Board:
    """The board as the person may see it. The area has been found by queries/areas.py.

    tag: only children of a focus group that the person may see, and classes with some of them.
    """
    lens = look(scope, area, on, now, tag)
    cells = Cells(area)
    class_rows = counted(CLASSES, lens)
    for row in class_rows:
        pk, path = row["pk"], row["school__region__path"]
        cells.where[pk] = (path[:TOWNSHIP_PATH], row["school_id"])
        cells.add(cells.unit_of_class(pk), row)
    for fact in FACTS:
        if fact is CLASSES:
            continue
        for row in counted(fact, lens):
            if fact is CASES:
                unit = cells.unit(row["place"], row["school_id"], row["school_class_id"])
            else:
                unit = cells.unit_of_class(row["school_class_id"])
            cells.add(unit, row)
    totals: Counter[str] = Counter()
    for counts in cells.counts.values():
        totals.update(counts)
    return Board(
        area,
        on,
        lens.as_of,
        lens.expects_rolls,
        totals,
        tuple(_figures(lens, totals)),
        tuple(_rows(cells, lens, class_rows)),
        tag,
    )


def counted(fact: Fact, lens: Lens) -> list[dict]:
    """One grouped query: a row per group with a count n_<indicator> for each condition."""
    return list(
        fact.build(lens)
        .order_by()
        .values(*fact.by)
        .annotate(
            **{
                f"n_{key}": Count("pk", filter=condition or None)
                for key, condition in fact.conditions(lens).items()
            }
        )
    )


def shown(area: Area) -> dict[str, Indicator]:
    """Indicators that this area has. A village has no classes of its own."""
    return {
        key: indicator
        for key, indicator in CATALOGUE.items()
        if not (area.kind == AreaKind.VILLAGE and indicator.rows is Rows.CLASSES)
    }


def _figures(lens: Lens, totals: Mapping[str, int]) -> list[Figure]:
    found = []
    for key, indicator in shown(lens.area).items():
        if indicator.is_of_roll and not lens.expects_rolls:
            found.append(Figure(key, indicator, None, None, None))
            continue
        over = totals[indicator.over.count] if indicator.over else None
        unknown = totals[indicator.unknown] if indicator.unknown else None
        found.append(Figure(key, indicator, totals[key], over, unknown))
    return found


def _rows(cells: Cells, lens: Lens, class_rows: list[dict]) -> list[Unit]:
    """A row for each unit of the day, what needs attention first; the rest last."""
    kind = BELOW.get(AreaKind(cells.area.kind))
    if kind is None:
        return []
    names = _names(kind, cells, lens, class_rows)
    rows = [
        Unit(kind, key, name, cells.counts.get(unit, Counter()))
        for unit, (key, name) in names.items()
    ]
    rows.sort(key=lambda row: (-row.counts["rolls_missing"], -row.counts["overdue"]))
    if REST in cells.counts:
        rows.append(
            Unit(kind, cells.area.key, rest_name(cells.area), cells.counts[REST], rest=True)
        )
    return rows


def rest_name(area: Area) -> str:
    return {
        AreaKind.COUNTY: _("Not under a township"),
        AreaKind.TOWNSHIP: _("Not in any school"),
        AreaKind.SCHOOL: _("Not in any class"),
    }[AreaKind(area.kind)]


def _names(
    kind: AreaKind, cells: Cells, lens: Lens, class_rows: list[dict]
) -> dict[Hashable, tuple[str, str]]:
    """Key and name of each unit: all that exist on the day, and any other that has counts."""
    if kind == AreaKind.CLASS:
        rows = sorted(class_rows, key=lambda row: (row["grade"], row["number"]))
        return {
            row["pk"]: (str(row["public_id"]), class_name(row["grade"], row["number"]))
            for row in rows
        }
    counted_units = [unit for unit in cells.counts if unit is not REST]
    if kind == AreaKind.SCHOOL:
        schools = Agency.objects.schools()
        there = schools.on(lens.on).filter(region__path__startswith=lens.area.path)
        either = schools.filter(Q(pk__in=there.values("pk")) | Q(pk__in=counted_units))
        return {
            pk: (code, name)
            for pk, code, name in either.order_by("code").values_list("pk", "code", "name")
        }
    townships = Region.objects.filter(county_id=lens.area.county_id, level=Level.TOWNSHIP)
    either_region = townships.on(lens.on) | townships.filter(path__in=counted_units)
    return {
        path: (code, name)
        for path, code, name in either_region.order_by("code", "starts_on").values_list(
            "path", "code", "name"
        )
    }

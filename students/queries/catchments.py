"""The catchments of a county: each township and village with the schools its children enter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from agencies.errors import NotVisible
from agencies.models import Agency, Region
from agencies.rules.duties import AgencyKind
from agencies.rules.region_code import Level
from agencies.rules.scope import Scope
from students.models import Catchment
from students.rules.admission import ENTRY_GRADES


@dataclass(frozen=True)
class Zone:
    """The school of a place for one grade. own: its row; else school is what the township says."""

    grade: int
    school: Agency | None
    own: Catchment | None
    coming: Catchment | None


@dataclass(frozen=True)
class Place:
    """A township or village and its zones, grade 1 before grade 7."""

    region: Region
    zones: tuple[Zone, ...]

    @property
    def is_township(self) -> bool:
        return self.region.level == Level.TOWNSHIP


def places(county_id: int, on: date, township: str = "") -> list[Place]:
    """Every township with its villages after it, by code; township: only of this path."""
    held: dict[tuple[str, int], Catchment] = {}
    coming: dict[tuple[str, int], Catchment] = {}
    rows = Catchment.objects.filter(county=county_id).select_related("school", "region")
    for row in rows.exclude(ends_on__lt=on).order_by("starts_on"):
        found = held if row.starts_on <= on else coming
        found.setdefault((row.region.path, row.grade), row)
    regions = regions_of(county_id, on).filter(path__startswith=township)
    return [
        Place(region, tuple(_zones(region, held, coming))) for region in regions.order_by("path")
    ]


def _zones(
    region: Region,
    held: dict[tuple[str, int], Catchment],
    coming: dict[tuple[str, int], Catchment],
) -> Iterator[Zone]:
    for grade in ENTRY_GRADES:
        own = held.get((region.path, grade))
        row = own or held.get((region.path[:9], grade))
        yield Zone(grade, row.school if row else None, own, coming.get((region.path, grade)))


def regions_of(county_id: int, on: date) -> QuerySet[Region]:
    """Townships and villages on the day."""
    levels = (Level.TOWNSHIP, Level.VILLAGE)
    return Region.objects.on(on).filter(county=county_id, level__in=levels)


def region_for(scope: Scope, code: str) -> Region:
    """Raises NotVisible when the county has no such place today."""
    found = regions_of(scope.county_id, scope.on).filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


def schools_on(county_id: int, on: date) -> QuerySet[Agency]:
    return Agency.objects.on(on).filter(county=county_id, kind=AgencyKind.SCHOOL).order_by("name")

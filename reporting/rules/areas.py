"""The area of a board, and whether it lies within the sight of the person who asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.rules.scope import Scope


class AreaKind(TextChoices):
    COUNTY = "county", _("county")
    TOWNSHIP = "township", _("township")
    VILLAGE = "village", _("village")
    SCHOOL = "school", _("school")
    CLASS = "class", _("class")


# What the rows of an area's board are. Below a village and a class come the names.
BELOW: dict[AreaKind, AreaKind] = {
    AreaKind.COUNTY: AreaKind.TOWNSHIP,
    AreaKind.TOWNSHIP: AreaKind.SCHOOL,
    AreaKind.SCHOOL: AreaKind.CLASS,
}
# The name under which an address carries the key of an area.
PARAMETER: dict[AreaKind, str] = {
    AreaKind.COUNTY: "region",
    AreaKind.TOWNSHIP: "region",
    AreaKind.VILLAGE: "region",
    AreaKind.SCHOOL: "school",
    AreaKind.CLASS: "class",
}
TOWNSHIP_PATH = 9  # characters of a township's path (agencies/rules/region_code.py)


@dataclass(frozen=True)
class Area:
    """A county, township, village, school or class.

    key: region code, school code or public id of the class: what stands in addresses.
    path: the region's; of a school or class, the path of the school's region.
    rest: only what belongs to the area and to none of the units below it.
    above: the areas around it, the county first.
    """

    kind: AreaKind
    key: str
    name: str
    county_id: int
    path: str
    school_id: int | None = None
    class_id: int | None = None
    rest: bool = False
    above: tuple["Area", ...] = ()


@dataclass(frozen=True)
class Line:
    """One unit in a table of counts. code: "" for what lies in none of them.

    counts: children by part, those with nobody as well.
    """

    code: str
    name: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def in_reach(scope: Scope, area: Area) -> bool:
    """Whether the posts reach every child of the area. A teacher's classes are found by query."""
    if area.county_id != scope.county_id:
        return False
    if scope.everything or area.school_id in scope.school_ids:
        return True
    return any(area.path.startswith(path) for path in scope.paths)

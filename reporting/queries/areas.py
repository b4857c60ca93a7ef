"""The area that a board is about: found by its key, or the own area of the person who asks."""

from datetime import date
from uuid import UUID

from agencies.errors import NotVisible
from agencies.models import Agency, Region
from agencies.models.agency import AgencyQuerySet
from agencies.rules.region_code import Level
from agencies.rules.scope import Scope
from reporting.rules.areas import Area, AreaKind, in_reach
from students.models import SchoolClass
from students.models.school_class import SchoolClassQuerySet

REGION_KINDS = {
    Level.COUNTY: AreaKind.COUNTY,
    Level.TOWNSHIP: AreaKind.TOWNSHIP,
    Level.VILLAGE: AreaKind.VILLAGE,
}


def find(scope: Scope, kind: str, key: str, on: date) -> Area:
    """The area, in one query. Raises NotVisible when there is none or it is out of reach."""
    if kind == AreaKind.CLASS:
        return _class(scope, key)
    area = _school(scope, key) if kind == AreaKind.SCHOOL else region_area(key, on)
    if area is None or area.kind != kind or not in_reach(scope, area):
        raise NotVisible
    return area


def asked(scope: Scope, parameter: str, key: str, on: date) -> Area:
    """The area of an address parameter: region (of any level), school or class."""
    if parameter == "region":
        return find_region(scope, key, on)
    return find(scope, AreaKind.SCHOOL if parameter == "school" else AreaKind.CLASS, key, on)


def find_region(scope: Scope, code: str, on: date) -> Area:
    """A region of any level. Raises NotVisible."""
    area = region_area(code, on)
    if area is None or not in_reach(scope, area):
        raise NotVisible
    return area


def own(scope: Scope, on: date) -> Area:
    """The widest area that the person's posts reach. Raises NotVisible when they reach none."""
    if scope.everything:
        return _region_at(scope.county_id, None, on)
    if scope.paths:
        return _region_at(scope.county_id, min(scope.paths, key=len), on)
    if scope.school_ids:
        school = _schools(scope).filter(pk=scope.school_ids[0]).first()
        if school is not None:
            return _of_school(school)
    mine = _classes(scope).order_by("-school_year", "grade", "number").first()
    if mine is None:
        raise NotVisible
    return _of_class(mine)


def _region_at(county_id: int, path: str | None, on: date) -> Area:
    rows = Region.objects.on(on).select_related("parent", "county", "parent__county")
    region = rows.filter(pk=county_id) if path is None else rows.filter(path=path)
    found = region.first()
    if found is None:
        raise NotVisible
    return _of_region(found)


def region_area(code: str, on: date) -> Area | None:
    """A region of any level by its code; None when there is none on the day."""
    rows = Region.objects.select_related("parent", "county").filter(code=code)
    found = rows.on(on).first()
    return _of_region(found) if found else None


def _of_region(region: Region) -> Area:
    county = region.county or region
    around = [county, region.parent] if region.level == Level.VILLAGE else [county]
    above = tuple(_plain(one, county.pk) for one in around if one and one != region)
    return Area(
        REGION_KINDS[Level(region.level)],
        region.code,
        region.name,
        county.pk,
        region.path,
        above=above,
    )


def _plain(region: Region, county_id: int) -> Area:
    kind = REGION_KINDS[Level(region.level)]
    return Area(kind, region.code, region.name, county_id, region.path)


def _schools(scope: Scope) -> AgencyQuerySet:
    rows = Agency.objects.schools().filter(county_id=scope.county_id)
    return rows.select_related("region__parent", "county")


def _school(scope: Scope, code: str) -> Area | None:
    found = _schools(scope).filter(code=code).first()
    return _of_school(found) if found else None


def _of_school(school: Agency) -> Area:
    region = school.region
    township = region.parent if region.level == Level.VILLAGE else region
    above = [school.county] if township == school.county else [school.county, township]
    return Area(
        AreaKind.SCHOOL,
        school.code,
        school.name,
        school.county_id,
        region.path,
        school_id=school.pk,
        above=tuple(_plain(one, school.county_id) for one in above if one),
    )


def _classes(scope: Scope) -> SchoolClassQuerySet:
    rows = SchoolClass.objects.visible_to(scope)
    return rows.select_related("school__region__parent", "school__county")


def _class(scope: Scope, key: str) -> Area:
    try:
        found = _classes(scope).filter(public_id=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotVisible
    return _of_class(found)


def _of_class(one: SchoolClass) -> Area:
    school = _of_school(one.school)
    return Area(
        AreaKind.CLASS,
        str(one.public_id),
        one.name,
        one.county_id,
        school.path,
        school_id=one.school_id,
        class_id=one.pk,
        above=(*school.above, school),
    )

"""Which agency and which posts answer for a place on a day."""

from datetime import date

from agencies.models import Agency, Post, Region
from agencies.models.agency import AgencyQuerySet
from agencies.rules.duties import AgencyKind, Position


def bureau(county_id: int, on: date) -> Agency:
    """The education bureau of the county."""
    return Agency.objects.on(on).get(county_id=county_id, kind=AgencyKind.BUREAU)


def townships_of(region: Region, on: date) -> AgencyQuerySet:
    """The township government that answers for a village or township."""
    return Agency.objects.on(on).filter(
        county_id=region.county_id, kind=AgencyKind.TOWNSHIP, region__path=region.path[:9]
    )


def holders(agency_ids: list[int], position: Position, on: date) -> list[Post]:
    """Posts of one position in these agencies, longest in office first."""
    return list(
        Post.objects.held_on(on)
        .filter(agency_id__in=agency_ids, position=position)
        .order_by("starts_on", "pk")
    )

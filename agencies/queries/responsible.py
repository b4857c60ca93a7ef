"""Which agency answers for a place on a day."""

from datetime import date

from agencies.models import Agency, Region
from agencies.models.agency import AgencyQuerySet
from agencies.rules.duties import AgencyKind


def bureau(county_id: int, on: date) -> Agency:
    """The education bureau of the county."""
    return Agency.objects.on(on).get(county_id=county_id, kind=AgencyKind.BUREAU)


def townships_of(region: Region, on: date) -> AgencyQuerySet:
    """The township government that answers for a village or township."""
    return Agency.objects.on(on).filter(
        county_id=region.county_id, kind=AgencyKind.TOWNSHIP, region__path=region.path[:9]
    )

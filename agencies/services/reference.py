"""Loads reference data: regions, the official calendar, a county's policy profile.

Safe to repeat: what is there already is left as it is, what the file adds is added.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from agencies.models import PolicyRule, Region
from agencies.queries.calendars import Difference, differences
from agencies.rules import calendar_file
from agencies.rules.profile import Profile
from agencies.rules.region_code import level, path
from agencies.services import agency_duties, calendars

SINCE = date(2000, 1, 1)


@transaction.atomic
def load_regions(rows: Iterable[Mapping[str, str]]) -> int:
    """Rows of code, name, parent; parents before children. Returns how many were new."""
    known = {region.code: region for region in Region.objects.filter(ends_on__isnull=True)}
    created = 0
    for row in sorted(rows, key=lambda row: len(path(row["code"]))):
        if row["code"] in known:
            continue
        parent = known.get(row["parent"])
        region = Region(
            code=row["code"],
            name=row["name"],
            level=level(row["code"]).value,
            path=path(row["code"]),
            parent=parent,
            county=(parent.county or parent) if parent else None,
            starts_on=SINCE,
        )
        region.save()
        if parent is None:
            region.county = region
            region.save(update_fields=["county"])
        known[region.code] = region
        created += 1
    return created


@transaction.atomic
def load_calendar(source: Mapping[str, object]) -> tuple[int, list[Difference]]:
    """Years in the form of rules/calendar_file.py. Returns how many were new, and the days on
    which the file says otherwise than a loaded year: what is loaded stays as it is.
    """
    created, found = 0, []
    for file in calendar_file.years(source):
        found += differences(file)
        created += calendars.store(file)
    return created, found


@transaction.atomic
def load_profile(county: Region, profile: Profile, since: date) -> int:
    """A county's own values and its duties, from a day on. Returns how many rules were new."""
    created = 0
    for row in profile.values:
        _rule, new = PolicyRule.objects.get_or_create(
            county=county,
            key=row["key"],
            starts_on=since,
            defaults={
                "value": row["value"],
                "source": row.get("source", profile.document),
                "clause": row.get("clause", ""),
            },
        )
        created += new
    agency_duties.load(county, profile, since)
    return created

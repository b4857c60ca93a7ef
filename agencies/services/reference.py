"""Loads reference data: regions, the official calendar, a county's policy profile.

Safe to repeat: what is there already is left as it is, what the file adds is added.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from agencies.models import PolicyRule, Region
from agencies.queries.calendars import Difference, differences
from agencies.rules import calendar_file
from agencies.rules.profile import Profile
from agencies.rules.region_code import level, path
from agencies.services import agency_duties, calendars
from agencies.services.agency_duties import Loaded

SINCE = date(2000, 1, 1)
DAY = timedelta(days=1)


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
def load_profile(county: Region, profile: Profile, since: date) -> Loaded:
    """A county's own values and its duties, from a day on. Raises RuleBroken like agency_duties."""
    created = sum(_set(county, profile, row, since) for row in profile.values)
    return replace(agency_duties.load(county, profile, since), rules=created)


def _set(county: Region, profile: Profile, row: Mapping[str, Any], since: date) -> bool:
    """A value from a day on, up to what the county has set for a later day. False: it is so."""
    rows = PolicyRule.objects.filter(county=county, key=row["key"])
    before = rows.on(since).first()
    if before and (before.starts_on == since or before.value == row["value"]):
        return False
    later = rows.filter(starts_on__gt=since).order_by("starts_on").first()
    rows.on(since).update(ends_on=since - DAY)
    PolicyRule.objects.create(
        county=county,
        key=row["key"],
        value=row["value"],
        source=row.get("source", profile.document),
        clause=row.get("clause", ""),
        starts_on=since,
        ends_on=later.starts_on - DAY if later else None,
    )
    return True

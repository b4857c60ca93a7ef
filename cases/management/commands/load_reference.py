"""Loads what is there before anybody works: regions, calendar, policy profiles, counties' lists."""

import csv
import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand

import agencies
import cases
from agencies import clock
from agencies.models import Region
from agencies.rules.clauses import built_in
from agencies.rules.region_code import Level
from agencies.services import calendars, reference
from cases.services import causes, ladder_list

DATA = Path(agencies.__file__).parent / "data"
LISTS = Path(cases.__file__).parent / "data"


class Command(BaseCommand):
    help = "Load regions, calendar, policy profiles and the counties' lists. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: object) -> None:
        result: dict[str, int] = {
            "regions": 0,
            "years": 0,
            "policy_rules": 0,
            "duties": 0,
            "moved": 0,
        }
        for file in sorted(DATA.glob("regions-*.csv")):
            with file.open(encoding="utf-8", newline="") as rows:
                result["regions"] += reference.load_regions(csv.DictReader(rows))
        years = json.loads((DATA / "calendar" / "years.json").read_text(encoding="utf-8"))
        result["years"], against = reference.load_calendar(years)
        result["contradictions"] = len(against)
        for profile in built_in():
            county = Region.objects.get(code=profile.county, ends_on__isnull=True)
            since = profile.in_force_from
            done = reference.load_profile(county, profile, since)
            result["policy_rules"] += done.rules
            result["duties"] += done.added
        result["causes"] = _causes()
        result["rungs"] = _ladder()
        result["moved"] = calendars.recompute_all(clock.now())
        for one in against:
            self.stderr.write(f"{calendars.contradiction(one)} It stays as loaded.")
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(
                "{regions} regions, {years} years, {policy_rules} policy rules, {causes} causes,"
                " {rungs} rungs of the legal ladder added; {moved} deadlines moved.".format(
                    **result
                )
            )


def _causes() -> int:
    """The same list for every county; from then on each keeps its own."""
    rows = json.loads((LISTS / "causes.json").read_text(encoding="utf-8"))["causes"]
    counties = Region.objects.filter(level=Level.COUNTY, ends_on__isnull=True)
    return sum(causes.load(county, rows, reference.SINCE) for county in counties)


def _ladder() -> int:
    """The legal ladder as it stands in the laws, for every county."""
    file = json.loads((LISTS / "ladder.json").read_text(encoding="utf-8"))
    since = date.fromisoformat(file["in_force_from"])
    counties = Region.objects.filter(level=Level.COUNTY, ends_on__isnull=True)
    return sum(ladder_list.load(county, file["rungs"], since) for county in counties)

"""Loads regions, calendar years and policy profiles from agencies/data/."""

import csv
import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from agencies import clock
from agencies.models import Region
from agencies.services import calendars, reference

DATA = Path(__file__).resolve().parent.parent.parent / "data"


class Command(BaseCommand):
    help = "Load regions, the official calendar and policy profiles. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: object) -> None:
        result: dict[str, int] = {"regions": 0, "years": 0, "policy_rules": 0, "moved": 0}
        for file in sorted(DATA.glob("regions-*.csv")):
            with file.open(encoding="utf-8", newline="") as rows:
                result["regions"] += reference.load_regions(csv.DictReader(rows))
        years = json.loads((DATA / "calendar" / "years.json").read_text(encoding="utf-8"))
        result["years"], against = reference.load_calendar(years)
        result["contradictions"] = len(against)
        for file in sorted((DATA / "profiles").glob("*.json")):
            profile = json.loads(file.read_text(encoding="utf-8"))
            county = Region.objects.get(code=profile["county"], ends_on__isnull=True)
            result["policy_rules"] += reference.load_profile(county, profile)
        result["moved"] = calendars.recompute_all(clock.now())
        for one in against:
            self.stderr.write(f"{calendars.contradiction(one)} It stays as loaded.")
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(
                "{regions} regions, {years} years, {policy_rules} policy rules added;"
                " {moved} deadlines moved.".format(**result)
            )

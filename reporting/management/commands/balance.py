"""Where every child of school age is accounted for. Exit status 1 when the parts do not add up."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from reporting.api.balance import shown
from reporting.management.asked import day_of, only_county
from reporting.queries.areas import region_area
from reporting.queries.balance import Wanted, balance, twice
from students.rules.focus import FocusGroup


class Command(BaseCommand):
    help = "Count the children of school age of a region by the place where each is accounted for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--region", help="12 digits; of one county alone the county")
        parser.add_argument("--on", help="YYYY-MM-DD, today by default")
        parser.add_argument("--tag", choices=FocusGroup.values, default="", help="a focus group")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: str) -> None:
        today = clock.today()
        on = day_of(options["on"], today)
        code = options["region"] or only_county(on)
        area = region_area(code, on)
        if area is None:
            raise CommandError(f"There is no region {code} on {on.isoformat()}.")
        found = balance(Wanted(area, on, today, options["tag"]))
        if options["json"]:
            self.stdout.write(json.dumps(shown(found), ensure_ascii=False))
        else:
            for part, number in found.counts.items():
                self.stdout.write(f"{number:>8}  {part}")
            self.stdout.write(f"{found.total:>8}  total of {area.name} on {on.isoformat()}")
        if again := twice(area.county_id, today):
            raise CommandError(f"{len(again)} children are in two parts of the balance.")

"""Where every child of school age is accounted for. Exit status 1 when the parts do not add up."""

import json
from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from agencies.models import Agency
from agencies.rules.duties import AgencyKind
from reporting.api.balance import shown
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
        on = _day(options["on"], today)
        code = options["region"] or _only_county(on)
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


def _only_county(on: date) -> str:
    """The county with an education bureau. Raises CommandError where there is none, or several."""
    bureaus = Agency.objects.on(on).filter(kind=AgencyKind.BUREAU)
    codes = set(bureaus.values_list("county__code", flat=True))
    if len(codes) != 1:
        raise CommandError(f"There are {len(codes)} counties here: say --region.")
    return str(codes.pop())


def _day(text: str | None, today: date) -> date:
    """Raises CommandError for what is no day, or lies in the future."""
    if not text:
        return today
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no day: write YYYY-MM-DD.") from error
    if on > today:
        raise CommandError(f"{text} lies in the future.")
    return on

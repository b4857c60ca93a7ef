"""The rates of a county with definition, parts, day and source, for machines and for reading."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from reporting.api.rates import shown
from reporting.management.asked import day_of, only_county
from reporting.queries.areas import region_area
from reporting.queries.rate_counts import span
from reporting.queries.rate_table import RateTable, table_of
from reporting.queries.rates import units
from reporting.rules.areas import AreaKind
from reporting.rules.rates import Measure
from students.rules.focus import FocusGroup
from students.rules.identity import school_year_of


class Command(BaseCommand):
    help = "Rates of a county, its townships and schools in a school year, as of a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--region", help="12 digits of a county; needed where there are several"
        )
        parser.add_argument("--measure", choices=Measure.values, default=Measure.LEDGER.value)
        parser.add_argument("--year", type=int, help="in which the school year began")
        parser.add_argument("--on", help="YYYY-MM-DD, today by default")
        parser.add_argument("--tag", choices=FocusGroup.values, default="", help="a focus group")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: str) -> None:
        on = day_of(options["on"], clock.today())
        code = options["region"] or only_county(on)
        county = region_area(code, on)
        if county is None or county.kind != AreaKind.COUNTY:
            raise CommandError(f"There is no county {code} on {on.isoformat()}.")
        school_year = int(options["year"] or school_year_of(on))
        if school_year > school_year_of(on):
            raise CommandError(f"The school year {school_year} lies ahead.")
        year = span(county.county_id, school_year, on, options["tag"])
        found = table_of(Measure(options["measure"]), year, units(county.county_id, year.on))
        if options["json"]:
            self.stdout.write(json.dumps(shown(found), ensure_ascii=False))
        else:
            self._write(found)

    def _write(self, found: RateTable) -> None:
        of = f" {FocusGroup(found.year.tag).label}" if found.year.tag else ""
        self.stdout.write(f"{found.measure.label} {found.year.school_year} {found.year.on}{of}")
        for row in found.rows:
            rate = row.figure.rate if row.figure else None
            parts = f"{rate.numerator}/{rate.denominator}" if rate else "no data"
            percent = rate.shown if rate else ""
            sign = "  above the line" if row.above else ""
            self.stdout.write(f"{percent:>9}  {parts:>12}  {row.stage:8} {row.area.name}{sign}")

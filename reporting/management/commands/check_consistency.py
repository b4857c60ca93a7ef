"""Runs every check of the stored facts. Exit status 1 when something is found."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from reporting.queries.consistency import CHECKS, faults

SHOWN = 20


class Command(BaseCommand):
    help = "Check that the stored facts agree with each other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: object) -> None:
        found = faults(clock.today())
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "checks": len(CHECKS),
                        "faults": [
                            {
                                "name": fault.check.name,
                                "meaning": fault.check.meaning,
                                "table": fault.check.table,
                                "count": len(fault.rows),
                                "rows": fault.rows[:SHOWN],
                            }
                            for fault in found
                        ],
                    }
                )
            )
        else:
            for fault in found:
                rows = ", ".join(str(row) for row in fault.rows[:SHOWN])
                self.stdout.write(
                    f"{fault.check.name}: {fault.check.meaning}:"
                    f" {len(fault.rows)} ({fault.check.table} {rows})"
                )
        if found:
            raise CommandError(f"{len(found)} of {len(CHECKS)} checks are broken.")
        if not options["json"]:
            self.stdout.write(f"{len(CHECKS)} checks, nothing found.")

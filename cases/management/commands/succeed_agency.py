"""Lets a body of a county take over from others, from a day on."""

import json
from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from agencies.errors import DomainError
from agencies.models import Agency
from cases.services import successors


class Command(BaseCommand):
    help = "A body takes over: posts, open deadlines and open requests follow, the history stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", nargs="+", help="whole names of the bodies that end")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument("--county", required=True, help="code of the county")
        parser.add_argument("--name", required=True, help="name of the body that takes over")
        parser.add_argument(
            "--from", dest="since", required=True, type=date.fromisoformat, help="its first day"
        )

    def handle(self, *args: object, **options: object) -> None:
        names = list(options["old"])  # type: ignore[call-overload]  # argparse gives a list
        county, name = str(options["county"]), str(options["name"])
        rows = Agency.objects.filter(county__code=county, name__in=names, ends_on=None)
        old = list(rows.order_by("pk"))
        if missing := set(names) - {one.name for one in old}:
            raise CommandError(f"No such body in county {county}: {', '.join(sorted(missing))}")
        since = date.fromisoformat(str(options["since"]))
        try:
            new = successors.succeed(old, name, since, clock.today())
        except DomainError as refused:
            words = "; ".join(str(reason.text) for reason in refused.reasons)
            raise CommandError(words) from refused
        if options["json"]:
            self.stdout.write(json.dumps({"agency": str(new.public_id), "ended": len(old)}))
            return
        self.stdout.write(f"{new.name} has taken over from {', '.join(one.name for one in old)}.")

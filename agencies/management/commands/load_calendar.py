"""Loads the official notice of a year from a JSON or CSV file."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from agencies.errors import DomainError
from agencies.queries.calendars import differences
from agencies.rules import calendar_file
from agencies.services import calendars


class Command(BaseCommand):
    help = "Load a year's official notice. One that contradicts a loaded year needs --replace."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="title of the notice, for a CSV file")
        parser.add_argument("--replace", action="store_true", help="the file is right")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: object) -> None:
        file, source = Path(str(options["file"])), str(options["source"])
        try:
            files = calendar_file.read(file.name, file.read_bytes(), source)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from error
        except DomainError as refused:
            raise CommandError(
                "\n".join(str(reason.text) for reason in refused.reasons)
            ) from refused
        found = [one for year in files for one in differences(year)]
        result: dict[str, object] = {
            "years": [year.year for year in files],
            "differences": [
                {"day": one.day.isoformat(), "loaded": one.before, "file": one.after}
                for one in found
            ],
            "doubts": [str(doubt) for year in files for doubt in year.doubts],
            "loaded": False,
        }
        if not found or options["replace"]:
            done = calendars.load(None, files, clock.now(), replace=bool(options["replace"]))
            result |= {"loaded": True, **vars(done)}
        self._tell(result, [calendars.contradiction(one) for one in found], bool(options["json"]))
        if not result["loaded"]:
            raise CommandError("The file contradicts a loaded year; nothing was loaded.")

    def _tell(self, result: dict[str, object], contradictions: list[str], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        for line in [*contradictions, *result["doubts"]]:  # type: ignore[misc]
            self.stdout.write(line)
        if result["loaded"]:
            words = "{created} years new, {replaced} replaced; {moved} open deadlines moved."
            self.stdout.write(words.format(**result))

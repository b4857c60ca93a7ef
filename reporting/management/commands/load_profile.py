"""Loads a county's profile, its own values and the duties of its document, from one file."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agencies import clock
from agencies.errors import DomainError
from agencies.models import Region
from agencies.rules.profile import Known, Profile, ProfileRefused, read
from agencies.rules.region_code import Level
from agencies.services import recompute, reference
from reporting.queries.evidence import CATALOGUE
from reporting.rules.agency_duties import FEATURES


class Command(BaseCommand):
    help = "Load a county's profile (docs/profiles.md). Safe to repeat; all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", help="code of the county; by default the one of the file")
        parser.add_argument(
            "--from",
            dest="since",
            help="first day, as 2026-09-01; by default in_force_from of the file",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument("--check", action="store_true", help="only say what is wrong")

    def handle(self, *args: object, **options: object) -> None:
        file = Path(str(options["file"]))
        known = Known(CATALOGUE.keys(), FEATURES.keys())
        try:
            profile = read(file.read_text("utf-8"), file.name, known)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        except ProfileRefused as refused:
            raise CommandError(str(refused)) from refused
        if options["check"]:
            self._say(
                options, {"clauses": len(profile.clauses)}, "{clauses} clauses, nothing is wrong."
            )
            return
        code = str(options["county"] or profile.county)
        county = Region.objects.filter(code=code, level=Level.COUNTY, ends_on=None).first()
        if county is None:
            raise CommandError(f"There is no county {code}: load its regions first.")
        try:
            given = options["since"]
            since = date.fromisoformat(str(given)) if given else profile.in_force_from
        except ValueError as error:
            raise CommandError("The first day looks like 2026-09-01.") from error
        words = (
            "{rules} values and {added} duties added, {changed} changed, {ended} ended;"
            " {moved} deadlines moved."
        )
        self._say(options, self._load(county, profile, since), words)

    def _say(self, options: dict[str, object], done: dict[str, int], words: str) -> None:
        self.stdout.write(json.dumps(done) if options["json"] else words.format(**done))

    def _load(self, county: Region, profile: Profile, since: date) -> dict[str, int]:
        try:
            with transaction.atomic():
                done = reference.load_profile(county, profile, since)
                moved = recompute.recompute_open(county.pk, clock.now())
        except DomainError as refused_later:
            words = "; ".join(str(reason.text) for reason in refused_later.reasons)
            raise CommandError(words) from refused_later
        return {**vars(done), "moved": moved}

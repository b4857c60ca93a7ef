"""Every sweep once: what beat would do, without Redis. Safe at any time, in any number."""

import json
from argparse import ArgumentParser

from celery import current_app
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run every periodic task once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: object) -> None:
        current_app.loader.import_default_modules()
        done = {name: current_app.tasks[name]() for name in sorted(current_app.conf.beat_schedule)}
        if options["json"]:
            self.stdout.write(json.dumps(done))
            return
        for name, changed in done.items():
            self.stdout.write(f"{name}: {changed}")

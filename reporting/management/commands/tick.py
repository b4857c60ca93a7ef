"""Every sweep once: what beat would do, without Redis. Safe at any time, in any number."""

import json
from argparse import ArgumentParser

from celery import current_app
from django.core.management.base import BaseCommand, CommandError

from agencies.queries.clock import doubt_now
from agencies.services import sweep


class Command(BaseCommand):
    help = "Run every periodic task once. A task that fails does not keep the others from running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument(
            "--trust-clock",
            action="store_true",
            help="the clock is right although the sweep doubts it: go on from the present moment",
        )

    def handle(self, *args: object, **options: object) -> None:
        current_app.loader.import_default_modules()
        if options["trust_clock"]:
            sweep.trust_clock()
        done, failed = self._run_all()
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            for name, changed in done.items():
                self.stdout.write(f"{name}: {changed}")
        if doubt := doubt_now():
            self.stderr.write(f"Deadlines were not swept: the clock is doubted ({doubt}).")
        if failed or doubt:
            raise CommandError(f"Not done: {', '.join(failed) or 'students.sweep_deadlines'}.")

    def _run_all(self) -> tuple[dict[str, int], list[str]]:
        """What each task changed, and the names of those that failed; the reason is in TaskRun."""
        done, failed = {}, []
        for name in current_app.conf.beat_schedule:  # in its order: facts first, then what is said
            try:
                done[name] = current_app.tasks[name]()
            except Exception as error:
                failed.append(name)
                self.stderr.write(f"{name}: {type(error).__name__}")
        return done, failed

"""Reads a roster file from the command line: dry run, or applied at once."""

from argparse import ArgumentParser
from typing import Any

from django.db.models import Q

from agencies import clock
from agencies.rules.duties import Position
from agencies.rules.scope import Scope
from students.imports import run, upload
from students.management.importing import ImportCommand, chunks
from students.models import ImportJob
from students.queries.imports import shown
from students.services import imports

State = ImportJob.State


class Command(ImportCommand):
    help = "Check a roster file; with --apply, apply it. Exit status 0 only when all of it is done."
    nobody = "There is no such user, or the school has no leader. Give --user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--school", required=True, help="code of the school (学校标识码)")

    def whose(self, options: dict[str, Any]) -> Q:
        return Q(agency__code=options["school"], position=Position.SCHOOL_LEADER)

    def bring_in(self, scope: Scope, options: dict[str, Any]) -> dict[str, Any]:
        path, now = options["file"], clock.now()
        job = upload.receive(scope, options["school"], path.name, chunks(path), now)
        if job.state == State.WAITING:  # too large for a request, not for a command
            run.run(job.pk, now)
            job.refresh_from_db()
        if options["apply"] and job.state == State.CHECKED:
            job = imports.confirm(scope, job.public_id, now)
            if job.state == State.APPLYING:
                run.run(job.pk, now, progress=lambda _done: None)
                job.refresh_from_db()
        return shown(job)

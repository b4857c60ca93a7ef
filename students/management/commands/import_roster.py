"""Reads a roster file from the command line: dry run, or applied at once."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from agencies.access import scope_of
from agencies.errors import DomainError
from agencies.models import Post, User
from agencies.rules.duties import Position
from agencies.rules.scope import Scope
from students.imports import run, upload
from students.models import ImportJob
from students.queries.imports import shown
from students.services import imports

CHUNK = 1 << 20
State = ImportJob.State


class Command(BaseCommand):
    help = "Check a roster file; with --apply, apply it. Exit status 0 only when all of it is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", required=True, help="code of the school (学校标识码)")
        parser.add_argument("--apply", action="store_true", help="apply what the dry run found")
        parser.add_argument("--user", help="in whose name; else the first leader of the school")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: Any) -> None:
        scope = self._scope(options["user"], options["school"])
        try:
            job = self._import(scope, options)
        except DomainError as error:
            raise CommandError("; ".join(str(reason.text) for reason in error.reasons)) from error
        answer = shown(job)
        self._tell(answer, as_json=options["json"])
        if not _is_done(answer, applied=options["apply"]):
            raise SystemExit(1)

    def _scope(self, username: str | None, school: str) -> Scope:
        if username:
            user = User.objects.filter(username=username, is_active=True).first()
        else:
            leader = (
                Post.objects.held_on(clock.today())
                .filter(agency__code=school, position=Position.SCHOOL_LEADER)
                .order_by("starts_on", "pk")
                .select_related("user")
                .first()
            )
            user = leader.user if leader else None
        if user is None:
            raise CommandError("There is no such user, or the school has no leader. Give --user.")
        return scope_of(user)

    def _import(self, scope: Scope, options: dict[str, Any]) -> ImportJob:
        path, now = options["file"], clock.now()
        try:
            job = upload.receive(scope, options["school"], path.name, _chunks(path), now)
        except FileNotFoundError as error:
            raise CommandError(f"No such file: {path}") from error
        if job.state == State.WAITING:  # too large for a request, not for a command
            run.run(job.pk, now)
            job.refresh_from_db()
        if options["apply"] and job.state == State.CHECKED:
            job = imports.confirm(scope, job.public_id, now)
            if job.state == State.APPLYING:
                run.run(job.pk, now, progress=lambda _done: None)
                job.refresh_from_db()
        return job

    def _tell(self, answer: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        if answer["problem"]:
            self.stdout.write(answer["problem"])
        counts = ", ".join(f"{name} {number}" for name, number in answer["counts"].items())
        self.stdout.write(f"{answer['state']}: {counts}")
        for problem in answer["errors"] + answer["duplicate_rows"]:
            self.stdout.write("{row}  {column}  {value_shown}  {reason}".format(**problem))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _is_done(answer: dict[str, Any], *, applied: bool) -> bool:
    """A dry run is done when the file could be read; applied, when no row was left out."""
    if not applied:
        return answer["state"] == State.CHECKED
    nothing_left_out = not answer["errors_total"] and not answer["duplicates"]
    return answer["state"] == State.APPLIED and nothing_left_out

"""Reads a list of another agency from the command line: dry run, or applied at once."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.db.models import Q

from agencies import clock
from agencies.rules.duties import Position
from agencies.rules.scope import Scope
from students.imports import run, upload
from students.management.importing import ImportCommand, chunks
from students.models import PersonList
from students.queries.person_lists import list_for, shown
from students.rules.person_list import PROVIDERS, ListKind
from students.services import person_lists
from students.services.person_lists import Said

State = PersonList.State


class Command(ImportCommand):
    help = "Check a list of another agency; with --apply, apply it. Exit status 0 only when done."
    nobody = "There is no such user, or the bureau has no staff. Give --user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--kind", required=True, choices=ListKind.values)
        parser.add_argument("--as-of", required=True, type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument(
            "--provider", help="code, name or id of the agency; else the one of its kind"
        )
        parser.add_argument("--purpose", required=True, help="for what the list was given")

    def whose(self, options: dict[str, Any]) -> Q:
        return Q(position__in=(Position.BUREAU_STAFF, Position.BUREAU_LEADER))

    def bring_in(self, scope: Scope, options: dict[str, Any]) -> dict[str, Any]:
        path, now, kind = options["file"], clock.now(), ListKind(options["kind"])
        provider = options["provider"] or PROVIDERS[kind].value
        said = Said(kind.value, provider, options["as_of"], options["purpose"])
        batch = upload.receive_list(scope, said, path.name, chunks(path), now)
        if batch.state == State.WAITING:  # too large for a request, not for a command
            run.run(batch.pk, now, work=run.LISTS)
        batch = list_for(scope, batch.public_id)
        if options["apply"] and batch.state == State.CHECKED:
            batch = person_lists.confirm(scope, batch.public_id, now)
            if batch.state == State.APPLYING:
                run.run(batch.pk, now, progress=lambda _done: None, work=run.LISTS)
        return shown(list_for(scope, batch.public_id))

"""What the commands that read a file share: in whose name, dry run or applied, what is told."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from agencies import clock
from agencies.access import scope_of
from agencies.errors import DomainError
from agencies.models import Post, User
from agencies.rules.scope import Scope

CHUNK = 1 << 20


class ImportCommand(BaseCommand):
    """Exit status 0 only when all of it is done."""

    nobody = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="apply what the dry run found")
        parser.add_argument("--user", help="in whose name; else the first who may")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: Any) -> None:
        scope = self._scope(options)
        try:
            answer = self.bring_in(scope, options)
        except DomainError as error:
            raise CommandError("; ".join(str(reason.text) for reason in error.reasons)) from error
        except FileNotFoundError as error:
            raise CommandError(f"No such file: {options['file']}") from error
        self._tell(answer, as_json=options["json"])
        if not _is_done(answer, applied=options["apply"]):
            raise SystemExit(1)

    def whose(self, options: dict[str, Any]) -> Q:
        """Posts of which the first does it when no user is named."""
        raise NotImplementedError

    def bring_in(self, scope: Scope, options: dict[str, Any]) -> dict[str, Any]:
        """Read, check and apply the file; what is to be told of it."""
        raise NotImplementedError

    def _scope(self, options: dict[str, Any]) -> Scope:
        if username := options["user"]:
            user = User.objects.filter(username=username, is_active=True).first()
        else:
            posts = Post.objects.held_on(clock.today()).filter(self.whose(options))
            post = posts.order_by("starts_on", "pk").select_related("user").first()
            user = post.user if post else None
        if user is None:
            raise CommandError(self.nobody)
        return scope_of(user)

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


def chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _is_done(answer: dict[str, Any], *, applied: bool) -> bool:
    """A dry run is done when the file could be read; applied, when no row was left out."""
    if not applied:
        return answer["state"] == "checked"
    nothing_left_out = not answer["errors_total"] and not answer["duplicates"]
    return answer["state"] == "applied" and nothing_left_out

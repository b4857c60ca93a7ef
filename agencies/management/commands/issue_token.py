"""A token for an account, for scripts on the server."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from agencies.models import User
from agencies.services import tokens


class Command(BaseCommand):
    help = "Issue an API token for USER."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: object, **options: object) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError("There is no such active account.")
        token, expires_at = tokens.issue(user, "command line")
        if options["json"]:
            self.stdout.write(json.dumps({"token": token, "expires_at": expires_at.isoformat()}))
        else:
            self.stdout.write(token)

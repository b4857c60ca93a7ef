#!/usr/bin/env python
"""Django's command line, with words for the two things that go wrong first."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (the very reason for this line)
    sys.exit("Not One Less needs Python 3.11 or newer.")

from django.core.management import execute_from_command_line
from django.db.utils import OperationalError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as problem:
        if "connection" not in str(problem):
            raise
        sys.exit(
            "The database cannot be reached: start it with `make services` in another terminal "
            "(or run `make demo`), or name yours in DATABASE_URL."
        )


if __name__ == "__main__":
    main()

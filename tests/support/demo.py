"""The demonstration county, as `make demo` seeds it, at a tenth of its size."""

import io
import json

from django.core.management import call_command

AUTUMN = "2026-11-20T08:05:00+08:00"  # a Friday with school


def seed(*arguments: str) -> dict:
    said = io.StringIO()
    call_command("seed_demo", "--scale", "0.1", "--json", *arguments, stdout=said)
    return json.loads(said.getvalue())

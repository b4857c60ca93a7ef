"""What tests begin with is made once a session; afterwards its rows are copied back."""

from collections import defaultdict
from dataclasses import dataclass, field
from io import StringIO

from django.apps import apps
from django.db import connection, transaction

Rows = dict[str, list[str]]


def rows() -> Rows:
    """The rows of every table of ours, as PostgreSQL's COPY writes them: one line each."""
    tables = {
        model._meta.db_table
        for app in ("agencies", "students", "cases", "reporting")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model._meta.managed
    }
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            copied = StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', copied)
            if copied.tell():
                found[table] = copied.getvalue().splitlines(keepends=True)
    return found


def put_back(lines: Rows) -> None:
    """Foreign keys are looked at when all of it is there."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, written in lines.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', StringIO("".join(written)))


@dataclass
class Kept:
    """The reference data and what was built on it. The numbers that its rows have were drawn from
    the sequences, which no rollback sets back: nothing else ever gets them."""

    reference: Rows = field(default_factory=dict)
    built: Rows = field(default_factory=dict)

    def take_reference(self) -> None:
        self.reference = rows()

    def take_built(self) -> None:
        before = defaultdict(set, {table: set(lines) for table, lines in self.reference.items()})
        self.built = {
            table: new
            for table, lines in rows().items()
            if (new := [line for line in lines if line not in before[table]])
        }


KEPT = Kept()

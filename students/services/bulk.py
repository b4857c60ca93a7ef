"""Many rows at once by COPY: several times faster than bulk_create where no ids are needed back."""

import io
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model

# The text format of COPY: what would end a value or a row, and the backslash itself.
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


def copy(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert rows of these fields, in this order. Constraints and keys are checked as always."""
    quote = connection.ops.quote_name
    column_of = {field.name: str(field.column) for field in model._meta.concrete_fields}
    columns = ", ".join(quote(column_of[name]) for name in fields)
    buffer = io.StringIO()
    for row in rows:
        buffer.write("\t".join(map(_text, row)) + "\n")
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN", buffer)


def _text(value: object) -> str:
    return "\\N" if value is None else str(value).translate(ESCAPES)

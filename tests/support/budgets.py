"""Numbers of queries per page, kept in tests/query_budgets.json.

Transaction control (BEGIN, SAVEPOINT, RELEASE) is not counted. UPDATE_BUDGETS=1 rewrites the file.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

FILE = Path(__file__).parents[1] / "query_budgets.json"
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that the block ran."""
    found: list[str] = []
    with CaptureQueriesContext(
        connection,
    ) as captured:
        yield found
    found += [q["sql"] for q in captured if not q["sql"].startswith(CONTROL)]


@contextmanager
def query_budget(name: str) -> Iterator[None]:
    """The block runs exactly as many queries as the file says."""
    with counted() as statements:
        yield
    budgets = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    if os.environ.get("UPDATE_BUDGETS"):
        budgets[name] = len(statements)
        FILE.write_text(json.dumps(dict(sorted(budgets.items())), indent=1) + "\n")
        return
    listing = "\n".join(statement[:160] for statement in statements)
    assert len(statements) == budgets.get(name), f"{name}: {len(statements)}\n{listing}"

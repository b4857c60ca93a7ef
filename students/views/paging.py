"""Pages of 50 rows: ?from= is how many were shown before."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

PAGE = 50
FARTHEST = 1_000_000  # no list is longer
M = TypeVar("M", bound=Model)


def start_of(request: HttpRequest) -> int:
    """How many rows were shown before; what is no number begins anew."""
    text = request.GET.get("from", "")[:7]
    return min(int(text), FARTHEST) if text.isdecimal() else 0


def slice_of(request: HttpRequest, rows: "QuerySet[M]") -> tuple[list[M], str]:
    """One page, and the address of the next one or nothing; filters stay in the address."""
    start = start_of(request)
    found = list(rows[start : start + PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    return found[:PAGE], next_of(request, start)


def next_of(request: HttpRequest, start: int) -> str:
    """The address of the page after the one that starts there."""
    changed = request.GET.copy()
    changed["from"] = str(start + PAGE)
    return f"?{changed.urlencode()}"

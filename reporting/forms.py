"""What an address asks of the board: a day, an area, a figure."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from reporting.rules.areas import PARAMETER, AreaKind

EARLIEST = date(2000, 1, 1)


def day(params: Mapping[str, str], today: date) -> date:
    """The day asked for, today by default.

    Raises ValueError when it is no date, lies in the future or before any roster.
    """
    text = params.get("on")
    if not text:
        return today
    found = date.fromisoformat(text)
    if text != found.isoformat():
        raise ValueError("A day is written YYYY-MM-DD.")
    if not EARLIEST <= found <= today:
        raise ValueError("The day is out of range.")
    return found


def area(params: Mapping[str, str]) -> tuple[str, str] | None:
    """Parameter and key of the area asked for, the narrowest first; None: the own area."""
    for name in ("class", "school", "region"):
        if key := params.get(name):
            return name, key
    return None


def page(params: Mapping[str, str]) -> int:
    text = params.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def query(kind: AreaKind, key: str, on: date, *, figure: str = "", rest: bool = False) -> str:
    """The same as the end of an address."""
    parts = {PARAMETER[AreaKind(kind)]: key, "on": on.isoformat()}
    if figure:
        parts["figure"] = figure
    if rest:
        parts["rest"] = "1"
    return urlencode(parts)

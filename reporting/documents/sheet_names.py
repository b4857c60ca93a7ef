"""Names of sheets that every spreadsheet program takes."""

import re

from agencies.documents import letters

UNNAMED = "表"
LONGEST = 31  # UTF-16 units, as Excel counts
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
KEPT_BY_EXCEL = "history"


def sheet_names(titles: list[str]) -> list[str]:
    """One name for each title: without forbidden signs, short enough, each only once."""
    taken = {KEPT_BY_EXCEL}
    return [_name(title, taken) for title in titles]


def _name(title: str, taken: set[str]) -> str:
    plain = " ".join(FORBIDDEN.sub(" ", letters.clean(title)).split()).strip("' ") or UNNAMED
    name, number = _cut(plain, ""), 1
    while name.casefold() in taken:
        number += 1
        name = _cut(plain, f" ({number})")
    taken.add(name.casefold())
    return name


def _cut(text: str, end: str) -> str:
    """The text, cut so that it fits with its end; never in the middle of a character."""
    units = text.encode("utf-16-le")[: 2 * (LONGEST - len(end))]
    return units.decode("utf-16-le", "ignore").strip("' ") + end

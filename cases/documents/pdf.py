"""A paper as PDF/A-2b. The facts reach the layout as JSON, so no text can become markup."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import typst

from agencies.documents import fonts
from cases.documents.sheet import Facts, sheet
from cases.rules.papers import CATALOGUE, PaperKind

LAYOUTS = Path(__file__).with_name("layouts")
DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII)
MOST_TAGGED = 300  # rows; marks for screen readers make a long file ten times larger


def pdf(kind: PaperKind, facts: Facts) -> bytes:
    """The document. The same facts and fonts give the same bytes.

    Raises typst.TypstError when the layout is broken, or a glyph is missing in spite of `fonts`.
    """
    folder = fonts.root()
    there = fonts.available(folder)
    layout = LAYOUTS / f"{CATALOGUE[kind].layout}.typ"
    compiler = typst.Compiler(str(layout), root=str(LAYOUTS), font_paths=there)
    content = compiler.compile(
        format="pdf",
        pdf_standards=fonts.STANDARD,
        sys_inputs={
            "sheet": json.dumps(fonts.all_printable(sheet(kind, facts), folder)),
            "fonts": json.dumps(fonts.families(there)),
        },
        timestamp=_dated(str(facts["issued_on"])),
        pdf_tags=sum(len(rows) for rows in facts.values() if isinstance(rows, list)) <= MOST_TAGGED,
    )
    if not isinstance(content, bytes):
        raise TypeError("A PDF is one file")
    return content


def _dated(text: str) -> datetime:
    """The day that the paper itself states, for the properties of the file."""
    found = DAY.search(text)
    if found is None:
        raise ValueError(f"no day: {text}")
    year, month, day = map(int, found.groups())
    return datetime(year, month, day, tzinfo=UTC)

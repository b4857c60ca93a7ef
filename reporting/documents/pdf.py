"""A paper as PDF/A-2b. The facts reach the template as JSON, so no text can become markup."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typst

from agencies.documents import fonts, letters
from reporting.documents import columns
from reporting.documents.dates import dated
from reporting.documents.paper import Facts, Paper, to_json

TEMPLATE = Path(__file__).with_name("paper.typ")
UPRIGHT, FLAT = 98.0, 152.0  # half-widths across A4 within the margins, in the type of tables
MOST_UPRIGHT, MOST_CROWDED = 8, 110.0  # columns and half-widths; a wider table turns the paper
LEAST, MOST_RUN, MOST_WISH, AROUND = 4.0, 24.0, 44.0, 2.6  # half-widths of a column
SHORT = 12.0  # half-widths; a column of short values is centred
MOST_TAGGED = 500  # rows; marks for screen readers make a file of 3,000 rows ten times larger
MOST_IN_ONE_PIECE = 600  # characters of a cell; a row with longer ones may break across pages


@dataclass(frozen=True)
class Look:
    """How facts are rendered. flat: the paper lies on its side. dated: day of the document."""

    flat: bool
    dated: datetime
    fonts: typst.Fonts


def pdf(paper: Paper) -> bytes:
    """The document. The same facts and fonts give the same bytes.

    Raises typst.TypstError when the template is broken, or a glyph is missing in spite of `fonts`.
    """
    folder = fonts.root()
    facts = fonts.all_printable(to_json(paper), folder)
    flat = any(_wants_flat(table) for table in facts["tables"])
    facts["tables"] = [_laid_out(table, FLAT if flat else UPRIGHT) for table in facts["tables"]]
    look = Look(flat, dated(paper), fonts.available(folder))
    return render(facts, look)


def render(facts: Facts, look: Look) -> bytes:
    """Facts with widths of columns, as PDF. Raises typst.TypstError when a glyph is missing."""
    inputs = {"flat": look.flat, "fonts": fonts.families(look.fonts)}
    compiler = typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=look.fonts)
    content = compiler.compile(
        format="pdf",
        pdf_standards=fonts.STANDARD,
        sys_inputs={"paper": json.dumps(facts), "look": json.dumps(inputs)},
        timestamp=look.dated,
        pdf_tags=sum(len(table["rows"]) for table in facts["tables"]) <= MOST_TAGGED,
    )
    if not isinstance(content, bytes):
        raise TypeError("A PDF is one file")
    return content


def _columns(table: Facts) -> list[list[str]]:
    return [list(column) for column in zip(table["head"], *table["rows"], strict=True)]


def _wants_flat(table: Facts) -> bool:
    wishes = sum(min(max(map(letters.width, cells)), MOST_WISH) for cells in _columns(table))
    return len(table["head"]) > MOST_UPRIGHT or wishes > MOST_CROWDED


def _laid_out(table: Facts, total: float) -> Facts:
    """The table with the widths of its columns, how they are set, and places to break."""
    cells = _columns(table)
    widths = [[letters.width(cell) for cell in column] for column in cells]
    runs = [max(map(letters.longest_run, column)) for column in cells]
    least = [max(LEAST, min(run, MOST_RUN)) + AROUND for run in runs]
    natural = [min(max(column), MOST_WISH) + AROUND for column in widths]
    shares = columns.shares(natural, least, total)
    room = [share - AROUND for share in shares]
    return {
        **table,
        "head": _row(table["head"], room),
        "rows": [_row(row, room) for row in table["rows"]],
        "widths": shares,
        "centred": [max(column[1:], default=0.0) <= SHORT for column in widths],
        "loose": [any(len(cell) > MOST_IN_ONE_PIECE for cell in row) for row in table["rows"]],
    }


def _row(cells: list[str], room: list[float]) -> list[str]:
    return [letters.with_breaks(cell, most) for cell, most in zip(cells, room, strict=True)]

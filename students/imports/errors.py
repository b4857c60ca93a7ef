"""The error workbook: the rows that were left out, to be corrected and uploaded again.

Every cell is text and none a formula, whatever a name begins with (SR-29).
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from students.models import ImportJob, ImportRow, PersonEntry, PersonList
from students.rules import roster_problems

LEFT_OUT = (ImportRow.Outcome.ERROR, ImportRow.Outcome.DUPLICATE)
WIDTH, WIDE = 16, 48
# The first columns of the file when it comes back: neither is a heading of the national workbook.
ROW_HEADING, REASON_HEADING = "原行号", "原因"


@dataclass(frozen=True)
class LeftOut:
    """A row that was left out: its number in the file, its cells as read, its problems."""

    number: int
    cells: Sequence[str]
    problems: Sequence[dict[str, Any]]


def of_roster(job: ImportJob) -> bytes:
    """The error workbook of a roster."""
    rows = job.rows.filter(outcome__in=LEFT_OUT).order_by("number").iterator(chunk_size=2000)
    left_out = (LeftOut(row.number, row.data.get("cells", []), row.problems) for row in rows)
    return workbook(job.headings.get("texts", []), left_out)


def of_list(batch: PersonList) -> bytes:
    """The error workbook of a list of another agency."""
    rows = (
        batch.entries.filter(change__in=PersonEntry.LEFT_OUT)
        .order_by("number")
        .iterator(chunk_size=2000)
    )
    left_out = (LeftOut(row.number, row.detail.get("cells", []), row.problems) for row in rows)
    return workbook(batch.headings.get("texts", []), left_out)


def workbook(texts: Sequence[str], rows: Iterable[LeftOut]) -> bytes:
    """All columns of the file as read, the original row number first and the reason last."""
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet(_("Rows left out"))
        plain = book.add_format({"num_format": "@"})
        bad = book.add_format({"num_format": "@", "bg_color": "#FFC7CE"})
        bold = book.add_format({"bold": True, "num_format": "@"})
        sheet.set_column(0, len(texts), WIDTH, plain)
        sheet.set_column(len(texts) + 1, len(texts) + 1, WIDE, plain)
        sheet.freeze_panes(1, 0)
        for column, text in enumerate([ROW_HEADING, *texts, REASON_HEADING]):
            sheet.write_string(0, column, text, bold)
        for line, row in enumerate(rows, 1):
            _write(sheet, line, row, texts, (plain, bad))
    return content.getvalue()


def _write(
    sheet: Worksheet, line: int, row: LeftOut, texts: Sequence[str], formats: tuple[Format, Format]
) -> None:
    plain, bad = formats
    cells, reasons = row.cells, _reasons(row.problems)
    sheet.write_string(line, 0, str(row.number), plain)
    for at, text in enumerate(texts):
        cell = cells[at] if at < len(cells) else ""
        sheet.write_string(line, at + 1, cell, bad if text in reasons else plain)
        if text in reasons:
            sheet.write_comment(line, at + 1, "\n".join(reasons[text]))
    told = "; ".join(f"{text}: {' '.join(words)}" for text, words in reasons.items())
    sheet.write_string(line, len(texts) + 1, told, plain)


def _reasons(problems: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem["column"], []).append(roster_problems.reason(problem))
    return found

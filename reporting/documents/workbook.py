"""A paper as a workbook: its head and figures on the first sheet, then a sheet for each table.

Every text stays a text: none becomes a formula, a link or a number, however it begins (SR-29).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from agencies.documents import letters
from reporting.documents import summary
from reporting.documents.dates import dated
from reporting.documents.paper import Paper, Table
from reporting.documents.sheet_names import sheet_names
from reporting.documents.summary import Line

NOTHING = "无"
NARROWEST, WIDEST, AROUND = 8.0, 48.0, 2.0  # widths of columns, in digits
EXACT = 10**15  # a spreadsheet program keeps fifteen digits
A4 = 9
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
HEAD = {"bold": True, "align": "center", "bottom": 1, "bg_color": "#F0F0F0"}
CELL = {"num_format": "@", "text_wrap": True, "valign": "top"}


@dataclass(frozen=True)
class Formats:
    head: Format
    text: Format
    number: Format


def workbook(paper: Paper) -> bytes:
    """The .xlsx file. The same facts give the same bytes."""
    content = io.BytesIO()
    names = sheet_names([summary.TITLE, *(table.title for table in paper.tables)])
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"title": letters.clean(paper.title)[:255], "created": dated(paper)})
        formats = Formats(
            head=book.add_format({**CELL, **HEAD}),
            text=book.add_format(CELL),
            number=book.add_format({"num_format": "0", "align": "left", "valign": "top"}),
        )
        sheets = [(summary.HEAD, summary.rows(paper)), *((t.head, _rows(t)) for t in paper.tables)]
        for name, (head, rows) in zip(names, sheets, strict=True):
            sheet = book.add_worksheet(name)
            _set_up(sheet, paper, [head, *rows])
            _write(sheet, head, rows, formats)
    return content.getvalue()


def _rows(table: Table) -> Sequence[Line]:
    return table.rows or [(table.empty or NOTHING,)]


def _set_up(sheet: Worksheet, paper: Paper, lines: Sequence[Line]) -> None:
    """Widths, the frozen head, and how it prints: A4 across, as wide as the page."""
    for column in range(len(lines[0])):
        cells = (str(line[column]) for line in lines if column < len(line))
        widest = max(letters.width(letters.clean(cell)) for cell in cells)
        sheet.set_column(column, column, min(max(widest, NARROWEST), WIDEST) + AROUND)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    title = letters.clean(paper.title).replace("&", "&&")[:80]
    sheet.set_header(f"&L{title}&R{summary.DEMO if paper.demo else ''}")
    sheet.set_footer(f"&L{summary.MINORS}&R第 &P 页　共 &N 页")


def _write(sheet: Worksheet, head: Line, rows: Sequence[Line], formats: Formats) -> None:
    for column, cell in enumerate(head):
        sheet.write_string(0, column, letters.clean(str(cell)), formats.head)
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int) and abs(cell) < EXACT:
                sheet.write_number(at, column, cell, formats.number)
            else:
                sheet.write_string(at, column, letters.clean(str(cell)), formats.text)

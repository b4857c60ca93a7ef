"""The error workbook goes back to the school, is corrected and comes again."""

import io
import zipfile

import openpyxl

from students.imports import errors
from tests.support.rosters import roster, row, table, text, upload_file, upload_rows
from tests.support.world import id_number

NAMES = ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0")


def test_it_holds_the_rows_left_out_with_number_reason_and_comment(world):
    job = upload_rows(world, roster(world, row("林小满", 902, 性别="1"), row("林小雨", 904)))
    sheet = openpyxl.load_workbook(io.BytesIO(errors.of_roster(job))).active
    headings, line = list(sheet.iter_rows())
    assert [cell.value for cell in headings][:2] == ["原行号", "姓名"]
    assert headings[-1].value == "原因"
    assert [line[0].value, line[1].value] == ["8", "林小满"]
    assert line[-1].value == "性别: Write the name, not a code."
    assert line[2].comment.text == "Write the name, not a code."
    number = next(
        cell for head, cell in zip(headings, line, strict=True) if head.value == "身份证件号"
    )
    assert (number.value, number.data_type) == (id_number(902), "s")


def test_no_cell_is_a_formula_and_the_names_come_back_as_they_were(world):
    rows = [row(name, 902 + 2 * at, 性别="1") for at, name in enumerate(NAMES)]
    job = upload_file(world, text(table(rows)))
    content = errors.of_roster(job)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    again = upload_file(world, content)
    assert [line.data["name"] for line in again.rows.filter(outcome="error")] == list(NAMES)


def test_a_corrected_workbook_is_accepted(world):
    job = upload_rows(world, roster(world, row("林小满", 902, 性别="1")))
    book = openpyxl.load_workbook(io.BytesIO(errors.of_roster(job)))
    book.active["C2"] = "女"
    content = io.BytesIO()
    book.save(content)
    again = upload_file(world, content.getvalue())
    assert again.rows.get(outcome="new").data["name"] == "林小满"

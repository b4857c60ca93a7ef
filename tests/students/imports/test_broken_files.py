"""Files that are no roster: one clean message each, nothing stored but the refusal."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from students.imports import sheet, upload
from students.imports.run import run_waiting
from students.models import ImportRow
from students.queries.imports import shown
from tests.support.rosters import NOW, roster, row, table, text, upload_file, xls, xlsx


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "/"), data)
    return content.getvalue()


def bomb() -> bytes:
    """Small when packed, larger than the limit when unpacked."""
    return archive(
        **{
            "xl__workbook.xml": b"<workbook/>",
            "xl__worksheets__sheet1.xml": b" " * (sheet.MOST_UNPACKED + 1),
        }
    )


def far_cell() -> bytes:
    """One cell in the last column: a reader would allocate all cells before it."""
    book = openpyxl.Workbook()
    book.active["A1"] = "姓名"
    book.active["XFD9000"] = "x"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def far_row() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "姓名"
    book.active["A1048576"] = "x"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def encrypted() -> bytes:
    return sheet.OLE + b"\0" * 600 + sheet.ENCRYPTED + b"\0" * 600


GOOD = xlsx(table([row("林小满", 902)]))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (xls(table([row("林小满", 902)]))[:2000], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "not_a_sheet"),
        (b"%PDF-1.7\nabc", "not_a_sheet"),
        (b"only a few words", "no_headings"),
        (b"\xff\xfe\x00\xd8", "encoding"),
        (b"\x81", "encoding"),
        (archive(word__document="x"), "not_a_sheet"),
        (archive(xl__workbook=b"x"), "not_a_sheet"),
        (archive(**{"xl__workbook.xml": b"<broken"}), "damaged"),
        (encrypted(), "password"),
        (far_cell(), "too_many_columns"),
        (far_row(), "too_many_rows"),
        (xlsx([]), "no_headings"),
        (xlsx([["姓名", "性别", "出生日期", "年级", "班级", "学籍号"]]), "no_rows"),
        (
            text([["姓名", "性别", "出生日期", "年级", "班级", "学籍号"] + ["x"] * 200]),
            "too_many_columns",
        ),
        (b"x" * (sheet.MOST_BYTES + 1), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_clean_message(world, content, code):
    job = upload_file(world, content)
    assert (job.state, job.problem) == ("refused", code)
    assert shown(job)["problem"]
    assert not ImportRow.objects.exists()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(world, monkeypatch):
    monkeypatch.setattr(sheet, "MOST_UNPACKED", 1024 * 1024)
    content = bomb()
    assert len(content) < 1024 * 1024
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    job = upload_file(world, content)
    assert (job.state, job.problem) == ("refused", "unpacks_too_large")


def test_a_member_that_lies_about_its_size(world):
    lines = table([row(f"林{n}", n) for n in range(100, 400)])
    content = bytearray(xlsx(lines))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as made:
        size = made.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = bytes(content).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    job = upload_file(world, lying)
    assert (job.state, job.problem) == ("refused", "damaged")


def test_a_table_in_text_is_read_whatever_its_name_says(world):
    job = upload_file(world, text(table(roster(world))))
    assert job.file_name.endswith(".xlsx")
    assert job.state == "checked"


def test_the_sheet_with_the_headings_is_found_behind_others(world):
    book = openpyxl.Workbook()
    book.active.append(["填表说明"])
    for line in table(roster(world)):
        (book["数据"] if "数据" in book.sheetnames else book.create_sheet("数据")).append(
            list(line)
        )
    content = io.BytesIO()
    book.save(content)
    assert upload_file(world, content.getvalue()).state == "checked"


def test_an_old_workbook_that_ends_its_reader_does_not_end_the_server(world, tmp_path, monkeypatch):
    dying = tmp_path / "dying.py"
    dying.write_text("import os; os.abort()")
    monkeypatch.setattr(sheet.probe, "__file__", str(dying))
    job = upload_file(world, xls(table(roster(world))))
    assert (job.state, job.problem) == ("refused", "damaged")


def test_a_file_that_was_lost_before_it_was_checked(world, monkeypatch):
    monkeypatch.setattr(upload, "AT_ONCE", 0)
    job = upload_file(world, GOOD)
    assert job.state == "waiting"
    Path(job.path).unlink()
    assert run_waiting(NOW) == 1
    job.refresh_from_db()
    assert (job.state, job.problem) == ("refused", "lost")


def test_a_large_file_is_checked_in_the_background(world, monkeypatch):
    monkeypatch.setattr(upload, "AT_ONCE", 0)
    job = upload_file(world, xlsx(table(roster(world))))
    assert run_waiting(NOW) == 1
    job.refresh_from_db()
    assert (job.state, job.counts["unchanged"]) == ("checked", 6)
    assert run_waiting(NOW) == 0

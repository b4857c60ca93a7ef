"""The workbook as two other programs read it: every text a text, nothing lost."""

import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from python_calamine import CalamineWorkbook

from reporting.documents.paper import Paper, Table
from reporting.documents.workbook import workbook
from tests.reporting.documents.samples import PAPER, with_rows


def read(paper: Paper) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(paper)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def opened(paper: Paper) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(paper)))


def test_the_first_sheet_says_what_stands_beside_the_tables():
    rows = read(PAPER)["概要"]
    for row in (
        ["标题", PAPER.title, ""], ["文号", PAPER.number, ""], ["单位", "文成县教育局", ""],
        ["学校数", 41, ""], ["统计截至", "2026年9月30日 24:00", ""],
        ["在校学生", 31204, "截至9月30日"], ["劝返率", "70.6%", ""],
        ["说明", "数据由学校逐日上报。", ""], ["签字人", "副局长 周建国", "2026年10月12日"],
        ["签收", "大峃镇人民政府 控辍责任单位", "2026-10-13 09:20"],
        ["签收（逾期）", "百丈漈镇人民政府 控辍责任单位", "未签收"],
        ["提示", "含未成年人信息，请妥善保管", ""],
    ):  # fmt: skip
        assert row in rows


def test_each_table_has_its_sheet_and_one_without_rows_says_so():
    sheets = read(PAPER)
    assert list(sheets) == ["概要", "学生名单", "逾期未报学校"]
    assert sheets["学生名单"] == [["姓名", "身份证件号"], ["王小㛃", "330328201303011526"]]
    assert sheets["逾期未报学校"] == [["学校", "天数"], ["本月没有", ""]]


def test_invented_people_are_marked():
    assert ["提示", "含未成年人信息，请妥善保管", "演示数据"] in read(replace(PAPER, demo=True))[
        "概要"
    ]
    assert "演示数据" in opened(replace(PAPER, demo=True))["学生名单"].oddHeader.right.text


DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "{=A1}", "http://example.org", "mailto:a@example.org", "007", "1E5",
    "330328201303011526", "'甲", "true", "2026-10-12", " 甲 ",
]  # fmt: skip


@pytest.mark.parametrize("value", DANGEROUS)
def test_every_text_stays_a_text(value: str):
    paper = replace(with_rows((value, "甲")), title=value, notes=(value,))
    cell = opened(paper)["名单"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (value, "s", None)
    assert read(paper)["名单"][1] == [value, "甲"]
    kinds = {cell.data_type for sheet in opened(paper) for row in sheet for cell in row}
    assert "f" not in kinds


def test_a_count_is_a_number_and_one_of_too_many_digits_a_text():
    paper = replace(PAPER, lines=(("数", 12), ("长", 330328201303011526)))
    rows = read(paper)["概要"]
    assert ["数", 12.0, ""] in rows
    assert ["长", "330328201303011526", ""] in rows


def test_how_it_is_read_and_printed():
    sheet = opened(PAPER)["学生名单"]
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.column_dimensions["B"].width > 18
    assert "含未成年人信息" in sheet.oddFooter.left.text


def test_signs_of_headers_and_forbidden_signs_of_sheet_names_do_no_harm():
    table = Table("甲/乙[1]:*?", ("&P",), (("&",),))
    paper = replace(PAPER, title='月报&P&"Arial"', tables=(table, table))
    assert list(read(paper)) == ["概要", "甲 乙 1", "甲 乙 1 (2)"]
    assert len(opened(paper).sheetnames) == 3


def test_a_long_table_comes_whole():
    rows = [(f"{number}", "大峃镇") for number in range(3000)]
    assert read(with_rows(*rows))["名单"][1:] == [list(row) for row in rows]


def test_the_same_facts_give_the_same_bytes():
    assert workbook(PAPER) == workbook(PAPER)


@settings(max_examples=25, deadline=None)
@given(some.text(max_size=30))
def test_any_text_gives_a_file_that_opens(words: str):
    paper = replace(with_rows((words, "甲")), title=words)
    paper = replace(paper, tables=(replace(paper.tables[0], title=words),))
    assert opened(paper).worksheets[1]["B2"].value == "甲"

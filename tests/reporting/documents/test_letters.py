"""Characters that no file can hold, widths and places to break."""

import pytest

from agencies.documents import letters
from reporting.documents import columns
from reporting.documents.sheet_names import sheet_names


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("大峃镇", "大峃镇"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("王\x00小\x07明\t甲", "王小明 甲"),
        ("明\u202e小王", "明小王"),
        ("王\ud800", "王〔U+D800〕"),
        ("王\uffff", "王〔U+FFFF〕"),
        ("王　明", "王　明"),
    ],
)
def test_clean_text(text: str, shown: str):
    assert letters.clean(text) == shown


def test_only_pieces_that_are_too_wide_may_break():
    assert letters.with_breaks("编号330328201303011526", 30) == "编号330328201303011526"
    broken = letters.with_breaks("编号330328201303011526", 10)
    assert broken.replace("\u200b", "") == "编号330328201303011526"
    assert broken.count("\u200b") == 17


@pytest.mark.parametrize(
    ("wishes", "needs", "total", "widths"),
    [
        ([10, 10], [4, 4], 40, [20, 20]),
        ([4, 30, 40], [4, 4, 4], 44, [4, 20, 20]),
        ([4, 30, 40], [4, 24, 4], 44, [4, 24, 16]),
        ([30, 30], [30, 10], 20, [15, 5]),
    ],
)
def test_columns_fill_the_page(wishes: list, needs: list, total: float, widths: list):
    assert columns.shares(wishes, needs, total) == pytest.approx(widths)


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["概要", "名单", "名单"], ["概要", "名单", "名单 (2)"]),
        (["A/B:C*?[d]\\", "a b c d"], ["A B C D".replace("D", "d"), "a b c d (2)"]),
        (["'", "History"], ["表", "History (2)"]),
        (["长" * 40, "长" * 41], ["长" * 31, "长" * 27 + " (2)"]),
        (["一" * 30 + "𠮷"], ["一" * 30]),
    ],
)
def test_names_of_sheets(titles: list[str], names: list[str]):
    assert sheet_names(titles) == names

"""The PDF says everything that the paper says, with no glyph missing and nothing read as markup."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as some

from agencies.documents import fonts
from reporting.documents.dates import UNDATED
from reporting.documents.paper import Paper, to_json
from reporting.documents.pdf import Look, pdf, render
from tests.reporting.documents.samples import PAPER, with_rows

REGIONS = Path(fonts.__file__).parents[2] / "agencies" / "data" / "regions-330328.csv"


def pages(content: bytes) -> list[str]:
    """Texts of the pages, without blanks: where the renderer puts them is a matter of looks."""
    return [
        "".join(page.extract_text().split()).replace("\u200b", "")
        for page in pypdf.PdfReader(io.BytesIO(content)).pages
    ]


def text(paper: Paper) -> str:
    return "".join(pages(pdf(paper)))


def bare(words: str) -> str:
    return "".join(words.split())


def test_everything_that_the_paper_says_stands_in_it():
    found = text(PAPER)
    for words in (
        PAPER.title, PAPER.number, "单位：文成县教育局", "学校数：41", "统计截至：2026年9月30日24:00",
        "31204", "截至9月30日", "70.6%", "王小㛃", "330328201303011526", "本月没有",
        "1.疑似辍学按县里的办法计。", "2.数据由学校逐日上报。", "盖章处", "签字人：副局长周建国",
        "日期：2026年10月12日", "大峃镇人民政府控辍责任单位2026-10-1309:20否",
        "百丈漈镇人民政府控辍责任单位未签收逾期", "含未成年人信息，请妥善保管", "第1页共1页",
    ):  # fmt: skip
        assert words in found
    assert "演示数据" not in found


def test_invented_people_are_marked_on_every_page():
    rows = [(str(number),) for number in range(90)]
    found = pages(pdf(replace(with_rows(*rows), demo=True)))
    assert len(found) > 1
    assert all(page.startswith("演示数据") for page in found)


def test_a_paper_with_nothing_but_a_title_renders():
    assert "月报" in text(Paper("月报", "", ""))


def test_every_region_of_the_county_has_its_glyphs():
    with REGIONS.open(encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert "百丈漈镇" in names
    found = text(with_rows(*[(name, "㛃") for name in names]))
    assert [name for name in names if name not in found] == []
    assert "㛃" in found
    assert "U+" not in found


def test_common_characters_need_no_trial():
    common = "".join(chr(number) for number in range(0x4E00, 0x9FA6))
    signs = (
        "".join(chr(number) for number in range(0x20, 0x7F))
        + "，。、；：？！（）《》〈〉【】〔〕“”‘’…—·％"
    )
    assert fonts.COMMON.match(common + signs)
    look = Look(False, UNDATED, fonts.available(None))
    render(to_json(replace(PAPER, tables=(), notes=(common, signs))), look)


def test_a_font_without_the_glyph_is_noticed():
    """The test of the tests above: with fonts that lack 峃 there is no document at all."""
    latin = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    paper = replace(PAPER, tables=(), notes=())
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        render(to_json(paper), Look(False, UNDATED, latin))
    wheel = fonts.available(None)
    lacking = replace(paper, title="缺字\U0003134a")
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        render(to_json(lacking), Look(False, UNDATED, wheel))


def test_a_character_that_no_font_has_stands_there_as_its_code():
    assert "王〔U+3134A〕明" in text(with_rows(("王\U0003134a明",)))


def test_a_rare_character_stands_there_itself_or_as_its_code_but_is_never_lost():
    shown = "𠮷" if fonts.has("𠮷", None) else "〔U+20BB7〕"
    assert f"李{shown}明" in text(with_rows(("李𠮷明",)))


def test_the_fonts_of_the_operator_come_first_and_the_wheel_last(tmp_path: Path):
    there = fonts.families(fonts.available(tmp_path))
    assert {name: list_[-1] for name, list_ in there.items()} == {
        "title": fonts.SANS, "head": fonts.SERIF, "body": fonts.SANS,
    }  # fmt: skip

    class Has:
        def families(self) -> list[str]:
            return ["SimSun", "FangSong", fonts.SERIF, fonts.SANS]

    assert fonts.families(Has())["body"] == ["FangSong", "SimSun", fonts.SERIF, fonts.SANS]


MARKUP = [
    "#panic()", "$x^2$", "*粗*_斜_", "[甲]<乙>@丙", "\\u{41}\\", '"引"\'单\'', "//注/*释*/", "= 一 - 二",
    "`码`~-- ---", "{{7*7}}", "https://example.org/a",
]  # fmt: skip


def test_markup_in_names_is_printed_as_it_is():
    paper = replace(
        with_rows(*[(words, words) for words in MARKUP]),
        title="月报#1*_$", agency="局[1]", notes=tuple(MARKUP), lines=(("#let", "@甲"),),
    )  # fmt: skip
    found = text(paper)
    for words in MARKUP:
        assert found.count(bare(words)) == 3, words
    for words in ("月报#1*_$", "局[1]", "#let：@甲"):
        assert words in found


def test_a_long_table_repeats_its_head_on_every_page_and_loses_no_row():
    rows = [(f"甲{number:04}", f"G3303282013{number:08}", "大峃镇") for number in range(3000)]
    found = pages(pdf(with_rows(*rows)))
    assert 60 < len(found) < 160
    whole = "".join(found)
    assert [row[0] for row in rows if row[0] + row[1] not in whole] == []
    assert all("第1列第2列第3列" in page for page in found[:-1])
    assert f"第{len(found)}页共{len(found)}页" in found[-1]


def test_a_signature_never_stands_alone_on_its_page():
    for size in range(10, 45):
        paper = replace(with_rows(*[("甲", "乙")] * size), notes=(), recipients=())
        signed = next(page for page in pages(pdf(paper)) if "盖章处" in page)
        assert "签字人" in signed
        assert "以上内容依据" in signed


def test_long_words_break_inside_their_column():
    word = "W" * 300
    content = pdf(with_rows((word, *["甲"] * 11)))
    page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    assert page.mediabox.width > page.mediabox.height
    lines = [line.count("W") for line in page.extract_text().splitlines()]
    assert sum(lines) == len(word)
    assert max(lines) < 40
    assert word in "".join(pages(content))


def test_a_cell_longer_than_a_page_goes_on_on_the_next():
    words = "".join(f"第{number}句。" for number in range(1500))
    found = text(with_rows((words, "甲")))
    assert "第0句。" in found
    assert "第1499句。" in found


def test_the_same_facts_give_the_same_bytes():
    assert pdf(PAPER) == pdf(PAPER)


def test_it_is_made_for_archives():
    metadata = pypdf.PdfReader(io.BytesIO(pdf(PAPER))).xmp_metadata
    assert metadata is not None
    assert metadata.dc_title == {"zh-CN": PAPER.title} or PAPER.title in str(metadata.dc_title)
    assert b"pdfaid:part" in pdf(PAPER)


@settings(max_examples=25, deadline=None)
@given(some.text(max_size=30))
def test_any_text_renders(words: str):
    paper = replace(with_rows((words, "甲")), title=words, number=words, notes=(words,))
    assert pdf(paper).startswith(b"%PDF")

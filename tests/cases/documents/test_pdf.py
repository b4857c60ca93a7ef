"""Each paper from sample facts: complete, no glyph missing, head on one line, signature not alone."""

import csv
import io
import time
from pathlib import Path

import pypdf
import pytest
import typst

from agencies.documents import fonts
from cases.documents import pdf as module
from cases.documents.pdf import pdf
from cases.rules.paper_fields import Form
from cases.rules.papers import CATALOGUE, Layout, PaperKind
from tests.cases.documents.samples import sample

REGIONS = Path(fonts.__file__).parents[2] / "agencies" / "data" / "regions-330328.csv"
DOCUMENTS = [kind for kind, spec in CATALOGUE.items() if spec.layout is Layout.DOCUMENT]
RECORDS = [kind for kind, spec in CATALOGUE.items() if spec.layout is Layout.RECORD]
LONG_TEXT = "".join(f"第{at}句：监护人拒绝送孩子上学。" for at in range(110))


def pages(content: bytes) -> list[str]:
    """Texts of the pages without blanks."""
    return [
        "".join(page.extract_text().split()).replace("\u200b", "")
        for page in pypdf.PdfReader(io.BytesIO(content)).pages
    ]


def bare(text: str) -> str:
    return "".join(text.split())


def texts_of(facts: dict) -> list[str]:
    """Every text that was given, rows included."""
    found = []
    for value in facts.values():
        rows = value if isinstance(value, list) else [{"": value}]
        found += [cell for row in rows for cell in row.values() if isinstance(cell, str) and cell]
    return found


@pytest.mark.parametrize("kind", list(PaperKind))
def test_everything_that_was_said_is_printed(kind: PaperKind):
    facts = sample(kind)
    found = "".join(pages(pdf(kind, facts)))
    # Who signs is printed on reports only, whom it goes to on documents only.
    reports = CATALOGUE[kind].sort == "report"
    facts = {name: v for name, v in facts.items() if reports or name != "issued_by"}
    facts.pop("county")
    if CATALOGUE[kind].layout is not Layout.DOCUMENT:
        facts.pop("addressee")
    assert [text for text in texts_of(facts) if bare(text) not in found] == []
    assert "U+" not in found


@pytest.mark.parametrize("kind", list(PaperKind))
def test_it_is_made_for_archives_and_the_same_facts_give_the_same_bytes(kind: PaperKind):
    first = pdf(kind, sample(kind))
    assert b"pdfaid:part" in first
    assert first == pdf(kind, sample(kind))


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize(
    "agency",
    [
        "文成县教育局",
        "文成县百丈漈镇人民政府",
        "文成县珊溪镇仰山巨屿联合九年一贯制实验学校黄坦校区",
    ],
)
def test_the_head_stands_on_one_line(kind: PaperKind, agency: str):
    content = pdf(kind, sample(kind, agency=agency))
    first = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    head = agency + ("文件" if CATALOGUE[kind].sort == "report" else "")
    lines = [bare(line) for line in first.extract_text().splitlines() if line.strip()]
    assert lines[0] == head


@pytest.mark.parametrize(
    "kind", [PaperKind.ORDER_TO_RETURN, PaperKind.PERSUASION_REPORT, PaperKind.HELP_REQUEST]
)
def test_a_signature_stands_with_the_last_words_and_the_imprint_on_its_page(kind: PaperKind):
    last = "特此通知。" if kind is PaperKind.ORDER_TO_RETURN else "附件："
    text = "demand" if kind is PaperKind.ORDER_TO_RETURN else "asked"
    for count in range(0, 700, 23):
        facts = sample(kind, **{text: "送" * (count + 1)})
        found = pages(pdf(kind, facts))
        signed = [
            page
            for page in found
            if "（盖章）2026" not in page and "2026年10月12日（盖章）" in page
        ]
        assert len(signed) == 1, count
        assert last in signed[0], count
        if not CATALOGUE[kind].to_guardian:
            assert "2026年10月12日印发" in signed[0], count
            assert sum("印发" in page for page in found) == 1


@pytest.mark.parametrize("kind", RECORDS)
def test_on_a_record_the_signatures_stay_with_the_end_of_the_text(kind: PaperKind):
    spec = CATALOGUE[kind]
    last = [field.name for field in spec.fields if field.form is Form.TEXT][-1]
    label = (spec.signatures or (spec.blanks[-1].label,))[-1]
    for count in range(1, 1900, 89):
        facts = sample(kind, **{last: "学" * count + "完"})
        found = pages(pdf(kind, facts))
        signed = next(page for page in found if label in page)
        assert "完" in signed, count


def test_three_pages_of_text_lose_nothing():
    facts = sample(PaperKind.ORDER_TO_RETURN, facts=LONG_TEXT)
    found = pages(pdf(PaperKind.ORDER_TO_RETURN, facts))
    assert len(found) >= 5
    whole = "".join(page[: page.rfind("—") - 2] if "—" in page else page for page in found)
    assert [s for s in (f"第{at}句：" for at in range(110)) if s not in whole] == []


def test_a_day_stands_on_one_line_beside_long_texts():
    event = {
        "on": "2026年11月27日",
        "what": "制发文书" * 6,
        "text": "监护人未送" * 12,
        "by": "金建国",
    }
    content = pdf(PaperKind.CASE_FILE, sample(PaperKind.CASE_FILE, events=[event] * 3))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    lines = [bare(line) for line in text.splitlines()]
    assert sum("2026年11月27日" in line for line in lines) >= len([event] * 3)


def test_rows_of_a_receipt_grow_with_their_text():
    def height(name: str) -> int:
        rows = [{"title": name, "number": "大峃政限改〔2026〕3号", "count": "1"}]
        content = pdf(
            PaperKind.DELIVERY_RECEIPT, sample(PaperKind.DELIVERY_RECEIPT, documents=rows)
        )
        places: dict[str, float] = {}
        page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
        page.extract_text(
            visitor_text=lambda text, cm, _tm, _f, _s: places.setdefault(text.strip()[:4], cm[5])
        )
        return round(places["送达方式"])

    assert height("责令限期改正通知书" * 8) < height("责令限期改正通知书") - 20


def test_every_region_of_the_county_has_its_glyphs():
    with REGIONS.open(encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert {"大峃镇", "百丈漈镇"} <= set(names)
    rows = [{"on": "10月", "what": name, "text": "㛃", "by": "甲"} for name in names]
    found = "".join(pages(pdf(PaperKind.CASE_FILE, sample(PaperKind.CASE_FILE, events=rows))))
    assert [name for name in names if bare(name) not in found] == []
    assert "U+" not in found
    for name in ("大峃镇", "百丈漈镇", "峃口镇"):
        said = sample(PaperKind.ORDER_TO_RETURN, agency=f"文成县{name}人民政府", address=name)
        assert "U+" not in "".join(pages(pdf(PaperKind.ORDER_TO_RETURN, said)))


def test_a_font_without_the_glyph_is_noticed(monkeypatch):
    latin = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    monkeypatch.setattr(module.fonts, "available", lambda _folder: latin)
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        pdf(PaperKind.TRIP_SHEET, sample(PaperKind.TRIP_SHEET))


MARKUP = [
    "#panic()",
    "{{ 7*7 }}",
    "{% import os %}",
    "$x^2$",
    "*粗*_斜_",
    "\\u{41}\\",
    "<b>粗</b>",
    "// 注",
]


@pytest.mark.parametrize("kind", list(PaperKind))
def test_what_looks_like_a_command_is_printed_as_it_is(kind: PaperKind):
    spec = CATALOGUE[kind]
    field = next(field for field in spec.fields if field.form is not Form.ROWS and field.required)
    name = "asked" if kind is PaperKind.HELP_REQUEST else field.name
    found = "".join(pages(pdf(kind, sample(kind, **{name: "；".join(MARKUP)}))))
    if kind not in (
        PaperKind.PERSUASION_NOTICE,
        PaperKind.ORDER_TO_RETURN,
    ):  # to whom, as addressee
        assert [words for words in MARKUP if bare(words) not in found] == []


def test_invented_people_are_marked_on_every_page():
    for kind in PaperKind:
        found = pages(pdf(kind, sample(kind, demo=True)))
        assert all("演示数据" in page for page in found), kind


def test_a_long_file_has_page_numbers_and_its_head_on_every_page():
    facts = sample(PaperKind.CASE_FILE, rows=300)
    found = pages(pdf(PaperKind.CASE_FILE, facts))
    assert len(found) > 30
    assert [at for at, page in enumerate(found, 1) if f"第{at}页共{len(found)}页" not in page] == []
    assert "六、附件目录" in "".join(found)


def test_it_is_quick():
    pdf(PaperKind.ORDER_TO_RETURN, sample(PaperKind.ORDER_TO_RETURN))
    began = time.process_time()
    for kind in PaperKind:
        pdf(kind, sample(kind))
    assert time.process_time() - began < 0.6 * len(PaperKind)

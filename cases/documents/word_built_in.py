"""The built-in Word templates: kept simple, and a start for the county's own.

Fonts are only named: government computers have them (GB/T 9704-2012 5.2.2).
"""

import io
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.oxml.text.font import CT_RPr
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from cases.rules.paper_fields import Field, Form
from cases.rules.papers import CATALOGUE, Layout, PaperKind, Sort, Spec

BODY, TITLE, HEAD = "仿宋_GB2312", "方正小标宋简体", "黑体"
RED = RGBColor(0xC8, 0x10, 0x2E)
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def built_in(kind: PaperKind) -> bytes:
    """The template of this kind, with {{ fields }}."""
    spec = CATALOGUE[kind]
    made = Document()
    _page(made)
    if spec.layout is Layout.DOCUMENT:
        _document(made, spec)
    else:
        _record(made, spec)
    properties = made.core_properties
    properties.author, properties.title, properties.comments = "", spec.title, ""
    properties.created = properties.modified = MADE
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _page(made: Docx) -> None:
    """A4, margins and lines of GB/T 9704-2012."""
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    style = made.styles["Normal"]
    style.font.size = Pt(16)
    style.font.name = BODY
    _far_east(style.element.get_or_add_rPr(), BODY)
    style.paragraph_format.line_spacing = Pt(29)
    style.paragraph_format.space_after = Pt(0)


def _line(made: Docx, text: str, *, font: str = BODY, size: float = 16, indent: bool = False,
          align: ALIGN = ALIGN.LEFT) -> Paragraph:  # fmt: skip
    paragraph = made.add_paragraph()
    _write(paragraph, text, font, size)
    paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    return paragraph


def _write(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    _far_east(run._element.get_or_add_rPr(), font)


def _far_east(properties: CT_RPr, font: str) -> None:
    """The same font for Chinese, which python-docx cannot set by itself."""
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _document(made: Docx, spec: Spec) -> None:
    reported = spec.sort is Sort.REPORT
    name = "{{ agency }}" + ("文件" if reported else "")
    head = _line(made, name, font=TITLE, size=32, align=ALIGN.CENTER)
    head.runs[0].font.color.rgb = RED
    head.paragraph_format.line_spacing = Pt(60)
    signer = "　　　　签发人：{{ issued_by }}" if reported else ""
    _line(made, "{{ number }}" + signer, align=ALIGN.CENTER)
    title = _line(made, "{{ title }}", font=TITLE, size=22, align=ALIGN.CENTER)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(18)
    _line(made, "{{ addressee }}：")
    for line in spec.body:
        _guarded(made, line.when, line.text)
    for field in spec.fields:
        if field.columns:
            _line(made, f"{{%p if {field.name} %}}")
            _line(made, f"{field.printed}：", font=HEAD)
            _rows(made, field)
            _line(made, "{%p endif %}")
    signature = _line(made, "{{ agency }}", align=ALIGN.RIGHT)
    signature.paragraph_format.space_before = Pt(29)
    signature.paragraph_format.keep_with_next = True
    _line(made, "{{ issued_on }}", align=ALIGN.RIGHT)


def _guarded(made: Docx, when: str, text: str) -> None:
    if when:
        _line(made, f"{{%p if {when} %}}")
    _line(made, text, indent=True)
    if when:
        _line(made, "{%p endif %}")


def _record(made: Docx, spec: Spec) -> None:
    _line(made, "{{ title }}", font=TITLE, size=22, align=ALIGN.CENTER)
    _line(made, "{{ agency }}　　　　{{ number }}", size=12)
    plain = [field for field in spec.fields if not field.columns]
    _pairs(made, [field for field in plain if field.form is Form.LINE])
    for field in spec.fields:
        if field.columns:
            _line(made, field.printed, font=HEAD, size=12)
            _rows(made, field)
    _pairs(made, [field for field in plain if field.form is Form.TEXT])
    if spec.blanks:
        table = _table(made, 2)
        for box in spec.blanks:
            row = table.add_row()
            row.height = Mm(box.height)
            _fill(row.cells[0].paragraphs[0], box.label, HEAD)
            _fill(row.cells[1].paragraphs[0], box.words, BODY)
    if spec.signatures:
        _line(made, "　　　　　　".join(f"{words}：" for words in spec.signatures), size=12)
    _line(made, "{{ issued_on }}", size=12, align=ALIGN.RIGHT)


def _table(made: Docx, columns: int) -> Table:
    table = made.add_table(rows=0, cols=columns)
    table.style = "Table Grid"
    return table


def _pairs(made: Docx, fields: list[Field]) -> None:
    """Label and value, one fact a row."""
    if not fields:
        return
    table = _table(made, 2)
    for field in fields:
        label, value = table.add_row().cells
        label.width, value.width = Mm(36), Mm(120)
        _fill(label.paragraphs[0], field.printed, HEAD)
        _fill(value.paragraphs[0], f"{{{{ {field.name} }}}}", BODY)
    _line(made, "", size=6)


def _rows(made: Docx, field: Field) -> None:
    """A table whose middle row is repeated for each row of the fact."""
    table = _table(made, len(field.columns) + 1)
    for cell, words in zip(
        table.add_row().cells, ["序号", *(head for _name, head in field.columns)], strict=True
    ):
        _fill(cell.paragraphs[0], words, HEAD)
    _fill(table.add_row().cells[0].paragraphs[0], f"{{%tr for row in {field.name} %}}", BODY)
    values = ["{{ loop.index }}", *(f"{{{{ row.{name} }}}}" for name, _head in field.columns)]
    for cell, words in zip(table.add_row().cells, values, strict=True):
        _fill(cell.paragraphs[0], words, BODY)
    _fill(table.add_row().cells[0].paragraphs[0], "{%tr endfor %}", BODY)
    _line(made, "", size=6)


def _fill(paragraph: Paragraph, text: str, font: str) -> None:
    paragraph.paragraph_format.line_spacing = 1.0
    _write(paragraph, text, font, 12)

"""Word files: complete, safe from what is typed, and templates that are no templates are refused."""

import io
import re
import zipfile

import docx
import pytest

from agencies.errors import RuleBroken
from cases.documents import word_check
from cases.documents.word import own, word
from cases.documents.word_check import check
from cases.rules.paper_fields import GIVEN
from cases.rules.papers import CATALOGUE, Layout, PaperKind
from tests.cases.documents.samples import sample
from tests.cases.documents.test_pdf import bare, texts_of

ORDER = PaperKind.ORDER_TO_RETURN
REFERRAL = PaperKind.REFERRAL_FILE


def text_of(content: bytes) -> str:
    """All texts of the body, tables included, without blanks."""
    body = docx.Document(io.BytesIO(content)).element.body
    return bare("".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def template(*lines: str) -> bytes:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def codes(kind: PaperKind, data: bytes) -> list[str]:
    with pytest.raises(RuleBroken) as refused:
        check(kind, data)
    assert all(reason.pointer == "/file" for reason in refused.value.reasons)
    return [reason.code for reason in refused.value.reasons]


def words(kind: PaperKind, data: bytes) -> str:
    with pytest.raises(RuleBroken) as refused:
        check(kind, data)
    return " ".join(str(reason.text) for reason in refused.value.reasons)


@pytest.mark.parametrize("kind", list(PaperKind))
def test_the_built_in_template_says_everything_and_passes_its_own_check(kind: PaperKind):
    check(kind, own(kind))
    facts = sample(kind)
    found = text_of(word(kind, facts))
    spec = CATALOGUE[kind]
    said = {name: v for name, v in facts.items() if name not in (*GIVEN, "county")}
    given = {"number", "title", "agency", "issued_on"}
    said |= {name: facts[name] for name in given}
    if spec.layout is Layout.DOCUMENT:
        said["addressee"] = facts["addressee"]
        used = set(re.findall(r"\w+", " ".join(line.text for line in spec.body)))
        rows = {field.name for field in spec.fields if field.columns}
        said = {name: v for name, v in said.items() if name in used | rows | set(GIVEN)}
    assert [text for text in texts_of(said) if bare(text) not in found] == []
    assert "{{" not in found
    assert "{%" not in found


def test_what_is_typed_is_text_and_nothing_else():
    nasty = "<w:p/>&amp; {{ 7*7 }} {% import os %} \x0b\x01甲\a乙\f丙\n丁"
    found = text_of(word(ORDER, sample(ORDER, facts=nasty)))
    assert "<w:p/>&amp;{{7*7}}{%importos%}" in found
    assert "49" not in found
    for char in "甲乙丙丁":
        assert char in found


def test_what_is_left_out_leaves_no_line_behind():
    full = docx.Document(io.BytesIO(word(ORDER, sample(ORDER))))
    less = docx.Document(io.BytesIO(word(ORDER, sample(ORDER, contact=""))))
    assert len(less.paragraphs) == len(full.paragraphs) - 1


def test_a_template_of_the_county_is_filled():
    data = template(
        "致{{ guardian }}：{{ demand }}", "{%p if contact %}", "{{ contact }}", "{%p endif %}"
    )
    check(ORDER, data)
    assert text_of(word(ORDER, sample(ORDER, demand="送其到校"), data)).startswith(
        "致欧阳建国：送其到校"
    )


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("{% import 'os' as os %}", "code", "import"),
        ("{% from 'os' import path %}", "code", "import"),
        ("{% include 'x' %}", "code", "include"),
        ("{% macro m() %}{% endmacro %}", "code", "macro"),
        ("{% set x = 1 %}", "code", "assignment"),
        ("{{ guardian.__class__ }}", "code", "__class__"),
        ("{{ guardian['__class__'] }}", "code", "[ ]"),
        ("{{ guardian.format }}", "code", "format"),
        ("{{ guardian|attr('upper') }}", "code", "attr"),
        ("{{ guardian|pprint }}", "code", "pprint"),
        ("{{ range(10) }}", "code", "call"),
        ("{{ 'a' * 999999999 }}", "code", "Mul"),
        ("{% for i in range(10**9) %}x{% endfor %}", "code", "loop"),
        ("{% for c in guardian %}{{ c }}{% endfor %}", "code", "loop"),
        ("{{ guardian", "syntax", "unexpected"),
        ("{% if guardian %}", "syntax", "endif"),
        ("{{ gaurdian }}", "unknown", "gaurdian"),
        ("{{ annexes }}", "unknown", "annexes"),
    ],
)
def test_a_template_with_code_or_an_unknown_field_is_refused_in_words(line, code, what):
    data = template("{{ child }}", line)
    assert codes(ORDER, data) == [code]
    assert what in words(ORDER, data)


def test_each_unknown_field_is_named():
    assert codes(ORDER, template("{{ one }}{{ child }}", "{{ two }}")) == ["unknown", "unknown"]


def test_a_template_without_any_field_is_no_template():
    assert codes(ORDER, template("", "责令限期改正通知书")) == ["no_field"]


def test_loops_stand_alone_and_are_small():
    loop = "{% for row in annexes %}{{ row.title }}{% endfor %}"
    check(REFERRAL, template(loop))
    inner = "{% for row in annexes %}{% for one in annexes %}x{% endfor %}{% endfor %}"
    assert "inside" in words(REFERRAL, template(inner))
    assert "too much" in words(REFERRAL, template(loop.replace("{{", "字" * 20_001 + "{{")))
    assert "too many" in words(REFERRAL, template(*[loop] * 21))


def test_code_is_found_in_headers_and_in_properties_as_well():
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "{{ child.__class__ }}"
    kept = io.BytesIO()
    made.save(kept)
    assert codes(ORDER, kept.getvalue()) == ["code"]
    made = docx.Document()
    made.core_properties.title = "{{ lipsum() }}"
    kept = io.BytesIO()
    made.save(kept)
    assert codes(ORDER, kept.getvalue()) == ["code"]


def changed(data: bytes, **parts: bytes) -> bytes:
    """The same parcel with other parts; __ in a name stands for /, and _dot_ for a dot."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", 8) as new:
        names = {name.replace("__", "/").replace("_dot_", "."): d for name, d in parts.items()}
        for entry in old.infolist():
            if entry.filename not in names:
                new.writestr(entry.filename, old.read(entry))
        for name, content in names.items():
            new.writestr(name, content)
    return kept.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(own(ORDER))) as parcel:
        return parcel.read(name)


LINK = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/%s" Target="%s"%s/></Relationships>'
)


def with_link(kind: bytes, target: bytes, more: bytes = b"") -> bytes:
    rels = part("word/_rels/document.xml.rels").replace(
        b"</Relationships>", LINK % (kind, target, more)
    )
    return changed(own(ORDER), **{"word___rels__document_dot_xml_dot_rels": rels})


def with_field(code: bytes) -> bytes:
    run = b"<w:p><w:r><w:instrText>%s</w:instrText></w:r></w:p>" % code
    body = part("word/document.xml").replace(b"<w:body>", b"<w:body>" + run)
    return changed(own(ORDER), word__document_dot_xml=body)


def test_what_hides_in_a_parcel_is_found():
    outside = b' TargetMode="External"'
    cases = {
        "program": changed(own(ORDER), word__vbaProject_dot_bin=b"x"),
        "outside": with_link(b"attachedTemplate", b"file:///c:/x.dotm", outside),
        "field_code": with_field(b"INCLUDETEXT http://a"),
        "entities": changed(own(ORDER), word__x_dot_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"),
    }
    assert {code: codes(ORDER, data) for code, data in cases.items()} == {
        code: [code] for code in cases
    }
    assert codes(ORDER, with_link(b"image", b"http://a/b.png", outside)) == ["outside"]
    assert codes(ORDER, with_link(b"oleObject", b"x")) == ["outside"]
    assert codes(ORDER, with_field(b" DDEAUTO cmd ")) == ["field_code"]
    assert codes(ORDER, changed(own(ORDER), word__embeddings__a_dot_docx=b"x")) == ["program"]
    types = part("[Content_Types].xml").replace(
        b"document.main+xml", b"document.macroEnabled.main+xml"
    )
    assert codes(ORDER, changed(own(ORDER), **{"[Content_Types]_dot_xml": types})) == ["not_word"]
    check(ORDER, with_field(b" PAGE "))
    check(ORDER, with_field(b' HYPERLINK \\l "a" '))


def test_bombs_and_what_is_no_word_file():
    assert codes(ORDER, b"") == ["not_word"]
    assert codes(ORDER, b"%PDF-1.7") == ["not_word"]
    assert codes(ORDER, b"PK" + b"0" * 100) == ["not_word"]
    assert codes(ORDER, b"0" * (word_check.MOST_BYTES + 1)) == ["too_large"]
    assert codes(ORDER, changed(own(ORDER), word__x_dot_xml=b" " * 5_000_000)) == ["bomb"]
    assert codes(ORDER, changed(own(ORDER), word__x_dot_png=b" " * 21_000_000)) == ["bomb"]
    many = {f"word__x{at}_dot_png": b"" for at in range(201)}
    assert codes(ORDER, changed(own(ORDER), **many)) == ["bomb"]
    cut = own(ORDER)
    assert codes(ORDER, cut[: len(cut) // 2]) == ["not_word"]
    torn = changed(own(ORDER), word__document_dot_xml=b"<w:document>")
    assert codes(ORDER, torn) == ["not_word"]
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as parcel:
        parcel.writestr("a.txt", "a")
    assert codes(ORDER, empty.getvalue()) == ["not_word"]

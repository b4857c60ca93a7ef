"""What a paper says, laid out as plain values: from its frozen facts and from nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from agencies.documents import letters
from cases.documents.wording import paragraphs
from cases.rules import paper_fields as f
from cases.rules.paper_fields import Field, Form
from cases.rules.papers import CATALOGUE, Layout, PaperKind, Sort, Spec

Sheet = dict[str, Any]
Facts = Mapping[str, Any]
WIDE = 25.0  # half-widths: what is wider takes the whole row of a form
LEAST, MOST_WISH = 9.0, 44.0  # half-widths of a column
SHORT = 15.0  # a column of short values, of days at most, is centred and not broken
MOST_KEPT = 400  # characters that stay with a signature
RUN = 12.0  # half-widths of letters and digits that hold together in a cell

COVER = (f.CASE_NUMBER, f.CHILD, f.SCHOOL_CLASS, f.OPENED_ON, f.ENDED_ON, f.STATE)
SECTIONS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    (
        "学生和监护人",
        (
            f.CHILD, f.SEX, f.BORN_ON, f.ID_NUMBER, f.SCHOOL_CLASS, f.SINCE, f.GUARDIAN,
            f.RELATION, f.PHONE, f.ADDRESS, f.RETURNED_ON, f.ENDED_ON,
        ),
    ),
    ("包保责任人（六对一）", (f.TEAM,)),
    ("辍学原因和措施", (f.CAUSES, f.PLAN)),
    ("工作经过", (f.EVENTS,)),
    ("文书目录", (f.PAPERS,)),
    ("附件目录", (f.ANNEXES,)),
)  # fmt: skip


def sheet(kind: PaperKind, facts: Facts) -> Sheet:
    """The whole paper in the shape that its layout reads."""
    spec = CATALOGUE[kind]
    empty: Facts = {field.name: [] if field.columns else "" for field in spec.fields}
    facts = {**empty, **facts}
    shared = {
        "title": facts["title"],
        "number": facts["number"],
        "agency": facts["agency"],
        "date": facts["issued_on"],
        "demo": facts.get("demo", False),
    }
    layouts = {Layout.DOCUMENT: _document, Layout.RECORD: _record, Layout.FILE: _file}
    return shared | layouts[spec.layout](spec, facts)


def _document(spec: Spec, facts: Facts) -> Sheet:
    reported = spec.sort is Sort.REPORT
    behind = [_form(spec, facts, spec.annex, spec.annex_fields)] if spec.annex else []
    if spec.to_guardian:
        behind.append(_receipt(facts))
    lines = [*paragraphs(spec.body, facts), *_annex_lines(spec, facts)]
    ending = 2 if len("".join(lines[-2:])) <= MOST_KEPT else 1
    return {
        "head": facts["agency"] + ("文件" if reported else ""),
        "person": spec.to_guardian,
        "signer": facts["issued_by"] if reported else "",
        "addressee": facts["addressee"],
        "body": lines[:-ending],
        "ending": lines[-ending:],
        "copies": facts.get("copies", ""),
        "forms": behind,
    }


def _annex_lines(spec: Spec, facts: Facts) -> list[str]:
    """附件：1. …, as it stands between text and signature (GB/T 9704-2012 7.3.4)."""
    names = [row.get("title", "") for row in facts.get("annexes") or []]
    if spec.annex:
        names.append(spec.annex)
    if len(names) == 1:
        return [f"附件：{names[0]}"]
    return [f"{'附件：' if at == 1 else '　　　'}{at}. {name}" for at, name in enumerate(names, 1)]


def _record(spec: Spec, facts: Facts) -> Sheet:
    names = tuple(field.name for field in spec.fields)
    return {"form": _form(spec, facts, str(facts["title"]), names)}


def _form(spec: Spec, facts: Facts, title: str, names: tuple[str, ...]) -> Sheet:
    fields = [field for field in spec.fields if field.name in names]
    behind = spec.layout is Layout.DOCUMENT
    return {
        "title": title,
        "agency": facts["agency"],
        "number": facts["number"],
        "date": facts["issued_on"],
        "cells": _cells(fields, facts, Form.LINE),
        "tables": [
            table | {"title": "" if table["title"] == title else table["title"]}
            for table in _tables(fields, facts)
        ],
        **_kept(_cells(fields, facts, Form.TEXT)),
        "blanks": [] if behind else [asdict(box) for box in spec.blanks],
        "signatures": [] if behind else list(spec.signatures),
    }


def _batched(rows: list[dict[str, str]], count: int) -> Iterable[list[dict[str, str]]]:
    return (rows[at : at + count] for at in range(0, len(rows), count))


def _receipt(facts: Facts) -> Sheet:
    """The receipt that is printed behind a paper for the guardian, to be signed by hand."""
    row = {"title": facts["title"], "number": facts["number"], "count": "1"}
    own = {**facts, "documents": [row], "address": facts.get("address", "")}
    spec = CATALOGUE[PaperKind.DELIVERY_RECEIPT]
    return _form(spec, own, spec.title, ("guardian", "documents", "address")) | {
        "blanks": [asdict(box) for box in spec.blanks],
        "signatures": list(spec.signatures),
    }


def _file(_spec: Spec, facts: Facts) -> Sheet:
    cover = [[field.printed, facts.get(field.name, "")] for field in COVER]
    return {
        "cover": [*cover, ["立卷单位", facts["agency"]], ["立卷日期", facts["issued_on"]]],
        "sections": [
            {
                "title": title,
                "cells": _cells(fields, facts, Form.LINE) + _cells(fields, facts, Form.TEXT),
                "tables": _tables(fields, facts),
            }
            for title, fields in SECTIONS
        ],
    }


def _cells(fields: Iterable[Field], facts: Facts, form: Form) -> list[list[dict[str, str]]]:
    """Rows of a form: short facts in pairs, then each long one alone."""
    short: list[dict[str, str]] = []
    long: list[dict[str, str]] = []
    for field in fields:
        if field.form is form:
            value = str(facts.get(field.name, ""))
            one = {"label": field.printed, "value": letters.with_breaks(value, 2 * RUN)}
            wide = form is Form.TEXT or letters.width(value) > WIDE
            (long if wide else short).append(one)
    return [*_batched(short, 2), *([one] for one in long)]


def _kept(texts: list[list[dict[str, str]]]) -> dict[str, Any]:
    """The last text of a form, or its last sentences, stays with boxes and signatures."""
    if not texts:
        return {"texts": [], "last": []}
    label, value = texts[-1][0]["label"], texts[-1][0]["value"]
    if len(value) <= MOST_KEPT:
        return {"texts": texts[:-1], "last": texts[-1:]}
    near = len(value) - MOST_KEPT // 2
    cut = max(value.rfind("。", 0, near), value.rfind("\n", 0, near)) + 1 or near
    first = {"label": label, "value": value[:cut]}
    rest = {"label": f"{label}（续）", "value": value[cut:].lstrip("\n")}
    return {"texts": [*texts[:-1], [first]], "last": [[rest]]}


def _tables(fields: Iterable[Field], facts: Facts) -> list[Sheet]:
    return [_table(field, facts.get(field.name) or []) for field in fields if field.columns]


def _table(field: Field, rows: list[dict[str, str]]) -> Sheet:
    head = ["序号", *(words for _name, words in field.columns)]
    body = [
        [str(at), *(row.get(name, "") for name, _words in field.columns)]
        for at, row in enumerate(rows, 1)
    ]
    widths = [max(map(letters.width, column)) for column in zip(head, *body, strict=True)]
    return {
        "title": field.printed,
        "head": head,
        "rows": [[letters.with_breaks(cell, RUN) for cell in row] for row in body],
        "widths": [min(max(width, LEAST), MOST_WISH) for width in widths[1:]],
        "centred": [width <= SHORT for width in widths],
    }

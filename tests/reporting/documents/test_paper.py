"""The facts of a paper survive being stored, and none can change unnoticed."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reporting.documents.dates import UNDATED, dated
from reporting.documents.paper import (
    Figure,
    Paper,
    Recipient,
    Signature,
    Table,
    digest,
    from_json,
    to_json,
)
from tests.reporting.documents.samples import PAPER

TEXT = some.text(max_size=12)
VALUE = TEXT | some.integers()


@some.composite
def tables(draw: some.DrawFn) -> Table:
    size = draw(some.integers(1, 3))
    row = some.tuples(*[TEXT] * size)
    return Table(draw(TEXT), draw(row), tuple(draw(some.lists(row, max_size=3))), draw(TEXT))


def several(one: some.SearchStrategy) -> some.SearchStrategy:
    return some.lists(one, max_size=2).map(tuple)


PAPERS = some.builds(
    Paper,
    TEXT,
    TEXT,
    TEXT,
    lines=several(some.tuples(TEXT, VALUE)),
    figures=several(some.builds(Figure, TEXT, VALUE, TEXT)),
    tables=several(tables()),
    notes=several(TEXT),
    signature=some.none() | some.builds(Signature, TEXT, TEXT, TEXT, TEXT),
    recipients=several(some.builds(Recipient, TEXT, TEXT, TEXT, some.booleans())),
    as_of=TEXT,
    demo=some.booleans(),
)


@given(PAPERS)
def test_a_paper_comes_back_from_json_as_it_was(paper: Paper):
    stored = json.loads(json.dumps(to_json(paper)))
    assert stored == to_json(paper)
    assert from_json(stored) == paper
    assert digest(from_json(stored)) == digest(paper)


@given(PAPERS, PAPERS)
def test_two_papers_have_one_digest_only_when_they_are_equal(one: Paper, other: Paper):
    assert (digest(one) == digest(other)) == (one == other)


CHANGES = {
    "title": "别的月报",
    "number": "",
    "agency": "文成县人民政府",
    "lines": (("报告期", "2026年9月"), ("学校数", "41")),
    "figures": PAPER.figures[::-1],
    "tables": (replace(PAPER.tables[0], empty="无"), PAPER.tables[1]),
    "notes": PAPER.notes[:1],
    "signature": None,
    "recipients": (PAPER.recipients[0], replace(PAPER.recipients[1], late=False)),
    "as_of": "2026年9月30日 23:00",
    "demo": True,
}


def test_every_field_counts_in_the_digest():
    assert {field.name for field in fields(Paper)} == set(CHANGES)
    changed = {digest(replace(PAPER, **{name: value})) for name, value in CHANGES.items()}
    assert len(changed | {digest(PAPER)}) == len(CHANGES) + 1


def test_the_order_of_keys_as_a_database_returns_them_does_not_count():
    assert digest(from_json(dict(reversed(to_json(PAPER).items())))) == digest(PAPER)


def test_the_digest_stays_what_it_was_when_papers_were_first_stored():
    assert digest(Paper("月报", "第1号", "教育局")) == (
        "4ff0ad06cd86da36f25aa69870f7cf1deed4758e4e3f551cd0b8c47faeecec7e"
    )


@pytest.mark.parametrize(
    "change",
    [{"signature": {"agency": "教育局"}}, {"tables": None}, {"stranger": 1}, {"lines": ["报告期"]}],
    ids=str,
)
def test_other_facts_are_refused(change: dict[str, object]):
    with pytest.raises(ValueError):  # noqa: PT011
        from_json({**to_json(PAPER), **change})


@pytest.mark.parametrize(("head", "row"), [((), ()), (("姓名", "学校"), ("王小明",))])
def test_cells_cannot_stand_in_a_wrong_column(head: tuple[str, ...], row: tuple[str, ...]):
    with pytest.raises(ValueError, match="as many cells"):
        Table("名单", head, (row,))


@pytest.mark.parametrize(
    ("signed", "as_of", "day"),
    [
        ("2026年10月12日", "2026-09-30", (2026, 10, 12)),
        ("", "2026-09-30 24:00", (2026, 9, 30)),
        ("2026年13月40日", "2026/9/30", (2026, 9, 30)),
    ],
)
def test_the_day_of_a_file_is_the_day_that_the_paper_states(
    signed: str, as_of: str, day: tuple[int, int, int]
):
    paper = replace(PAPER, signature=Signature("局", "人", "", signed), as_of=as_of)
    assert dated(paper) == datetime(*day, tzinfo=UTC)


def test_a_paper_without_a_day_has_a_fixed_one():
    assert dated(replace(PAPER, signature=None, as_of="")) == UNDATED

"""What a report says, as plain facts: frozen in the database as JSON, rendered from nothing else.

Texts are Chinese, because the documents are. Times are texts, already written as the county reads
them, so that a paper looks the same whenever it is rendered.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

Facts = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """One number that matters, what it counts, and a remark."""

    label: str
    value: str | int
    note: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under a head. empty: what stands there when there are no rows.

    Raises ValueError when a row is not as long as the head: its cells would stand in wrong columns.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""

    def __post_init__(self) -> None:
        if not self.head or any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("Every row needs as many cells as the head, and the head at least one")


@dataclass(frozen=True)
class Signature:
    """Who signed, in which position of which agency, and when."""

    agency: str
    person: str
    position: str
    at: str


@dataclass(frozen=True)
class Recipient:
    """Who was sent the paper. received_at: "" while it is not received. late: after its due day."""

    name: str
    role: str
    received_at: str
    late: bool


@dataclass(frozen=True)
class Paper:
    """A whole report. as_of: the moment whose facts it holds. demo: invented people only."""

    title: str
    number: str
    agency: str
    lines: tuple[tuple[str, str | int], ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    signature: Signature | None = None
    recipients: tuple[Recipient, ...] = ()
    as_of: str = ""
    demo: bool = False


def to_json(paper: Paper) -> Facts:
    """The facts as JSON holds them: dicts, lists, texts, whole numbers, true and false."""
    return {name: _plain(value) for name, value in asdict(paper).items()}


def from_json(facts: Facts) -> Paper:
    """The paper that `to_json` wrote. Raises ValueError when the facts are not those of a paper."""
    try:
        signature = facts["signature"]
        return Paper(
            **{
                **facts,
                "lines": tuple((label, value) for label, value in facts["lines"]),
                "figures": tuple(Figure(**figure) for figure in facts["figures"]),
                "tables": tuple(_table(table) for table in facts["tables"]),
                "notes": tuple(facts["notes"]),
                "signature": Signature(**signature) if signature is not None else None,
                "recipients": tuple(Recipient(**one) for one in facts["recipients"]),
            }
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"Not the facts of a paper: {error}") from error


def digest(paper: Paper) -> str:
    """SHA-256 of the canonical JSON, 64 hex digits: the same for the same facts, for ever."""
    text = json.dumps(to_json(paper), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _table(facts: Facts) -> Table:
    rows = tuple(tuple(row) for row in facts["rows"])
    return Table(**{**facts, "head": tuple(facts["head"]), "rows": rows})

"""A county's profile: its own values and the duties of its document, read from one TOML file.

docs/profiles.md says what stands in it. Everything that is wrong is told at once, each with its
line: a profile is loaded whole or not at all.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from agencies.rules.agency_duties import PARTIES, DutyKind, NumberUnit, When
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import CATALOGUE

HEAD = ("name", "county", "document", "in_force_from")
CLAUSE_ID = re.compile(r"[A-Z][A-Z0-9]{0,5}-\d{2,3}")
REQUIRED = ("id", "place", "kind", "zh", "en")
OF_A_DUTY = ("owed_by", "owed_to", "when")
LISTS = ("owed_by", "owed_to", "obligations", "evidence", "features", "tests")
TEXTS = (*REQUIRED, "when", "context")
LONGEST = 300  # characters of what a clause asks, and of why nobody owes it
OF_A_NUMBER = ("value", "unit", "source", "policy")
LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in which line of the file."""

    line: int
    reason: str


class ProfileRefused(ValueError):
    """Every fault of a file."""

    def __init__(self, file: str, faults: Collection[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("\n".join(f"{file}:{one.line}: {one.reason}" for one in self.faults))


@dataclass(frozen=True)
class Known:
    """What the product has: names of the evidence catalogue, and of pages. None: not looked at."""

    evidence: Collection[str]
    routes: Collection[str]


@dataclass(frozen=True)
class Clause:
    """One clause. numbers: value, unit, source, and the policy key that carries it, if any.

    context: why nobody owes it. tests: files that prove the feature.
    """

    id: str
    place: str
    kind: str
    zh: str
    en: str
    when: str = ""
    context: str = ""
    owed_by: tuple[str, ...] = ()
    owed_to: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    numbers: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Profile:
    name: str
    county: str
    document: str
    in_force_from: date
    values: tuple[Mapping[str, Any], ...]
    clauses: tuple[Clause, ...]


def read(text: str, file: str, known: Known | None = None) -> Profile:
    """The profile in this text. file: its name in the messages.

    Raises ProfileRefused with every fault: a syntax that is no TOML, an unknown word, a clause
    twice, a number without unit or source, a duty that nobody owes.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise ProfileRefused(file, [Fault(line, str(error))]) from None
    faults = list(_faults(given, Lines(text), known))
    if faults:
        raise ProfileRefused(file, faults)
    clauses = tuple(_made(one) for one in given.get("clause", ()))
    head = {key: given[key] for key in HEAD}
    return Profile(**head, values=tuple(given.get("value", ())), clauses=clauses)


class Lines:
    """Finds the line of a key: the parser does not tell where it has read it."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.blocks: dict[str, list[int]] = {"clause": [], "value": []}
        for number, line in enumerate(self.lines, 1):
            for name, starts in self.blocks.items():
                if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line):
                    starts.append(number)

    def of(self, block: str, nth: int, key: str = "") -> int:
        """Of a key in the nth block of a name; of the block itself where the key is missing."""
        starts = self.blocks[block]
        if nth >= len(starts):  # written in another form of TOML
            return 1
        for number in range(starts[nth] + 1, len(self.lines) + 1):
            line = self.lines[number - 1].lstrip()
            if line.startswith("[["):
                break
            if key and re.match(rf"{re.escape(key)}\s*=", line):
                return number
        return starts[nth]

    def head(self, key: str) -> int:
        for number, line in enumerate(self.lines, 1):
            if re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return 1


def _faults(given: Mapping[str, Any], lines: Lines, known: Known | None) -> Iterator[Fault]:
    yield from _head(given, lines)
    blocks: dict[str, list] = {}
    for name in ("value", "clause"):
        blocks[name] = given.get(name, [])
        if not isinstance(blocks[name], list) or not all(isinstance(b, dict) for b in blocks[name]):
            yield Fault(
                lines.head(name), _("Write each %(name)s under [[%(name)s]].") % {"name": name}
            )
            return
    for nth, row in enumerate(blocks["value"]):
        for key, reason in (*_value(row), *_against_clauses(row, blocks["clause"])):
            yield Fault(lines.of("value", nth, key), reason)
    ids = Counter(str(row.get("id")) for row in blocks["clause"])
    for nth, row in enumerate(blocks["clause"]):
        name = str(row.get("id", "?"))
        for key, reason in (*_clause(row, known), *_twice(ids, name)):
            yield Fault(lines.of("clause", nth, key), f"{name}: {reason}")


def _head(given: Mapping[str, Any], lines: Lines) -> Iterator[Fault]:
    for key in HEAD:
        wanted = date if key == "in_force_from" else str
        if not isinstance(given.get(key), wanted) or not given[key]:
            text = _("The file does not say its “%(key)s”, or not as a %(type)s.")
            kind = _("day") if wanted is date else _("text")
            yield Fault(lines.head(key), text % {"key": key, "type": kind})
    for key in given.keys() - {*HEAD, "value", "clause"}:
        yield Fault(lines.head(key), _("“%(key)s” is not known here.") % {"key": key})


def _made(row: Mapping[str, Any]) -> Clause:
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return Clause(**given)


def _value(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A value of a policy key; its source is its clause, or a source of its own."""
    name: Any = row.get("key")
    entry = CATALOGUE.get(name)
    if entry is None:
        yield "key", _("“%(name)s” is no policy key.") % {"name": name}
        return
    if problem := entry.problem(row.get("value")):
        yield "value", _("The value %(problem)s.") % {"problem": problem}
    if not (row.get("clause") or row.get("source")):
        yield "value", _("The number has no source: name its clause.")
    for key in row.keys() - {"key", "value", "clause", "source"}:
        yield key, _("“%(key)s” is not known here.") % {"key": key}


def _against_clauses(row: Mapping[str, Any], clauses: list[dict]) -> Iterator[tuple[str, str]]:
    """The clause that it names stands in the file, and no clause says another number for it."""
    if row.get("clause") and row["clause"] not in [one.get("id") for one in clauses]:
        yield (
            "clause",
            _("The clause “%(id)s” does not stand in this file.") % {"id": row["clause"]},
        )
    for one in clauses:
        numbers = one.get("numbers", ())
        for number in numbers if _list_of(dict, numbers) else ():
            if number.get("policy") == row.get("key") and number.get("value") != row.get("value"):
                yield (
                    "value",
                    _("%(id)s says another number for this value.") % {"id": one.get("id")},
                )


def _twice(ids: Counter[str], name: str) -> Iterator[tuple[str, str]]:
    if ids[name] > 1:
        yield "id", _("The clause stands here %(count)s times.") % {"count": ids[name]}


def _clause(row: Mapping[str, Any], known: Known | None) -> Iterator[tuple[str, str]]:
    shape = list(_shape(row))
    yield from shape
    if shape:
        return  # what is not of its type cannot be looked at more closely
    if not CLAUSE_ID.fullmatch(row["id"]):
        yield "id", _("An id looks like S3-07: letters, a dash, two digits.")
    yield from _words(row, known)
    yield from _who(row)
    for number in row.get("numbers", ()):
        for reason in _number(number):
            yield "numbers", reason


def _who(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A duty says who owes it to whom and when; context says why nobody does."""
    if row["kind"] == DutyKind.CONTEXT:
        if not row.get("context"):
            yield "kind", _("Say in “context” why nobody owes it.")
        return
    for key in OF_A_DUTY:
        if not row.get(key):
            yield key, _("A duty needs “%(key)s”.") % {"key": key}


def _shape(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in REQUIRED:
        if not row.get(key):
            yield key, _("“%(key)s” is missing.") % {"key": key}
    for key, value in row.items():
        if key not in (*TEXTS, *LISTS, "numbers"):
            yield key, _("“%(key)s” is not known here.") % {"key": key}
        elif key in TEXTS and not (isinstance(value, str) and len(value) <= LONGEST):
            text = _("“%(key)s” has to be a text of at most %(most)s characters.")
            yield key, text % {"key": key, "most": LONGEST}
        elif key in LISTS and not _list_of(str, value):
            yield key, _("“%(key)s” has to be a list of texts.") % {"key": key}
        elif key == "numbers" and not _list_of(dict, value):
            yield key, _("A number needs a unit and a source: {value = 5, unit = …, source = …}.")


def _list_of(kind: type, value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _words(row: Mapping[str, Any], known: Known | None) -> Iterator[tuple[str, str]]:
    """Each word that a catalogue does not have."""
    catalogues: dict[str, tuple[Collection[str], str]] = {
        "kind": (DutyKind.values, _("“%(word)s” is no kind of duty.")),
        "when": (When.values, _("“%(word)s” is no time.")),
        "owed_by": (PARTIES, _("“%(word)s” is no kind of agency.")),
        "owed_to": (PARTIES, _("“%(word)s” is no kind of agency.")),
        "obligations": (ObligationKind.values, _("“%(word)s” is no kind of deadline.")),
    }
    if known:
        catalogues["evidence"] = (known.evidence, _("“%(word)s” is no evidence of the catalogue."))
        catalogues["features"] = (known.routes, _("“%(word)s” is no page of the product."))
    for key, (words, reason) in catalogues.items():
        given = row.get(key, ())
        for word in [given] if isinstance(given, str) else given:
            if word not in words:
                yield key, reason % {"word": word}


def _number(number: Mapping[str, Any]) -> Iterator[str]:
    value = number.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield _("A number without its value.")
        return
    if number.get("unit") not in NumberUnit.values:
        given = number.get("unit", "")
        text = _("%(value)s has no unit that is known (“%(unit)s”).")
        yield text % {"value": value, "unit": given}
    if not number.get("source"):
        yield _("%(value)s has no source.") % {"value": value}
    if number.get("policy", "absence.consecutive_days") not in CATALOGUE:
        yield _("“%(name)s” is no policy key.") % {"name": number["policy"]}
    for key in number.keys() - set(OF_A_NUMBER):
        yield _("“%(key)s” is not known here.") % {"key": key}

"""Comparing one row of a roster file with our records: new, changed, unchanged or duplicate.

One child keeps one record: an ID number or any dated student number finds it, and a child who was
entered without an ID number is found by name and date of birth (rule 12).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from agencies.rules import masking
from students.rules.enrollment import Change


class Relative(NamedTuple):
    """A family member who answers for the child."""

    name: str
    relation: str
    phone: str
    is_guardian: bool


class ClassKey(NamedTuple):
    """A class of a school without its row: school year, grade and number."""

    year: int
    grade: int
    number: int


@dataclass(slots=True)
class Entry:
    """What one row of the file says. Blank means that the row says nothing of it."""

    name: str = ""
    sex: str = ""
    born_on: date | None = None
    id_number: str = ""
    student_number: str = ""
    no_id_reason: str = ""
    grade: int = 0
    class_number: int = 0
    ethnicity: str = ""
    registered_at: str = ""
    boarding: bool | None = None
    address: str = ""
    relatives: Sequence[Relative] = ()

    def as_json(self) -> dict[str, Any]:
        """Only what the row says."""
        said = {name: value for name in FIELDS if (value := getattr(self, name)) not in BLANK}
        if self.born_on:
            said["born_on"] = self.born_on.isoformat()
        return said

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Entry":
        entry = cls(**said)
        if isinstance(entry.born_on, str):
            entry.born_on = date.fromisoformat(entry.born_on)
        entry.relatives = tuple(Relative(*one) for one in entry.relatives)
        return entry

    def school_class(self, year: int) -> ClassKey:
        return ClassKey(year, self.grade, self.class_number)


FIELDS = tuple(Entry.__dataclass_fields__)
BLANK = ("", None, (), 0)
# Fields that stand in the student's own row, and are copied as they are.
OWN_FIELDS = ("name", "sex", "born_on", "id_number", "ethnicity", "registered_at", "boarding")


@dataclass(slots=True)
class Stay:
    """The enrollment record that is in force or comes next."""

    pk: int
    school_id: int
    class_pk: int
    class_key: ClassKey
    starts_on: date
    ends_on: date | None


@dataclass(slots=True)
class Number:
    """One dated student number."""

    pk: int
    number: str
    starts_on: date
    ends_on: date | None


@dataclass(slots=True)
class Record:
    """One child of ours, as far as a roster can change it."""

    pk: int
    county_id: int
    name: str
    sex: str
    born_on: date
    id_number: str
    no_id_reason: str
    ethnicity: str
    registered_at: str
    boarding: bool
    died: bool
    household_id: int
    address: str
    region_id: int
    stay: Stay | None = None
    numbers: list[Number] = field(default_factory=list)
    relatives: list[Relative] = field(default_factory=list)

    @property
    def number(self) -> Number | None:
        """The number that is in force."""
        return next((one for one in self.numbers if one.ends_on is None), None)


@dataclass(frozen=True, slots=True)
class Known:
    """Our records that the rows of one batch may mean."""

    records: Mapping[int, Record]
    by_id_number: Mapping[str, int]
    by_number: Mapping[str, int]
    by_name: Mapping[tuple[str, date], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and for which school year the file is read."""

    county_id: int
    school_id: int
    year: int


@dataclass(frozen=True, slots=True)
class Match:
    """What a row means. problem: why it is left out, a code of roster_problems."""

    outcome: str
    record: Record | None = None
    changes: Mapping[str, list[Any]] = field(default_factory=dict)
    problem: str = ""


def match(entry: Entry, known: Known, place: Place) -> Match:
    """Find the child that a faultless row means, and what would change."""
    pks = _found(entry, known)
    if len(pks) > 1:
        return Match("duplicate", problem="two_children")
    if not pks:
        return _by_name(entry, known, place)
    record = known.records[pks.pop()]
    if problem := _elsewhere(entry, record, place):
        return Match("duplicate", record, problem=problem)
    return _compared(entry, record, place)


def _found(entry: Entry, known: Known) -> set[int]:
    keys = (known.by_id_number.get(entry.id_number), known.by_number.get(entry.student_number))
    return {pk for pk in keys if pk is not None}


def _elsewhere(entry: Entry, record: Record, place: Place) -> str:
    if record.county_id != place.county_id:
        return "other_county"
    if record.died:
        return "recorded_as_died"
    if record.stay and record.stay.school_id != place.school_id:
        return "other_school"
    if entry.id_number and record.id_number and entry.id_number != record.id_number:
        return "other_id_number"
    return ""


def _by_name(entry: Entry, known: Known, place: Place) -> Match:
    """Nobody has these numbers: a child of the school of this name and birth date may."""
    if entry.born_on is None:
        return Match("new")
    same = [known.records[pk] for pk in known.by_name.get((entry.name, entry.born_on), ())]
    if not entry.id_number and any(one.id_number for one in same):
        return Match("duplicate", problem="has_id_number")
    without = [one for one in same if not one.id_number]
    if len(without) > 1:
        return Match("duplicate", problem="several_candidates")
    return _compared(entry, without[0], place) if without else Match("new")


def _compared(entry: Entry, record: Record, place: Place) -> Match:
    changes = differences(entry, record, place.year)
    return Match("changed" if changes else "unchanged", record, changes)


def differences(entry: Entry, record: Record, year: int) -> dict[str, list[Any]]:
    """{field: [before, after]} of what the row says otherwise than we do."""
    changes: dict[str, list[Any]] = {}
    for name in OWN_FIELDS:
        said, ours = getattr(entry, name), getattr(record, name)
        if said not in ("", None) and said != ours:
            changes[name] = [ours, said]
    if entry.no_id_reason and not record.id_number and entry.no_id_reason != record.no_id_reason:
        changes["no_id_reason"] = [record.no_id_reason, entry.no_id_reason]
    if entry.address and entry.address != record.address:
        changes["address"] = [record.address, entry.address]
    if entry.student_number and entry.student_number not in {n.number for n in record.numbers}:
        ours = record.number.number if record.number else ""
        changes["student_number"] = [ours, entry.student_number]
    if entry.relatives and list(entry.relatives) != record.relatives:
        changes["relatives"] = [list(record.relatives), list(entry.relatives)]
    wanted = entry.school_class(year)
    if record.stay is None or record.stay.class_key != wanted:
        changes["school_class"] = [record.stay.class_key if record.stay else None, wanted]
    return changes


def shown(changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """The changes as they may be shown and kept: numbers and phones masked, dates as text."""
    return {name: [_shown(name, value) for value in pair] for name, pair in changes.items()}


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if name == "id_number":
        return masking.id_number(value)
    if name == "student_number":
        return masking.student_number(value)
    if name == "relatives":
        return [[one.name, one.relation, masking.phone(one.phone)] for one in value]
    return value


def change_kind(before: ClassKey | None, after: ClassKey, known_child: bool) -> Change:
    """Which change of enrollment (异动) a roster row means."""
    if before is None:
        return Change.TRANSFER_IN if known_child else Change.ENTRY
    if before.year == after.year:
        return Change.CLASS if before.grade == after.grade else Change.CORRECTION
    step = after.grade - before.grade
    if step == after.year - before.year:
        return Change.PROMOTION
    return Change.REPEAT if step < after.year - before.year else Change.SKIP

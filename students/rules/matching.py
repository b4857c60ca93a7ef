"""Whether a row of a list and a record of ours are the same child (S1-49, docs/adr/0020).

Each fact that both sides know adds points: how many bits likelier such an agreement is for one
child than for two (Fellegi and Sunter). What decides besides the points: a differing name or a
different valid number is never settled by a machine, because twins differ in nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import NamedTuple


class Level(StrEnum):
    """How far one fact agrees. UNKNOWN: one of the two sides does not say it."""

    SAME = "same"
    READ = "read"  # written otherwise, read the same
    NEAR = "near"  # one sign otherwise, or birth day and month swapped
    AREA = "area"  # the same township
    OTHER = "other"
    UNKNOWN = "unknown"


class Agreement(NamedTuple):
    """The levels of the facts that are compared, in the order in which a page shows them."""

    name: Level
    number: Level
    born_on: Level
    guardian: Level
    address: Level
    sex: Level

    @property
    def levels(self) -> list[tuple[str, str]]:
        """(fact, level), as a candidate keeps them."""
        return [(fact, str(level)) for fact, level in zip(self._fields, self, strict=True)]


# Points per fact and level. Of 150,000 children two thirds share their name with another one, some
# forty are born on one day, some four hundred live in one village: bench/matching.py.
POINTS: dict[str, dict[Level, float]] = {
    "name": {Level.SAME: 11, Level.READ: 8, Level.NEAR: 2, Level.OTHER: -7},
    "number": {Level.SAME: 20, Level.NEAR: 9, Level.OTHER: -7},
    "born_on": {Level.SAME: 11, Level.NEAR: 4, Level.OTHER: -7},
    "guardian": {Level.SAME: 9, Level.OTHER: -2},
    "address": {Level.SAME: 7, Level.NEAR: 5, Level.AREA: 1, Level.OTHER: -3},
    "sex": {Level.SAME: 1, Level.OTHER: -5},
}
PRIOR = -17  # one record in 130,000 is the one
CERTAIN = 4.0  # points from which a machine may decide: 16 to 1
SHOWN = -6.0  # points from which a person is asked: 1 to 64
MARGIN = 4.0  # points by which the next best must be worse
MOST_SHOWN = 5


@cache
def points(agreement: Agreement) -> float:
    """Bits; there are few different agreements."""
    return PRIOR + sum(
        POINTS[fact].get(level, 0.0)
        for fact, level in zip(Agreement._fields, agreement, strict=True)
    )


def score(agreement: Agreement) -> int:
    """The chance that it is one child, in thousandths."""
    return round(1000 / (1 + 2.0 ** -points(agreement)))


def may_be_settled(agreement: Agreement) -> bool:
    """Whether a machine may decide on this pair: enough points, and nothing that tells twins apart.

    A name that is not the same needs the number; a number that is another valid one needs a person.
    """
    if agreement.number == Level.OTHER or points(agreement) < CERTAIN:
        return False
    by_number = agreement.number in (Level.SAME, Level.NEAR)
    return agreement.name in (Level.SAME, Level.READ) or (
        by_number and agreement.name == Level.NEAR
    )


class Pair(NamedTuple):
    """A row and a record that may be one child. taken: another row of the list means the record."""

    entry: int
    student: int
    agreement: Agreement
    taken: bool = False


@dataclass
class Settled:
    """certain: the pairs that are joined; asked: what a person is shown, best first, by row."""

    certain: list[Pair] = field(default_factory=list)
    asked: dict[int, list[Pair]] = field(default_factory=dict)


def settle(pairs: Iterable[Pair]) -> Settled:
    """Decide on all pairs of a list.

    A pair is certain when neither side has another that comes near it. What is joined takes part
    no more, so a second round may find a row's only remaining record.
    """
    left = sorted(pairs, key=lambda pair: -points(pair.agreement))
    settled = Settled()
    while found := _clear(left):
        settled.certain += found
        entries, students = {one.entry for one in found}, {one.student for one in found}
        left = [
            pair._replace(taken=pair.taken or pair.student in students)
            for pair in left
            if pair.entry not in entries
        ]
    by_entry: dict[int, list[Pair]] = defaultdict(list)
    for pair in left:
        # Who is joined to another row is shown again only where it may be registered twice.
        if not pair.taken or pair.agreement.name in (Level.SAME, Level.READ):
            by_entry[pair.entry].append(pair)
    settled.asked = {entry: several[:MOST_SHOWN] for entry, several in by_entry.items()}
    return settled


def _clear(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs, best first, that may be settled and have no rival of either side."""
    free = [pair for pair in pairs if not pair.taken]
    of_entry: dict[int, list[Pair]] = defaultdict(list)
    of_student: dict[int, list[Pair]] = defaultdict(list)
    for pair in free:
        of_entry[pair.entry].append(pair)
        of_student[pair.student].append(pair)
    return [
        pair
        for pair in free
        if may_be_settled(pair.agreement)
        and _leads(pair, of_entry[pair.entry])
        and _leads(pair, of_student[pair.student])
    ]


def _leads(pair: Pair, rivals: Sequence[Pair]) -> bool:
    """Whether it is the best of these, and the next is clearly worse."""
    if rivals[0] is not pair:
        return False
    return len(rivals) < 2 or points(pair.agreement) - points(rivals[1].agreement) >= MARGIN

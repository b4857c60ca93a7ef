"""Year promotion and the merger of schools: what becomes of each pupil (S2-33, S1-17)."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MoveKind(TextChoices):
    """Why whole rosters move."""

    PROMOTION = "promotion", _("promotion to the next school year")
    MERGER = "merger", _("merger into another school")


class MoveState(TextChoices):
    """A move is prepared, looked at, applied; and can be undone while nothing was built on it."""

    PREPARED = "prepared", _("prepared, to be looked at")
    APPLIED = "applied", _("applied to the rosters")
    UNDONE = "undone", _("undone")


class Fate(TextChoices):
    """What the move does with a pupil."""

    MOVES = "moves", _("goes on")
    REPEATS = "repeats", _("stays back")
    FINISHES = "finishes", _("completes compulsory education")
    LEAVES = "leaves", _("leaves for a school with the next grade")
    LEFT_OUT = "left_out", _("left out")


ENDS = frozenset({Fate.MOVES, Fate.REPEATS, Fate.FINISHES, Fate.LEAVES})
BEGINS = frozenset({Fate.MOVES, Fate.REPEATS})

PROBLEMS: dict[str, Promise] = {
    "old_class": _("on the roster of a class of an earlier year: promote that year first"),
    "roll_taken": _("a roll of this class was taken on or after the first day"),
    "begins_later": _("the enrollment begins on or after the first day"),
    "no_grade": _("the other school does not have this grade"),
}


@dataclass(frozen=True)
class Place:
    """A class of a school year, by grade and number."""

    year: int
    grade: int
    number: int


@dataclass(frozen=True)
class Next:
    """What becomes of the pupils of a class. to: where they go; problem: why they are left out."""

    fate: Fate
    to: Place | None = None
    problem: str = ""


def promoted(place: Place, year: int, last_grade: int, years: int, called: bool) -> Next:
    """Promotion into the school year. called: a roll says something on or after the first day.

    The number of the class is kept. Who finishes the last grade of a school that does not lead to
    the end of compulsory education leaves it: the zone of the home names the next school.
    """
    if place.year != year - 1:
        return Next(Fate.LEFT_OUT, problem="old_class")
    if called:
        return Next(Fate.LEFT_OUT, problem="roll_taken")
    if place.grade >= years:
        return Next(Fate.FINISHES)
    if place.grade >= last_grade:
        return Next(Fate.LEAVES)
    return Next(Fate.MOVES, Place(year, place.grade + 1, place.number))


def repeating(place: Place, year: int) -> Next:
    """The pupil stays in its grade (留级), in the class of the same number."""
    return Next(Fate.REPEATS, Place(year, place.grade, place.number))


def merged(
    places: list[Place], taken: set[Place], first_grade: int, last_grade: int
) -> dict[Place, Next]:
    """Each class stays together under the next free number of its grade at the other school."""
    found, used = {}, set(taken)
    for place in sorted(places, key=lambda one: (one.year, one.grade, one.number)):
        if not first_grade <= place.grade <= last_grade:
            found[place] = Next(Fate.LEFT_OUT, problem="no_grade")
            continue
        beside = [one.number for one in used if (one.year, one.grade) == (place.year, place.grade)]
        to = Place(place.year, place.grade, max(beside, default=0) + 1)
        used.add(to)
        found[place] = Next(Fate.MOVES, to)
    return found

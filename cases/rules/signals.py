"""Signs that a visit may have been written down without having been made: questions, no findings.

Nobody is counted or ranked by them. The bureau asks, and keeps what it was told.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SignalKind(TextChoices):
    MANY = "many", _("Very many visits of one person in a very short time")
    SAME_TEXT = "same_text", _("The same words at several visits")
    TWO_PLACES = "two_places", _("One person in two villages at the same time")
    SAME_PHOTO = "same_photo", _("The same photo at two visits")


class SignalAnswerKind(TextChoices):
    EXPLAINED = "explained", _("explained")
    TALK = "talk", _("to be talked about")


@dataclass(frozen=True)
class Made:
    """A visit as these rules see it; one to a household is one, whatever it counts for.

    people: users who were there; writer: the user who wrote it down; village: where the household
    lives, "" for a visit elsewhere; photos: digests.
    """

    id: int
    at: datetime
    writer: int
    people: frozenset[int]
    in_person: bool
    village: str = ""
    text: str = ""
    photos: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Limits:
    """Policy values: so many visits within so many minutes, so many visits in the same words."""

    visits: int
    minutes: timedelta
    same_texts: int


@dataclass(frozen=True)
class Question:
    """visits: ids, in the order of time."""

    kind: SignalKind
    visits: tuple[int, ...]
    last_at: datetime = field(compare=False)


# "无人在家" is said rightly at many doors: only what is longer than a short sentence is compared.
SHORT = 12
NO_LETTERS = re.compile(r"[\W_]+")


def questions(made: Iterable[Made], limits: Limits) -> list[Question]:
    """Each question once, the newest first."""
    visits = sorted(made, key=lambda one: (one.at, one.id))
    found = {
        *_many(visits, limits),
        *_same_texts(visits, limits),
        *_two_places(visits, limits),
        *_same_photos(visits),
    }
    return sorted(found, key=lambda one: (one.last_at, one.visits, one.kind), reverse=True)


def _many(visits: Sequence[Made], limits: Limits) -> Iterator[Question]:
    """So many visits of one person that nobody can have made them."""
    for mine in _by_person(visits):
        start = 0
        while start < len(mine):
            end = start
            while end < len(mine) and mine[end].at - mine[start].at <= limits.minutes:
                end += 1
            if end - start >= limits.visits:
                yield _question(SignalKind.MANY, mine[start:end])
                start = end
            else:
                start += 1


def _same_texts(visits: Sequence[Made], limits: Limits) -> Iterator[Question]:
    by_text: dict[tuple[int, str], list[Made]] = {}
    for one in visits:
        words = NO_LETTERS.sub("", one.text).casefold()
        if len(words) > SHORT:
            by_text.setdefault((one.writer, words), []).append(one)
    for alike in by_text.values():
        if len(alike) >= limits.same_texts:
            yield _question(SignalKind.SAME_TEXT, alike)


def _two_places(visits: Sequence[Made], limits: Limits) -> Iterator[Question]:
    """At home in one village and in another within the short time: too short for the way."""
    for mine in _by_person([one for one in visits if one.village]):
        for before, after in pairwise(mine):
            if before.village != after.village and after.at - before.at <= limits.minutes:
                yield _question(SignalKind.TWO_PLACES, [before, after])


def _same_photos(visits: Sequence[Made]) -> Iterator[Question]:
    by_photo: dict[str, list[Made]] = {}
    for one in visits:
        for digest in one.photos:
            by_photo.setdefault(digest, []).append(one)
    for alike in by_photo.values():
        if len(alike) > 1:
            yield _question(SignalKind.SAME_PHOTO, alike)


def _by_person(visits: Sequence[Made]) -> Iterator[list[Made]]:
    """The visits in person of each who was there, in the order of time."""
    found: dict[int, list[Made]] = {}
    for one in visits:
        if one.in_person:
            for person in one.people:
                found.setdefault(person, []).append(one)
    yield from found.values()


def _question(kind: SignalKind, visits: Sequence[Made]) -> Question:
    return Question(kind, tuple(one.id for one in visits), visits[-1].at)

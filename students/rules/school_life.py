"""The parents' committee and the activities of a school (S1-20, S2-19): kinds, and what a record
has to say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.errors import Reason


class SeatKind(TextChoices):
    CHAIR = "chair", _("chair")
    DEPUTY = "deputy", _("deputy chair")
    MEMBER = "member", pgettext_lazy("committee", "member")


class EventKind(TextChoices):
    MEETING = "meeting", _("meeting of the parents' committee")
    LEFT_BEHIND = "left_behind", _("activity for left-behind children")
    PARENTS = "parents", _("activity for parents")
    OTHER = "other", _("another activity")


MOST_REACHED = 100_000


@dataclass(frozen=True)
class Event:
    """Something that was held. reach: how many took part; words: minutes, or what was done."""

    kind: str
    title: str
    on: date
    reach: int
    words: str = ""


def problems(event: Event, today: date) -> Iterator[Reason]:
    """Every reason why this record says too little, or what cannot be."""
    if event.kind not in set(EventKind):
        yield Reason("kind", _("There is no such kind."), "/kind")
    if not event.title.strip():
        yield Reason("title", _("The title is missing."), "/title")
    if event.on > today:
        yield Reason("future", _("The day lies in the future."), "/on")
    if not 1 <= event.reach <= MOST_REACHED:
        yield Reason("reach", _("Say how many took part."), "/reach")
    if event.kind == EventKind.MEETING and not event.words.strip():
        yield Reason("words", _("The minutes are missing."), "/words")

"""Tips from the public (S1-31; 义务教育法 9: anyone may report): states, moves, tracking numbers.

A tip is new, looked into, then linked to a case, answered, or no tip; a tip that has ended can be
taken up again, so that a slip in a bulk act is no end.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.errors import Reason

FORGOTTEN_AFTER = timedelta(days=30)  # the hash of the address from which a tip came
AN_HOUR = timedelta(hours=1)
TRIES = 10  # wrong tracking numbers of one address within an hour
MOST_WORDS, MOST_WHERE, MOST_CONTACT, MOST_NOTE = 1000, 200, 100, 400  # characters

# Read aloud on the telephone: without 0 O 1 I L, and of pairs such as 8 B or 5 S only the digit.
ALPHABET = "23456789ACEFHJKMNPRTUWXY"
LENGTH, GROUP = 16, 4  # 24 ** 16: 73 bits, so that the bare hash of a number cannot be searched


class TipKind(TextChoices):
    NOT_IN_SCHOOL = "not_in_school", _("a child does not go to school")
    CHILD_LABOUR = "child_labour", _("a child works")
    PRIVATE_CLASS = "private_class", _("a private class instead of school")
    SENT_AWAY = "sent_away", _("a school turns a child away")
    OTHER = "other", _("something else")


class TipState(TextChoices):
    NEW = "new", pgettext_lazy("tip", "new")
    IN_WORK = "in_work", _("being looked into")
    LINKED = "linked", _("linked to a case")
    ANSWERED = "answered", _("answered")
    SPAM = "spam", _("no tip")


class TipAction(TextChoices):
    TAKE = "take", _("Look into it")
    LINK = "link", _("Link to a child")
    ANSWER = "answer", _("Answer")
    SPAM = "spam", _("No tip")
    REOPEN = "reopen", _("Take up again")


WAITING = frozenset({TipState.NEW, TipState.IN_WORK})
ENDED = frozenset({TipState.LINKED, TipState.ANSWERED, TipState.SPAM})

# From which states to which. An answer to a tip with a case leaves it linked.
MOVES: Mapping[TipAction, Mapping[TipState, TipState]] = {
    TipAction.TAKE: {TipState.NEW: TipState.IN_WORK},
    TipAction.LINK: dict.fromkeys(WAITING | {TipState.ANSWERED}, TipState.LINKED),
    TipAction.ANSWER: {
        **dict.fromkeys(WAITING | {TipState.ANSWERED}, TipState.ANSWERED),
        TipState.LINKED: TipState.LINKED,
    },
    TipAction.SPAM: dict.fromkeys(WAITING, TipState.SPAM),
    TipAction.REOPEN: dict.fromkeys(ENDED, TipState.IN_WORK),
}
NEEDS_WORDS = frozenset({TipAction.ANSWER, TipAction.SPAM, TipAction.REOPEN})

# What whoever sent it is told. Whether there is a case is nobody's business outside.
TOLD: Mapping[TipState, Promise] = {
    TipState.NEW: _("It has come in and will be looked into."),
    TipState.IN_WORK: _("It is being looked into."),
    TipState.LINKED: _("It was looked into."),
    TipState.ANSWERED: _("It was looked into."),
    TipState.SPAM: _("It is closed: there was nothing that could be looked into."),
}


def possible(state: TipState) -> list[TipAction]:
    """What can be done with a tip of this state, in the order of the table."""
    return [action for action, moves in MOVES.items() if state in moves]


def refusal(state: TipState, action: TipAction) -> Reason | None:
    """Why this cannot be done with a tip of this state, or None."""
    if state in MOVES[action]:
        return None
    return Reason("state", _("This is not possible in the present state of the tip."))


def grouped(number: str) -> str:
    """23AC EFHJ KMNP RTUW, as it is written down and read aloud."""
    return " ".join(number[at : at + GROUP] for at in range(0, len(number), GROUP))


def normal(text: str) -> str:
    """The number that was meant: small letters, full-width forms, spaces and dashes do not matter.

    Empty when it can be no tracking number.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    number = "".join(letter for letter in plain if letter.isalnum())
    return number if len(number) == LENGTH and set(number) <= set(ALPHABET) else ""


def receipt(number: str) -> str:
    """What is stored of a tracking number."""
    return hashlib.sha256(number.encode()).hexdigest()

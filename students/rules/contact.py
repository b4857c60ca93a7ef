"""Contacts with a guardian: by which way, who was reached, and when it is an answer (S1-22); what
the record of a home visit says (S1-21: visitors, signature, attachments)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason


class Channel(TextChoices):
    PHONE = "phone", _("by phone")
    MESSAGE = "message", _("by message")
    VIDEO = "video", _("by video call")
    VISIT = "visit", _("at home")
    SCHOOL = "school", _("at school")


class Reached(TextChoices):
    GUARDIAN = "guardian", _("the guardian")
    CARER = "carer", _("who looks after the child")
    STUDENT = "student", _("the child")
    RELATIVE = "relative", _("another relative")
    NOBODY = "nobody", _("nobody")


class Said(TextChoices):
    """What guardians say most often: one tap instead of a text."""

    ILL = "ill", _("is ill")
    ON_THE_WAY = "on_the_way", _("is on the way to school")
    FAMILY = "family", _("something in the family")
    REFUSES = "refuses", _("does not want to go to school")
    ELSEWHERE = "elsewhere", _("is elsewhere, moved or works")
    NOT_KNOWN = "not_known", _("the family does not know where the child is")


def is_answer(reached: str, answer: str) -> bool:
    """Somebody was reached and something was found out; a try alone is a contact, no answer."""
    return reached != Reached.NOBODY and bool(answer.strip())


# A grown-up who answers for the child was spoken to: what the rhythm of a left-behind child asks
# for (S2-18).
TALKS = (Reached.GUARDIAN, Reached.CARER, Reached.RELATIVE)


@dataclass(frozen=True)
class AtHome:
    """What a visit at home has beside other contacts. with_whom: who else visited, if anybody;
    signed_by: who signed the record; unsigned_because: why nobody did."""

    with_whom: str = ""
    signed_by: str = ""
    unsigned_because: str = ""
    has_photo: bool = False


def home_problems(channel: str, reached: str, home: AtHome) -> Iterator[Reason]:
    """A grown-up who was met at home signs the record, or it says why not.

    The documents do not ask for a second visitor: naming one is free.
    """
    if channel != Channel.VISIT:
        if home != AtHome():
            text = _("Visitors, signature and photo belong to a visit at home.")
            yield Reason("not_at_home", text, "/channel")
        return
    if home.signed_by and home.unsigned_because:
        text = _("Either somebody signed, or there is a reason why nobody did.")
        yield Reason("signature", text, "/unsigned_because")
    elif reached in TALKS and not (home.signed_by or home.unsigned_because):
        text = _("Say who signed the record of the visit, or why nobody did.")
        yield Reason("signature", text, "/signed_by")

"""Contacts with a guardian: by which way, who was reached, and when it is an answer (S1-22)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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

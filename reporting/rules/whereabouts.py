"""Where a child is that did not come at the start of term (S1-54), and what follows from it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Whereabouts(TextChoices):
    """去向: one explicit answer for each child that is missing at the term-start check."""

    ARRIVED = "arrived", _("has come; seen in class")
    ON_LEAVE = "on_leave", _("on leave, with a reason")
    LATE_ARRIVAL = "late_arrival", _("comes later, day agreed")
    OTHER_SCHOOL = "other_school", _("attends another school, confirmed")
    MOVED_ABROAD = "moved_abroad", _("moved abroad with the family, proved")
    LAWFUL = "lawful", _("lawful placement, with its proof")
    COMPLETED = "completed", _("compulsory education completed")
    DIED = "died", _("died")
    NOT_OF_AGE = "not_of_age", _("not yet of school age, or deferred")
    SAID_ELSEWHERE = "said_elsewhere", _("said to be elsewhere, not confirmed")
    WORKING = "working", _("said to be working")
    REFUSES = "refuses", _("refuses to come")
    UNKNOWN = "unknown", _("whereabouts unknown")


# "Said to be in Guangdong" is no lawful reason (rule 7): these answers open a case.
OPENS_CASE = frozenset(
    {
        Whereabouts.SAID_ELSEWHERE,
        Whereabouts.WORKING,
        Whereabouts.REFUSES,
        Whereabouts.UNKNOWN,
    }
)
NEEDS_NOTE = frozenset(Whereabouts) - {Whereabouts.ARRIVED}


def is_missing(code: str) -> bool:
    """The answer says that the child is out of school."""
    return code in OPENS_CASE

"""The restricted ledgers of illness and of mental health (疾病、心理健康台账, S2-10)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ledger(TextChoices):
    """Two ledgers, kept apart: who keeps one does not read the other."""

    ILLNESS = "illness", _("ledger of illness")
    MENTAL = "mental", _("ledger of mental health")


class Purpose(TextChoices):
    """Why a keeper opens a ledger: the record of the reading says it."""

    DAILY_CARE = "daily_care", _("care for the child in school")
    WRITING = "writing", _("to write an entry")
    EMERGENCY = "emergency", _("an emergency")
    PLAN = "plan", _("the plan of the child's case")
    CHECK = "check", _("check of the ledger itself")


def counted(number: int, smallest: int) -> int | None:
    """The number, or None for a group so small that it would point to single children.

    smallest: heads of the smallest group that is counted. None is said; no entry at all looks the
    same.
    """
    return number if number >= smallest else None

"""Focus groups (重点群体): an open list of tags with a source and a period (S1-42, rules.md)."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FocusGroup(TextChoices):
    """Two left-behind definitions are kept apart: the ministry's, and that of the province."""

    POOR = "poor", _("registered poor household")
    LEFT_BEHIND_ONE = "left_behind_one", _("left behind: one parent away (school register)")
    LEFT_BEHIND_BOTH = "left_behind_both", _("left behind: both parents away (school register)")
    LEFT_BEHIND_PROVINCE = "left_behind_prov", _("left behind (provincial regulation)")
    MIGRANT = "migrant", _("child of migrant workers")
    DISABLED = "disabled", _("disabled child")
    PARENT_DISABLED = "parent_disabled", _("child of a disabled person")
    PARENT_PRISON = "parent_prison", _("child of a prisoner")
    ORPHAN = "orphan", _("orphan")
    UNSUPPORTED = "unsupported", _("nobody in fact brings it up")
    HARDSHIP = "hardship", _("family in economic difficulty")


# What whoever sees the child may know of it. The other groups speak of illness, poverty or the
# parents: they are seen by those whose duty they are.
OPEN_GROUPS = frozenset(
    {
        FocusGroup.LEFT_BEHIND_ONE,
        FocusGroup.LEFT_BEHIND_BOTH,
        FocusGroup.LEFT_BEHIND_PROVINCE,
        FocusGroup.MIGRANT,
    }
)
# How a parent is called among the adults of a child; grandparents are none.
PARENT = r"^(亲|生|继|养)?[父母]亲?$|^[爸妈]{1,2}$"
REVIEW_KEY = "tag_review"


def seen_groups(*, may_tag: bool) -> tuple[FocusGroup, ...]:
    """The groups that a person may see, in the order of the list."""
    return tuple(one for one in FocusGroup if may_tag or one in OPEN_GROUPS)


def review_key(tag_id: UUID, checked_on: date) -> str:
    """The key of the duty to review a tag after it was last found right."""
    return f"{REVIEW_KEY}:{tag_id}:{checked_on}"


def of_key(key: str) -> tuple[UUID, date]:
    """The tag and the day of a key."""
    _kind, tag_id, checked_on = key.split(":")
    return UUID(tag_id), date.fromisoformat(checked_on)


def review_due(checked_on: date, days: int) -> date:
    """The last day of the next review; days: calendar days (yearly check, law.md 2.4)."""
    return checked_on + timedelta(days=days)

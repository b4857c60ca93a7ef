"""Focus groups (重点群体): an open list of tags with a source and a period (S1-42, rules.md)."""

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

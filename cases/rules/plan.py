"""The plan for a child (一生一案, S1-44, S1-65): causes, a measure for each, what they brought."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Effect(TextChoices):
    SOLVED = "solved", _("the cause is gone")
    BETTER = "better", _("better")
    NONE = "none", _("no effect")
    WORSE = "worse", _("worse")

"""外联保学 (S1-55, S1-60…62): why another county is written to."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Why(TextChoices):
    IS_THERE = "is_there", _("the child is there now")
    REGISTERED = "registered", _("the child is registered there")

"""Service of a paper (送达): a period runs from it, and only with a receipt (rule 15)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    DIRECT = "direct", _("handed over")
    LEFT = "left", _("left at the home, before witnesses")
    POST = "post", _("by post")
    NOTICE = "notice", _("by public notice")
    FAILED = "failed", _("attempted in vain")

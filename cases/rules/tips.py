"""Tips from the public (S1-31; 义务教育法 9: anyone may report)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TipKind(TextChoices):
    NOT_IN_SCHOOL = "not_in_school", _("a child does not go to school")
    CHILD_LABOUR = "child_labour", _("a child works")
    PRIVATE_CLASS = "private_class", _("a private class instead of school")
    SENT_AWAY = "sent_away", _("a school turns a child away")
    OTHER = "other", _("something else")


class TipState(TextChoices):
    NEW = "new", _("new")
    IN_WORK = "in_work", _("being looked into")
    LINKED = "linked", _("linked to a case")
    ANSWERED = "answered", _("answered")
    SPAM = "spam", _("no tip")

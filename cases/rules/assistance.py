"""Kinds of help that a household can get (S1-06, S1-25)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssistanceKind(TextChoices):
    MONEY = "money", _("money")
    BOARDING = "boarding", _("boarding")
    MEALS = "meals", _("meals")
    TUTORING = "tutoring", _("tutoring")
    TRANSPORT = "transport", _("transport")
    CIVIL_AFFAIRS = "civil_affairs", _("aid by civil affairs")
    FINANCE = "finance", _("aid by finance")
    MATERIAL = "material", _("books, clothes and other things")
    COUNSELLING = "counselling", _("counselling")
    OTHER = "other", pgettext_lazy("assistance", "other help")

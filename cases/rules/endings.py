"""Other ends of an episode than the followed-up return, and what each has to rest on."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ending(TextChoices):
    COMPLETED = "completed", _("grade 9 completed")
    ELSEWHERE = "elsewhere", _("confirmed at another school")
    PLACEMENT = "placement", _("lawful placement")
    ABROAD = "abroad", _("moved abroad")
    DIED = "died", _("died")
    MISTAKE = "mistake", _("opened by mistake")

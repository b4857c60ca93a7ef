"""The legal ladder with the guardians (rule 15): each rung has a basis, a service and a time."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Counting(TextChoices):
    CALENDAR = "calendar_days", _("calendar days")
    WORKING = "working_days", _("working days")


class StepOutcome(TextChoices):
    COMPLIED = "complied", _("the child is back")
    PROMISED = "promised", _("promised, not yet done")
    NOT_COMPLIED = "not_complied", _("not complied with")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DECIDED = "decided", _("decided by the competent organ")

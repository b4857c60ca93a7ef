"""The reports on opening a case, each with a receipt of its own (S1-57, S1-19)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseReport(models.Model):
    """To the bureau, to the township of the home and to the township of the school."""

    class Role(models.TextChoices):
        BUREAU = "bureau", _("to the education bureau")
        HOME_TOWNSHIP = "home_township", _("to the township of the home")
        SCHOOL_TOWNSHIP = "school_township", _("to the township of the school")

    episode = models.ForeignKey("cases.Episode", models.CASCADE, related_name="reports")
    role = models.CharField(max_length=16, choices=Role.choices)
    recipient = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "case report"
        constraints = [models.UniqueConstraint(fields=["episode", "recipient"], name="report_once")]

    def __str__(self) -> str:
        return str(self.recipient)

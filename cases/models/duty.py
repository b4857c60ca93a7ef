"""A case's links to the obligations that follow from its state."""

from django.db import models


class CaseObligation(models.Model):
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="obligations")
    obligation = models.OneToOneField("agencies.Obligation", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "case obligation"

    def __str__(self) -> str:
        return str(self.obligation)

"""A case's links to the obligations that follow from its state."""

from django.db import models

from cases.rules.team import Seat


class CaseObligation(models.Model):
    """seat: which of the six does it, so that six on one is six people doing six things."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="obligations")
    obligation = models.OneToOneField("agencies.Obligation", models.CASCADE, related_name="+")
    seat = models.CharField(max_length=16, choices=Seat.choices, blank=True)

    class Meta:
        verbose_name = "case obligation"

    def __str__(self) -> str:
        return str(self.obligation)

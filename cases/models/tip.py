"""Tips from the public (检举、线索, S1-31): no login, a tracking number, never echoed."""

from django.db import models

from agencies.models.bases import PublicModel
from cases.rules.tips import TipKind, TipState


class Tip(PublicModel):
    """What somebody saw, and where. receipt: hash of the tracking number; contact: sealed.

    source: keyed hash of the network address, forgotten after a month (rules/tips.py).
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    region = models.ForeignKey("agencies.Region", models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16, choices=TipKind.choices)
    what = models.TextField(max_length=1000)
    where = models.CharField(max_length=200, blank=True)
    contact = models.BinaryField(default=bytes)
    receipt = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=TipState.choices, default=TipState.NEW)
    version = models.PositiveIntegerField(default=1)
    obligation = models.OneToOneField(
        "agencies.Obligation", models.PROTECT, null=True, related_name="+"
    )
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="tips")
    reply = models.TextField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "tip"
        indexes = [
            models.Index(fields=["county", "state", "-received_at"], name="tip_queue"),
            models.Index(fields=["source", "received_at"], name="tip_source"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class TipStep(models.Model):
    """What was done with a tip, one row each, append-only."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=TipState.choices)
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "step of a tip"

    def __str__(self) -> str:
        return self.state


class WrongNumber(models.Model):
    """Somebody asked for a tracking number that no tip has. source: as of a tip."""

    source = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "wrong tracking number"
        indexes = [models.Index(fields=["source", "at"], name="wrong_number_source")]

    def __str__(self) -> str:
        return self.source[:8]


class SpentProof(models.Model):
    """A proof of work that was used: nobody sends a second tip with it."""

    nonce = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "spent proof of work"

    def __str__(self) -> str:
        return self.nonce

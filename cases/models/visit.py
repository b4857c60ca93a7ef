"""Visits and other contacts: who was there, who was reached, what came of it."""

from django.db import models

from agencies.models.bases import PublicModel
from cases.rules.visits import Outcome, Place, Reached


class Visit(PublicModel):
    """Safe to repeat: the same client_id is one visit."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="visits")
    episode = models.PositiveSmallIntegerField()
    client_id = models.UUIDField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    present = models.ManyToManyField("agencies.Post", related_name="+")
    place = models.CharField(max_length=12, choices=Place.choices)
    reached = models.CharField(max_length=12, choices=Reached.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    next_on = models.DateField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        verbose_name = "visit"
        constraints = [
            models.UniqueConstraint(fields=["case", "client_id"], name="visit_recorded_once")
        ]
        indexes = [models.Index(fields=["case", "at"], name="visit_case")]

    def __str__(self) -> str:
        return str(self.at)

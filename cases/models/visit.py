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
    # A visit to the household counts for all its children: theirs point to the one that was made.
    made_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="counted_as")

    class Meta:
        verbose_name = "visit"
        constraints = [
            models.UniqueConstraint(fields=["case", "client_id"], name="visit_recorded_once")
        ]
        indexes = [models.Index(fields=["case", "at"], name="visit_case")]

    def __str__(self) -> str:
        return str(self.at)


class VisitPhoto(PublicModel):
    """A photo of a visit, re-encoded on the server: no program, no place, no camera in it."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    file = models.ForeignKey("agencies.StoredFile", models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("agencies.StoredFile", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "photo of a visit"
        constraints = [models.UniqueConstraint(fields=["visit", "digest"], name="photo_once")]

    def __str__(self) -> str:
        return str(self.public_id)

"""Lawful reasons not to be in class, each with a proof and an end (rule 7)."""

from typing import Self

from django.db import models

from agencies.models.bases import (
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
    no_overlap,
)
from students.rules.enrollment import PlacementFacts, PlacementKind


class PlacementQuerySet(PeriodQuerySet):
    def unreturned_before(self, day: object) -> Self:
        """Ended before this day, and nobody recorded that the child is back."""
        return self.filter(ends_on__lt=day, returned_on__isnull=True)


class Placement(PublicModel, PeriodModel):
    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=20, choices=PlacementKind.choices)
    ends_on = models.DateField()
    proof = models.CharField(max_length=200)
    approved_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    returned_on = models.DateField(null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "placement"
        constraints = [
            ends_after_start("placement_ends_after_start"),
            no_overlap("one_placement_at_a_time", "student"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}"

    @property
    def facts(self) -> PlacementFacts:
        return PlacementFacts(self.kind, self.starts_on, self.ends_on, self.proof, self.returned_on)

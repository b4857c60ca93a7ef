"""Lawful reasons not to be in class, each with a proof and an end (rule 7)."""

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import DateField, F, Value
from django.db.models.functions import Cast, Least

from agencies.models.bases import (
    DateRange,
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
)
from students.rules.enrollment import PlacementFacts, PlacementKind


class PlacementQuerySet(PeriodQuerySet):
    def unreturned_before(self, day: object) -> Self:
        """Ended before this day, and nobody recorded that the child is back."""
        return self.filter(ends_on__lt=day, returned_on__isnull=True)


# The first day on which the child is to be in class again: it came back, or the placement is over.
BACK = Least(Cast(F("ends_on") + Value(1), DateField()), F("returned_on"))


class Placement(PublicModel, PeriodModel):
    """fitness: the proof that the child is fit for school again, of a return after illness."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=20, choices=PlacementKind.choices)
    ends_on = models.DateField()
    proof = models.CharField(max_length=200)
    approved_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    returned_on = models.DateField(null=True, blank=True)
    fitness = models.CharField(max_length=200, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "placement"
        constraints = [
            ends_after_start("placement_ends_after_start"),
            ExclusionConstraint(
                name="one_placement_at_a_time",
                expressions=[
                    (
                        DateRange("starts_on", BACK, RangeBoundary(inclusive_lower=True)),
                        RangeOperators.OVERLAPS,
                    ),
                    ("student", RangeOperators.EQUAL),
                ],
                violation_error_message="There is already an entry for this period.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}"

    @property
    def facts(self) -> PlacementFacts:
        return PlacementFacts(self.kind, self.starts_on, self.ends_on, self.proof, self.returned_on)

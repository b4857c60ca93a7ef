"""Who in fact looks after a left-behind child while its parents are away (S2-17)."""

from django.db import models

from agencies.models.bases import (
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
    no_overlap,
)


class Carer(PublicModel, PeriodModel):
    """One at a time; whoever looked after the child before is kept with the dates."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="carers")
    name = models.CharField(max_length=40)
    relation = models.CharField(max_length=20)
    phone = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "carer"
        constraints = [
            ends_after_start("carer_ends_after_start"),
            no_overlap("one_carer_at_a_time", "student"),
        ]

    def __str__(self) -> str:
        return self.relation

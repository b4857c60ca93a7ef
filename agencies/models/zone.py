"""Zones (包片、包校): which leader answers for which region, which cadre for which school."""

from django.db import models
from django.db.models import Q

from agencies.models.bases import PeriodModel, PeriodQuerySet, ends_after_start


class Zone(PeriodModel):
    """A post answers for a region (包片) or for a school (包校). Source: S1-63."""

    post = models.ForeignKey("agencies.Post", models.CASCADE, related_name="zones")
    region = models.ForeignKey("agencies.Region", models.PROTECT, null=True, blank=True)
    school = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "zone"
        constraints = [
            ends_after_start("zone_ends_after_start"),
            models.CheckConstraint(
                name="zone_region_or_school",
                condition=Q(region__isnull=False, school__isnull=True)
                | Q(region__isnull=True, school__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.region or self.school)

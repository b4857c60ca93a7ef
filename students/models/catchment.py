"""Catchments (招生片区): which school the children of a place enter without examination."""

from django.db import models
from django.db.models import Q

from agencies.models.bases import PeriodModel, PeriodQuerySet, ends_after_start, no_overlap


class Catchment(PeriodModel):
    """The region enters grade 1 or grade 7 of this school (免试就近入学, 义务教育法 12).

    A village's own row goes before that of its township.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    region = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="catchments")
    grade = models.PositiveSmallIntegerField()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "catchment"
        constraints = [
            ends_after_start("catchment_ends_after_start"),
            no_overlap("one_school_a_place", "region", "grade"),
            models.CheckConstraint(name="catchment_grade", condition=Q(grade__in=(1, 7))),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.grade}"

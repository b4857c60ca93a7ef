"""Agencies: the bodies that owe duties, schools among them."""

from django.db import models

from agencies.models.bases import PeriodModel, PeriodQuerySet, PublicModel
from agencies.rules.duties import AgencyKind


class AgencyQuerySet(PeriodQuerySet):
    def schools(self) -> "AgencyQuerySet":
        return self.filter(kind=AgencyKind.SCHOOL)


class Agency(PublicModel, PeriodModel):
    """A body of one kind with its seat in a region. A school's code is its 学校标识码.

    successor: the body that took over from the day after the last one (工商局 → 市场监管局).
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    region = models.ForeignKey("agencies.Region", models.PROTECT, related_name="agencies")
    kind = models.CharField(max_length=16, choices=AgencyKind.choices)
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=12, blank=True)
    first_grade = models.PositiveSmallIntegerField(null=True, blank=True)
    last_grade = models.PositiveSmallIntegerField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = "agency"
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(kind=AgencyKind.SCHOOL), name="school_code_once"
            )
        ]
        indexes = [models.Index(fields=["county", "kind"], name="agency_county_kind")]

    def __str__(self) -> str:
        return self.name

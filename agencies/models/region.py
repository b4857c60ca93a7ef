"""The region tree: county, townships, villages, with codes and validity."""

from typing import Self

from django.db import models

from agencies.models.bases import PeriodModel, PeriodQuerySet
from agencies.rules.region_code import Level


class RegionQuerySet(PeriodQuerySet):
    def within(self, path: str) -> Self:
        return self.filter(path__startswith=path)


class Region(PeriodModel):
    """A county, township or village. Units merge: a successor takes over from the next day."""

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=[(level.value, level.value) for level in Level])
    path = models.CharField(max_length=12)
    county = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "region"
        constraints = [
            models.UniqueConstraint(fields=["code", "starts_on"], name="region_code_once"),
        ]
        indexes = [
            models.Index(fields=["path"], opclasses=["text_pattern_ops"], name="region_path")
        ]

    def __str__(self) -> str:
        return self.name

"""Focus tags of a child: which group, from when to when, who says so, who reviewed it (S1-42)."""

from datetime import date

from django.db import models

from agencies.models.bases import (
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
    no_overlap,
)
from students.rules.focus import FocusGroup


class FocusTag(PublicModel, PeriodModel):
    """batch: the list that it came with; without one a person set it."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="tags")
    group = models.CharField(max_length=20, choices=FocusGroup.choices)
    source = models.CharField(max_length=200)
    batch = models.ForeignKey("students.PersonList", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    reviewed_on = models.DateField(null=True, blank=True)
    reviewed_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "focus tag"
        constraints = [
            ends_after_start("focus_tag_ends_after_start"),
            no_overlap("one_tag_of_a_group_at_a_time", "student", "group"),
        ]
        indexes = [models.Index(fields=["county", "group"], name="focus_tag_group")]

    def __str__(self) -> str:
        return f"{self.group} {self.starts_on}"

    @property
    def checked_on(self) -> date:
        """The day on which somebody last said that it holds."""
        return self.reviewed_on or self.starts_on

    def runs_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)

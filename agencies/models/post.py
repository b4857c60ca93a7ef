"""Posts: a person holds a position in an agency for a period."""

from datetime import date
from typing import Self

from django.db import models

from agencies.models.bases import (
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
    no_overlap,
    valid_on,
)
from agencies.rules.duties import Position


class PostQuerySet(PeriodQuerySet):
    def held_on(self, day: date) -> Self:
        """In force on the day, with an account that works."""
        return self.filter(valid_on(day), user__is_active=True)


class Post(PublicModel, PeriodModel):
    """Who, where, as what, from when to when. Duties follow from the position."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    user = models.ForeignKey("agencies.User", models.PROTECT, related_name="posts")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="posts")
    position = models.CharField(max_length=20, choices=Position.choices)
    title = models.CharField(max_length=40, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "post"
        constraints = [
            ends_after_start("post_ends_after_start"),
            no_overlap("post_once_at_a_time", "user", "agency", "position"),
        ]
        indexes = [
            models.Index(fields=["agency", "position"], name="post_agency_position"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.get_position_display()}"

"""What a school does with families: parents' committee, meetings, activities (S1-20, S2-19).

Home visits (S1-21) are contacts with the guardian at home: GuardianContact.
"""

from typing import Self

from django.db import models

from agencies.models.bases import PeriodModel, PeriodQuerySet, PublicModel, ends_after_start
from students.rules.school_life import EventKind, SeatKind


class CommitteeSeat(PublicModel, PeriodModel):
    """A parent in the committee of a school. of_class: of which class, in words."""

    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=SeatKind.choices)
    of_class = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "seat in a parents' committee"
        verbose_name_plural = "seats in parents' committees"
        constraints = [
            ends_after_start("committee_seat_ends_after_start"),
            models.UniqueConstraint(
                fields=["school", "name", "starts_on"], name="committee_seat_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class SchoolEventQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Without those that were wrong and taken back."""
        return self.filter(taken_back_at__isnull=True)


class SchoolEvent(PublicModel):
    """A meeting or an activity that was held. reach: how many took part."""

    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    title = models.CharField(max_length=100)
    on = models.DateField()
    reach = models.PositiveIntegerField()
    words = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_because = models.CharField(max_length=200, blank=True)

    objects = SchoolEventQuerySet.as_manager()

    class Meta:
        verbose_name = "event of a school"
        verbose_name_plural = "events of schools"
        constraints = [
            models.UniqueConstraint(
                fields=["school", "kind", "title", "on"],
                condition=models.Q(taken_back_at__isnull=True),
                name="school_event_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

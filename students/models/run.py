"""Runs of unexcused absence as rows: written when a roll is saved, read by whoever needs them."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q


class AbsenceRunQuerySet(models.QuerySet):
    def going_on(self, day: date) -> Self:
        """Begun by this day and not ended by it."""
        return self.filter(starts_on__lte=day).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=day)
        )

    def crossed(self) -> Self:
        return self.filter(crossed_on__isnull=False)


class AbsenceRun(models.Model):
    """A fact, recomputed from the rolls of the term, never counted up (speed.md)."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="runs")
    term = models.ForeignKey("students.Term", models.PROTECT, related_name="+")
    starts_on = models.DateField()
    last_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    unknown_days = models.PositiveSmallIntegerField(default=0)
    crossed_on = models.DateField(null=True, blank=True)
    rests_on_unknown = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)

    objects = AbsenceRunQuerySet.as_manager()

    class Meta:
        verbose_name = "absence run"
        constraints = [models.UniqueConstraint(fields=["student", "starts_on"], name="run_once")]
        indexes = [
            models.Index(
                fields=["county", "crossed_on"],
                name="run_crossed",
                condition=Q(crossed_on__isnull=False),
            ),
            models.Index(
                fields=["county", "term"], name="run_going_on", condition=Q(ended_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.days}"

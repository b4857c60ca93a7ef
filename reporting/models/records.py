"""Records that do not fit the child, and the marks in the national system (S1-47)."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.scope import Scope
from reporting.rules.records import Closing, FindingKind


class ConsistencyFindingQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def visible_to(self, scope: Scope) -> Self:
        """Of the own school, or of the whole county."""
        rows = self.filter(county_id=scope.county_id)
        return rows if scope.everything else rows.filter(agency__in=scope.school_ids)


class ConsistencyFinding(PublicModel):
    """One child whose record does not fit. agency: who has to clear it.

    holds: the last sweep still saw it. What is explained in writing is closed and may still hold;
    what holds no more was corrected.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=14, choices=FindingKind.choices)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=12)
    found_on = models.DateField()
    holds = models.BooleanField(default=True)
    closed_on = models.DateField(null=True, blank=True)
    closing = models.CharField(max_length=10, choices=Closing.choices, blank=True)
    explanation = models.CharField(max_length=400, blank=True)
    closed_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    objects = ConsistencyFindingQuerySet.as_manager()

    class Meta:
        verbose_name = "finding on a record"
        constraints = [
            models.UniqueConstraint(
                fields=["student", "kind"], condition=Q(holds=True), name="finding_holds_once"
            ),
            models.CheckConstraint(
                name="finding_open_holds", condition=Q(holds=True) | Q(closed_on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "kind", "found_on"],
                name="finding_open",
                condition=Q(closed_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.found_on}"

    @property
    def key(self) -> str:
        """The key of the duty to clear it."""
        return f"consistency:{self.public_id}"


class SystemMark(PublicModel):
    """The child is marked as a dropout in the national system (已在学籍系统标注).

    operator: who did it there; by: who noted it here. off_on: the day the mark was taken off.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="system_marks")
    marked_on = models.DateField()
    operator = models.CharField(max_length=40)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    off_on = models.DateField(null=True, blank=True)
    off_operator = models.CharField(max_length=40, blank=True)
    off_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "mark in the national system"
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(off_on__isnull=True), name="one_open_system_mark"
            )
        ]

    def __str__(self) -> str:
        return str(self.marked_on)

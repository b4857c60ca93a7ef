"""Whole rosters that move: a promotion or a merger as one step that can be looked at and undone."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.scope import Scope
from students.rules.moving import Fate, MoveKind, MoveState


class RosterMoveQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Of the own school, also of one that is to become part of it; the bureau sees all."""
        rows = self.filter(county_id=scope.county_id)
        if scope.everything:
            return rows
        return rows.filter(Q(school__in=scope.school_ids) | Q(target__in=scope.school_ids))


class RosterMove(PublicModel):
    """One step of one school. target: of a merger. undo: what else it changed, to be put back."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=MoveKind.choices)
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    target = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    first_day = models.DateField()
    school_year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=MoveState.choices, default=MoveState.PREPARED)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    undo = models.JSONField(default=dict)

    objects = RosterMoveQuerySet.as_manager()

    class Meta:
        verbose_name = "roster move"
        constraints = [
            models.UniqueConstraint(
                fields=["school", "kind"],
                condition=Q(state=MoveState.PREPARED),
                name="one_prepared_move",
            ),
        ]
        indexes = [models.Index(fields=["county", "-prepared_at"], name="roster_move_county")]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_day}"


class RosterMoveRow(models.Model):
    """One pupil. before: the enrollment that ends; to_*: the class; after: the one that began."""

    move = models.ForeignKey(RosterMove, models.CASCADE, related_name="rows")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="+")
    before = models.ForeignKey("students.EnrollmentRecord", models.PROTECT, related_name="+")
    from_class = models.ForeignKey("students.SchoolClass", models.PROTECT, related_name="+")
    was_to_end_on = models.DateField(null=True, blank=True)
    fate = models.CharField(max_length=10, choices=Fate.choices)
    to_year = models.PositiveSmallIntegerField(null=True, blank=True)
    to_grade = models.PositiveSmallIntegerField(null=True, blank=True)
    to_number = models.PositiveSmallIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=20, blank=True)
    after = models.ForeignKey(
        "students.EnrollmentRecord", models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "row of a roster move"
        constraints = [models.UniqueConstraint(fields=["move", "student"], name="move_row_once")]

    def __str__(self) -> str:
        return self.fate

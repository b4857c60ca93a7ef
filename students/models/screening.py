"""Screening rounds (排查): rounds, who goes where, the children asked about, what was found."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from agencies.models.bases import PublicModel
from agencies.rules.scope import Scope
from students.rules.focus import FocusGroup
from students.rules.screening import Found, RoundKind, Stage


class ScreeningRound(PublicModel):
    """One round. areas: paths of regions, none for the whole county; groups: none for all children.

    term: of a round that opened by itself. closed_at: nothing is recorded any more.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=RoundKind.choices)
    title = models.CharField(max_length=80)
    term = models.ForeignKey("students.Term", models.PROTECT, null=True, related_name="+")
    opens_on = models.DateField()
    stage = models.CharField(max_length=8, choices=Stage.choices, blank=True)
    groups = ArrayField(models.CharField(max_length=20, choices=FocusGroup.choices), default=list)
    areas = ArrayField(models.CharField(max_length=12), default=list)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "screening round"
        constraints = [models.UniqueConstraint(fields=["term"], name="screening_once_a_term")]
        indexes = [models.Index(fields=["county", "-opens_on"], name="screening_county")]

    def __str__(self) -> str:
        return f"{self.kind} {self.opens_on}"


class ScreeningTask(models.Model):
    """A village, or a group of its houses, and the post that goes there; None: nobody yet.

    houses: as addresses name them ("3组"); "" for what no other task of the village names.
    """

    round = models.ForeignKey(ScreeningRound, models.CASCADE, related_name="tasks")
    village = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    houses = models.CharField(max_length=20, blank=True)
    post = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "screening task"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "village", "houses"], name="screening_task_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.houses}"


class ScreenedChildQuerySet(models.QuerySet):
    def within(self, scope: Scope) -> Self:
        """The rows of the villages that the person answers for."""
        if scope.everything:
            return self.filter(round__county_id=scope.county_id)
        q = models.Q(pk__in=[])
        for path in scope.paths:
            q |= models.Q(village__path__startswith=path)
        return self.filter(q, round__county_id=scope.county_id)


class ScreenedChild(models.Model):
    """A child that a round asks about, where it lived then. found: "" while nobody has asked.

    student: None once nobody existed whom it named; the answer that somebody gave stays.
    """

    round = models.ForeignKey(ScreeningRound, models.CASCADE, related_name="children")
    student = models.ForeignKey(
        "students.Student", models.PROTECT, null=True, related_name="screenings"
    )
    village = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    found = models.CharField(max_length=14, choices=Found.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    objects = ScreenedChildQuerySet.as_manager()

    class Meta:
        verbose_name = "child of a screening round"
        constraints = [
            models.UniqueConstraint(fields=["round", "student"], name="screened_once_a_round"),
            models.CheckConstraint(
                name="screened_child_or_answer",
                condition=models.Q(student__isnull=False) | ~models.Q(found=""),
            ),
        ]
        indexes = [models.Index(fields=["round", "village", "found"], name="screened_village")]

    def __str__(self) -> str:
        return f"{self.village} {self.found}"


class ScreeningResult(models.Model):
    """One answer as it was sent; the last stands on the child.

    client_id: made by the sender; sent twice in a round is one answer.
    """

    child = models.ForeignKey(ScreenedChild, models.PROTECT, related_name="results")
    client_id = models.UUIDField()
    found = models.CharField(max_length=14, choices=Found.choices)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "result of a screening"
        constraints = [
            models.UniqueConstraint(fields=["child", "client_id"], name="screening_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.found}"

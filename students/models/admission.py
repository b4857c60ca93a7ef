"""Admission notices and the applications of migrant families."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.scope import Scope
from students.rules.admission import ENTRY_GRADES, Outcome


class AdmissionNoticeQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Of the own school, or of the whole county."""
        rows = self.filter(county_id=scope.county_id)
        return rows if scope.everything else rows.filter(school__in=scope.school_ids)

    def standing(self) -> Self:
        """Without those that were cancelled."""
        return self.filter(cancelled_on__isnull=True)


class AdmissionNotice(PublicModel):
    """One numbered notice (入学通知书). facts: what it says, as it was when it was made.

    first: the first number of those that were made together; they are delivered by one day.
    cancelled_on: it holds no more, and its number is not used again.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="notices")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    school_year = models.PositiveSmallIntegerField()
    grade = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    village = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    issued_on = models.DateField()
    issued_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    delivered_on = models.DateField(null=True, blank=True)
    receiver = models.CharField(max_length=40, blank=True)
    delivered_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    cancelled_because = models.CharField(max_length=200, blank=True)

    objects = AdmissionNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "admission notice"
        constraints = [
            models.UniqueConstraint(
                fields=["student", "school_year"],
                condition=Q(cancelled_on__isnull=True),
                name="one_notice_a_year",
            ),
            models.UniqueConstraint(
                fields=["school", "school_year", "number"], name="notice_number_once"
            ),
            models.CheckConstraint(
                name="notice_of_entry_grade", condition=Q(grade__in=ENTRY_GRADES)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_year} {self.number}"

    @property
    def key(self) -> str:
        """The key of the duty to deliver those that were made together."""
        return f"notice:{self.school.public_id}:{self.school_year}:{self.first}"


class MigrantApplication(PublicModel):
    """A migrant family asks for a school (随迁子女). asked, given: documents, see rules."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    born_on = models.DateField()
    guardian = models.CharField(max_length=40)
    phone = models.CharField(max_length=20, blank=True)
    lives_in = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    home = models.CharField(max_length=120)
    grade = models.PositiveSmallIntegerField()
    asked = models.JSONField(default=list)
    given = models.JSONField(default=list)
    asked_on = models.DateField()
    recorded_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    school = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    because = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "application of a migrant family"
        indexes = [models.Index(fields=["county", "outcome", "asked_on"], name="migrant_outcome")]

    def __str__(self) -> str:
        return f"{self.asked_on} {self.outcome}"

    @property
    def key(self) -> str:
        """The key of the bureau's duty to decide."""
        return f"migrant:{self.public_id}"

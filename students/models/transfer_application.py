"""Applications for a transfer: from the guardian's words to the confirmation of the other side."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.scope import Scope
from students.rules.transfer import OPEN, Step


class TransferApplicationQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(step__in=sorted(OPEN))

    def visible_to(self, scope: Scope) -> Self:
        """The school that sends, the school of the county that is to take in, and the bureau."""
        if scope.everything:
            return self.filter(county_id=scope.county_id)
        mine = scope.school_ids
        return self.filter(
            Q(school__in=mine) | (Q(to_school__in=mine) & ~Q(step=Step.ASKED)),
            county_id=scope.county_id,
        )


class TransferApplication(PublicModel):
    """One application. to_school: where it is a school of this county; because: of a refusal.

    transfer, record: made and ended when the school agrees; a refusal opens the record again.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="applications")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_by = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    to = models.CharField(max_length=120)
    to_school = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.ASKED)
    recorded_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    agreed_on = models.DateField(null=True, blank=True)
    agreed_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    because = models.CharField(max_length=200, blank=True)
    record = models.ForeignKey(
        "students.EnrollmentRecord", models.PROTECT, null=True, related_name="+"
    )
    transfer = models.OneToOneField(
        "students.Transfer", models.PROTECT, null=True, related_name="application"
    )

    objects = TransferApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "transfer application"
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(step__in=sorted(OPEN)), name="one_open_application"
            )
        ]
        indexes = [
            models.Index(fields=["county", "step", "asked_on"], name="application_step"),
        ]

    def __str__(self) -> str:
        return f"{self.asked_on} {self.step}"

    @property
    def key(self) -> str:
        """The key of the bureau's duty to decide."""
        return f"transfer_decide:{self.public_id}"

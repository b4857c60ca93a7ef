"""Applications for a lawful absence: asked with a scanned proof, decided by another person."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models.bases import PublicModel, ends_after_start
from students.rules.enrollment import PlacementKind
from students.rules.placement_kinds import Asked, Incapacity, Issuer


class PlacementApplicationQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(state=PlacementApplication.State.ASKED)


class PlacementApplication(PublicModel):
    """The fields of the form of law.md 2.5; health data, so its page is only for who decides.

    to: the body that is asked. months: of rest, as the hospital certifies. due_entry: the day on
    which the child should have entered. late: a renewal that was asked for after its last day.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waits for the decision")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey(
        "students.Student", models.PROTECT, related_name="placement_applications"
    )
    kind = models.CharField(max_length=20, choices=PlacementKind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    applicant = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    due_entry = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=500, blank=True)
    incapacity = models.CharField(max_length=10, choices=Incapacity.choices, blank=True)
    proof = models.CharField(max_length=200)
    issuer = models.CharField(max_length=12, choices=Issuer.choices, blank=True)
    issued_by = models.CharField(max_length=80, blank=True)
    opinion = models.TextField(max_length=1000, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    file = models.ForeignKey("agencies.StoredFile", models.PROTECT, null=True, related_name="+")
    late = models.BooleanField(default=False)
    to = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    asked_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    placement = models.OneToOneField(
        "students.Placement", models.PROTECT, null=True, related_name="application"
    )

    objects = PlacementApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "placement application"
        constraints = [
            ends_after_start("placement_application_ends_after_start"),
            models.UniqueConstraint(
                fields=["student"],
                condition=Q(state="asked"),
                name="one_placement_application_waits",
            ),
        ]
        indexes = [models.Index(fields=["county", "state"], name="placement_application_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_on}"

    @property
    def key(self) -> str:
        """Of the duty to decide on it."""
        return f"placement_decide:{self.public_id}"

    @property
    def asked(self) -> Asked:
        return Asked(
            self.kind,
            self.starts_on,
            self.ends_on,
            self.proof,
            self.applicant,
            self.reason,
            self.issuer,
            self.issued_by,
            self.months,
            self.due_entry,
        )

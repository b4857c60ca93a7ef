"""Aid to any child (S1-06, S1-25, S2-37, S2-42), by hand or from a list of what was paid.

Help to a child with a case is an Assistance of the case (models/plan.py); pages show both as one.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models.bases import PublicModel
from cases.rules.assistance import AssistanceKind


class PaymentList(PublicModel):
    """A file of an agency that says whom it paid. digest: SHA-256 of the file, applied once."""

    class State(models.TextChoices):
        CHECKED = "checked", _("checked")
        APPLIED = "applied", _("applied")
        TAKEN_BACK = "taken_back", _("taken back")
        REFUSED = "refused", pgettext_lazy("import", "refused")

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices)
    giver = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=AssistanceKind.choices)
    what = models.CharField(max_length=200)
    paid_on = models.DateField()
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    problem = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    applied_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "payment list"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "digest"],
                name="payment_list_applied_once",
                condition=models.Q(state="applied"),
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class PaymentRow(models.Model):
    """One row: the child that it means and the amount (yuan), or why it is left out."""

    payment_list = models.ForeignKey(PaymentList, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    student = models.ForeignKey("students.Student", models.PROTECT, null=True, related_name="+")
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    problems = models.JSONField(default=list)

    class Meta:
        verbose_name = "row of a payment list"
        verbose_name_plural = "rows of payment lists"
        constraints = [
            models.UniqueConstraint(fields=["payment_list", "number"], name="payment_row_once")
        ]

    def __str__(self) -> str:
        return str(self.number)


class AidRecordQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Without those that were wrong and taken back."""
        return self.filter(taken_back_at__isnull=True)


class AidRecord(PublicModel):
    """Who gave what to a child, since when. amount: yuan; None where it is not money.

    row: the row of the list that it came with; without one a person wrote it down.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="aid")
    kind = models.CharField(max_length=16, choices=AssistanceKind.choices)
    giver = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    giver_name = models.CharField(max_length=80, blank=True)
    what = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    row = models.ForeignKey(PaymentRow, models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_because = models.CharField(max_length=400, blank=True)

    objects = AidRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "aid record"
        constraints = [
            models.UniqueConstraint(fields=["row"], name="aid_once_a_row"),
        ]
        indexes = [models.Index(fields=["student"], name="aid_student")]

    def __str__(self) -> str:
        return str(self.public_id)

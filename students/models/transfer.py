"""Transfers to another school (转学): not over until the other side confirms (S1-56, rule 13)."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.obligations import ObligationKind

# How the keys of its duties begin; the public id of the transfer follows.
KEYS = {ObligationKind.TRANSFER: "transfer", ObligationKind.TRANSFER_VERIFY: "transfer_verify"}


class TransferQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Not refused or taken back: the child really left its roster for another school."""
        return self.filter(taken_back_on__isnull=True)

    def unconfirmed(self) -> Self:
        return self.standing().filter(confirmed_on__isnull=True)


class Transfer(PublicModel):
    """One child that was sent elsewhere. The school answers for it until confirmed_on."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="transfers")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    asked_on = models.DateField()
    to = models.CharField(max_length=120)
    confirmed_on = models.DateField(null=True, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    confirmed_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    # Refused, or withdrawn by the guardian: the child is on its roster as it was.
    taken_back_on = models.DateField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "transfer"
        constraints = [
            models.UniqueConstraint(
                fields=["student", "asked_on"],
                condition=Q(taken_back_on__isnull=True),
                name="transfer_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_on} {self.school}"

    def key_of(self, kind: ObligationKind) -> str:
        return f"{KEYS[kind]}:{self.public_id}"

    @property
    def keys(self) -> list[str]:
        """The keys of the duties that it makes."""
        return [self.key_of(kind) for kind in KEYS]

"""The restricted ledgers of illness and mental health, and the posts that are named to keep them.

Seen by keepers alone, each reading recorded with its purpose; in no export, no search, no API.
"""

from typing import Self

from django.db import models

from agencies.models.bases import (
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
    no_overlap,
)
from agencies.rules.scope import Scope
from students.rules.ledgers import Ledger


class LedgerKeeperQuerySet(PeriodQuerySet):
    def of(self, scope: Scope) -> Self:
        """What this person keeps today."""
        return self.on(scope.on).filter(post__in=[post.id for post in scope.posts])


class LedgerKeeper(PublicModel, PeriodModel):
    """A post that keeps a ledger of its own agency: a school's, or the bureau's figures."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    post = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    ledger = models.CharField(max_length=8, choices=Ledger.choices)
    named_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    objects = LedgerKeeperQuerySet.as_manager()

    class Meta:
        verbose_name = "keeper of a ledger"
        constraints = [
            ends_after_start("ledger_keeper_ends_after_start"),
            no_overlap("ledger_keeper_once", "post", "ledger"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.ledger}"


class LedgerEntry(PublicModel):
    """What a school wrote down of a pupil; entries are added, never changed. words: sealed."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="ledger_entries")
    ledger = models.CharField(max_length=8, choices=Ledger.choices)
    sealed_words = models.TextField()
    noted_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "entry of a restricted ledger"
        verbose_name_plural = "entries of restricted ledgers"
        indexes = [models.Index(fields=["school", "ledger"], name="ledger_entry_school")]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def seal_label(self) -> str:
        """Where the sealed words stand (agencies/sealing.py)."""
        return f"ledger.words|{self.public_id}"

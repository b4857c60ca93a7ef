"""Obligations: who owes what to whom until when, as a stored moment."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.obligations import ObligationKind


class ObligationQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(met_at__isnull=True, waived_at__isnull=True)

    def overdue(self, now: datetime) -> Self:
        """The one meaning of overdue: open, and its last moment has passed."""
        return self.open().filter(due_at__lt=now)

    def owed_by(self, agency_ids: Iterable[int]) -> Self:
        return self.filter(owed_by__in=list(agency_ids))


class Obligation(PublicModel):
    """One duty with a date. The inputs that made the date are kept with it."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ObligationKind.choices)
    key = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    href = models.CharField(max_length=120, blank=True)
    region_path = models.CharField(max_length=12)
    owed_by = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="owes")
    owed_to = models.ForeignKey(
        "agencies.Agency", models.PROTECT, null=True, related_name="is_owed"
    )
    starts_on = models.DateField()
    due_on = models.DateField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    basis = models.JSONField(default=dict)
    clause = models.CharField(max_length=20, blank=True)
    # What is said around the due moment (rules/timetable.py), and how far the sweep has come.
    moments = ArrayField(models.DateTimeField(), default=list)
    levels = ArrayField(models.PositiveSmallIntegerField(), default=list)
    step = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)  # counts the due moments it has had
    next_check_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    met_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(null=True)
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_because = models.CharField(max_length=200, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "obligation"
        constraints = [
            models.UniqueConstraint(fields=["county", "key"], name="obligation_raised_once"),
            models.CheckConstraint(
                name="obligation_met_or_waived",
                condition=Q(met_at__isnull=True) | Q(waived_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["owed_by", "due_at"],
                name="obligation_open_by_due",
                condition=Q(met_at__isnull=True, waived_at__isnull=True),
            ),
            models.Index(fields=["county", "kind"], name="obligation_county_kind"),
            # The sweep: what has something to say next, in order (services/sweep.py).
            models.Index(
                fields=["next_check_at", "id"],
                name="obligation_next_check",
                condition=Q(
                    met_at__isnull=True, waived_at__isnull=True, next_check_at__isnull=False
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def state(self, now: datetime) -> str:
        """met, waived, overdue or open: the words of the API."""
        if self.met_at:
            return "met"
        if self.waived_at:
            return "waived"
        return "overdue" if self.due_at < now else "open"


class Escalation(models.Model):
    """A rung that was reached: once for each due moment (round) and level."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="escalations")
    round = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()

    class Meta:
        verbose_name = "escalation"
        constraints = [
            models.UniqueConstraint(fields=["obligation", "round", "level"], name="escalated_once")
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} level {self.level}"


class Extension(models.Model):
    """A later due moment, granted for a reason; both moments are kept."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="extensions")
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    approved_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "extension"

    def __str__(self) -> str:
        return f"{self.obligation_id} to {self.new_due_at}"


class Receipt(models.Model):
    """What was sent to one recipient: its own time of receipt, late or not fixed on arrival."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="receipts")
    recipient = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    late = models.BooleanField(null=True)

    class Meta:
        verbose_name = "receipt"
        constraints = [
            models.UniqueConstraint(fields=["obligation", "recipient"], name="receipt_once")
        ]

    def __str__(self) -> str:
        return str(self.recipient)

"""Obligations: who owes what to whom until when, as a stored moment."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models.bases import PublicModel


class ObligationKind(models.TextChoices):
    CENSUS = "census", _("term-start full check")
    TERM_REPORT = "term_report", _("term-start report")
    VERIFY = "case_verify", _("search and verify whereabouts")
    TEAM = "case_team", _("fill the six seats")
    VISIT = "case_visit", _("visit the household")
    FOLLOW_UP = "case_follow_up", _("follow up after return")
    CLOSURE = "case_closure", _("ask for closure")
    DECIDE = "case_decide", _("decide on closure")


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

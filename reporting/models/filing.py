"""Filings: the term-start check, the report, the monthly report and the quarterly review."""

from django.db import models

from agencies.models.bases import PublicModel
from reporting.rules.filings import FilingKind, FilingState


class Filing(PublicModel):
    """One report of one body for one term or period. Made with the first word written into it.

    Until it is signed its figures are computed from the data; FrozenPaper keeps what was signed.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=FilingKind.choices)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="filings")
    term = models.ForeignKey("students.Term", models.PROTECT, null=True, related_name="+")
    # First and last day that it is about, both included.
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=FilingState.choices, default=FilingState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    remarks = models.TextField(max_length=2000, blank=True)
    number = models.CharField(max_length=40, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = "filing"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "agency", "starts_on"], name="filing_once_a_period"
            )
        ]
        indexes = [models.Index(fields=["county", "kind", "starts_on"], name="filing_county")]

    def __str__(self) -> str:
        return f"{self.kind} {self.agency} {self.starts_on}"


class FrozenPaper(models.Model):
    """What was signed: figures and the names behind them, never changed (append-only)."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="papers")
    round = models.PositiveSmallIntegerField()
    paper = models.JSONField()
    figures = models.JSONField()
    digest = models.CharField(max_length=64)
    signed_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = "frozen paper"
        constraints = [models.UniqueConstraint(fields=["filing", "round"], name="frozen_once")]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.round}"


class Slip(models.Model):
    """A correction slip to a paper that was signed: numbered, dated, never edited (append-only)."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="slips")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=2000)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "correction slip"
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="slip_once")]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.number}"

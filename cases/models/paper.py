"""Papers of a case: numbered without gaps, frozen with their facts and bytes, served on people."""

from typing import Self

from django.db import models

from agencies.models.bases import PublicModel
from cases.rules.papers import PaperKind
from cases.rules.service import Method


class CasePaper(PublicModel):
    """One issued paper. facts, bytes and hash never change; a wrong one is withdrawn by another.

    number: as printed, 大政限改〔2026〕3号; serial: the running number of agency, kind and year.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="papers")
    episode = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=PaperKind.choices)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    addressee = models.CharField(max_length=80, blank=True)
    facts = models.JSONField()
    facts_digest = models.CharField(max_length=64)
    pdf = models.ForeignKey("agencies.StoredFile", models.PROTECT, related_name="+")
    word = models.ForeignKey("agencies.StoredFile", models.PROTECT, null=True, related_name="+")
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    client_id = models.UUIDField()

    class Meta:
        verbose_name = "case paper"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "year", "serial"], name="paper_number_once"
            ),
            models.UniqueConstraint(fields=["case", "client_id"], name="paper_issued_once"),
        ]
        indexes = [models.Index(fields=["case", "issued_at"], name="paper_case")]

    def __str__(self) -> str:
        return self.number


class PaperServiceQuerySet(models.QuerySet):
    def valid(self) -> Self:
        """Only what counts as served: an attempt that failed starts no clock."""
        return self.exclude(method=Method.FAILED)


class PaperService(PublicModel):
    """Service of a paper on a person (送达): periods run from served_on, and only with a receipt.

    receipt: the scan of the signed 送达回证; witnesses: needed when the paper was left.
    """

    paper = models.ForeignKey(CasePaper, models.PROTECT, related_name="services")
    method = models.CharField(max_length=12, choices=Method.choices)
    served_on = models.DateField()
    place = models.CharField(max_length=120, blank=True)
    receiver = models.CharField(max_length=40, blank=True)
    relation = models.CharField(max_length=20, blank=True)
    witnesses = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=400, blank=True)
    receipt = models.ForeignKey("agencies.StoredFile", models.PROTECT, null=True, related_name="+")
    served_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = PaperServiceQuerySet.as_manager()

    class Meta:
        verbose_name = "service of a paper"
        indexes = [models.Index(fields=["paper"], name="service_paper")]

    def __str__(self) -> str:
        return f"{self.method} {self.served_on}"


class WordTemplate(PublicModel):
    """The county's own Word template for a kind of paper, checked before it was accepted.

    The newest that is not withdrawn is used; without one the built-in template is.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=PaperKind.choices)
    file = models.ForeignKey("agencies.StoredFile", models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "word template"
        indexes = [models.Index(fields=["county", "kind"], name="word_template_kind")]

    def __str__(self) -> str:
        return self.kind

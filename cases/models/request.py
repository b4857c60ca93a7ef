"""Requests to other agencies (转介、协办): asked, accepted or refused, answered, done."""

from typing import Self

from django.db import models
from django.db.models import F

from agencies.models.bases import PublicModel
from agencies.rules.scope import Scope
from cases.rules.requests import LIVE, Matter, RequestState
from cases.rules.workflow import OPEN


class HelpRequestQuerySet(models.QuerySet):
    def of_agencies(self, agency_ids: tuple[int, ...]) -> Self:
        """Those that these bodies were asked: what staff of another agency may see at all."""
        return self.filter(to__in=agency_ids)

    def running(self) -> Self:
        """Not settled yet, and the episode of the case for which they were made goes on."""
        return self.filter(state__in=LIVE, case__state__in=OPEN, episode=F("case__current__number"))

    def answerable_by(self, scope: Scope) -> Self:
        return self.of_agencies(scope.agency_ids).filter(county_id=scope.county_id)


class HelpRequest(PublicModel):
    """One request about one case. shared: the fields of the child that the other body needs.

    The other body sees `shared` until the request has ended, then only that there was one.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="requests")
    episode = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=60)
    matter = models.CharField(max_length=20, choices=Matter.choices)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    to = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="requests_received")
    asked = models.TextField(max_length=2000)
    shared = models.JSONField(default=dict)
    particulars = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=RequestState.choices, default=RequestState.ASKED
    )
    asked_at = models.DateTimeField()
    obligation = models.OneToOneField(
        "agencies.Obligation", models.PROTECT, null=True, related_name="+"
    )
    paper = models.ForeignKey("cases.CasePaper", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField()

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "request to an agency"
        constraints = [models.UniqueConstraint(fields=["case", "client_id"], name="request_once")]
        indexes = [
            models.Index(fields=["case", "asked_at"], name="request_case"),
            models.Index(fields=["to", "state"], name="request_to"),
        ]

    def __str__(self) -> str:
        return self.number


class RequestStep(models.Model):
    """What was done with a request, one row each, append-only. outcome: as its matter knows it."""

    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=RequestState.choices)
    text = models.TextField(max_length=2000, blank=True)
    particulars = models.JSONField(default=dict)
    outcome = models.CharField(max_length=20, blank=True)
    paper_number = models.CharField(max_length=60, blank=True)
    file = models.ForeignKey("agencies.StoredFile", models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "step of a request"
        indexes = [models.Index(fields=["request"], name="request_step")]

    def __str__(self) -> str:
        return self.state

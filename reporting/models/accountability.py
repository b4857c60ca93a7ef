"""Accountability steps: talks with units, what they were ordered to put right, circulars."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.duties import Duty, Position
from agencies.rules.scope import Scope
from reporting.models.rates import Alert, OfUnit
from reporting.rules.circulars import CircularState
from reporting.rules.rates import Measure
from reporting.rules.talks import Outcome, TalkDeed, TalkState


class Talk(OfUnit):
    """An accountability talk with the leader of a unit, by post and never by name (S1-68, S1-71).

    agency: the body that is talked to; by_agency: the body that talks. reply_until: last day of the
    right of reply, fixed when the talk is held. orders counts the deadlines that were set.
    """

    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="talks")
    number = models.CharField(max_length=20)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    position = models.CharField(max_length=16, choices=Position.choices)
    by_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1000)
    planned_on = models.DateField()
    held_on = models.DateField(null=True)
    reply_until = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=TalkState.choices, default=TalkState.CALLED)
    orders = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    called = models.OneToOneField(
        "agencies.Obligation", models.PROTECT, null=True, related_name="+"
    )
    rectify = models.OneToOneField(
        "agencies.Obligation", models.PROTECT, null=True, related_name="+"
    )
    recheck = models.OneToOneField(
        "agencies.Obligation", models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    called_on = models.DateField()
    client_id = models.UUIDField()

    class Meta:
        verbose_name = "accountability talk"
        constraints = [
            models.UniqueConstraint(fields=["county", "client_id"], name="talk_once"),
            models.UniqueConstraint(fields=["county", "number"], name="talk_number_once"),
        ]
        indexes = [models.Index(fields=["county", "state", "-planned_on"], name="talk_list")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class TalkItem(models.Model):
    """One thing to be put right, what the unit reported of it, and what the recheck found."""

    talk = models.ForeignKey(Talk, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=500)
    report = models.TextField(max_length=1000, blank=True)
    put_right = models.BooleanField(null=True)

    class Meta:
        verbose_name = "item to be put right"
        verbose_name_plural = "items to be put right"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["talk", "number"], name="talk_item_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class TalkStep(models.Model):
    """What was done, one row each, append-only. number: of the paper."""

    talk = models.ForeignKey(Talk, models.PROTECT, related_name="steps")
    deed = models.CharField(max_length=10, choices=TalkDeed.choices)
    on = models.DateField()
    text = models.TextField(max_length=2000, blank=True)
    number = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "step of a talk"
        verbose_name_plural = "steps of talks"

    def __str__(self) -> str:
        return f"{self.deed} {self.on}"


class CircularQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Those that were sent to one's body; drafts only for those who draw circulars."""
        rows = self.filter(county_id=scope.county_id)
        if scope.may(Duty.HOLD_TALK):
            return rows
        mine = Circular.objects.filter(recipients__in=scope.agency_ids).values("pk")
        return rows.filter(state=CircularState.ISSUED, pk__in=mine)


class Circular(PublicModel):
    """A circular about figures of units (S1-69). figures: as drawn on drawn_on, frozen at issue.

    units: "township:330328100000" of each unit that it tells of. version: what was seen is issued.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    talk = models.ForeignKey(Talk, models.PROTECT, null=True, related_name="circulars")
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    measure = models.CharField(max_length=14, choices=Measure.choices)
    school_year = models.PositiveSmallIntegerField()
    units = models.JSONField()
    figures = models.JSONField()
    drawn_on = models.DateField()
    recipients = models.ManyToManyField("agencies.Agency", related_name="+")
    state = models.CharField(
        max_length=8, choices=CircularState.choices, default=CircularState.DRAFT
    )
    number = models.CharField(max_length=40, blank=True)
    issued_on = models.DateField(null=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    issued_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    objects = CircularQuerySet.as_manager()

    class Meta:
        verbose_name = "circular"
        constraints = [
            models.UniqueConstraint(fields=["county", "client_id"], name="circular_once"),
            models.CheckConstraint(
                name="circular_issued_by",
                condition=~Q(state=CircularState.ISSUED)
                | Q(issued_on__isnull=False, issued_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["county", "-drawn_on"], name="circular_list")]

    def __str__(self) -> str:
        return self.title

"""Joint inspections: the register of places, inspections, findings, children, publications."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.scope import Scope
from cases.rules.inspections import (
    ENDED,
    Deed,
    FindingKind,
    FindingState,
    InspectionState,
    Penalty,
    Topic,
)
from cases.rules.venues import VenueKind


class VenueQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """A township sees its own places; bureau and other bodies of the county see all."""
        rows = self.filter(county_id=scope.county_id)
        if not scope.paths or scope.everything:
            return rows
        own = Q()
        for path in scope.paths:
            own |= Q(region__path__startswith=path)
        return rows.filter(own)


class Venue(PublicModel):
    """A place outside school that is looked into. ended_on: it is closed from that day.

    An approval has its number; approval_until is its last day; approval_ended_on is the day from
    which it was taken away, with the number of the paper that did it.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    region = models.ForeignKey("agencies.Region", models.PROTECT, related_name="venues")
    kind = models.CharField(max_length=16, choices=VenueKind.choices)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=120)
    near = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    approved_by = models.CharField(max_length=80, blank=True)
    approval_number = models.CharField(max_length=60, blank=True)
    approval_until = models.DateField(null=True, blank=True)
    schooling = models.CharField(max_length=200, blank=True)
    approval_ended_on = models.DateField(null=True, blank=True)
    ending_number = models.CharField(max_length=60, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = "place to be inspected"
        verbose_name_plural = "places to be inspected"
        constraints = [models.UniqueConstraint(fields=["county", "client_id"], name="venue_once")]
        indexes = [models.Index(fields=["county", "kind", "name"], name="venue_county_kind")]

    def __str__(self) -> str:
        return self.name


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Those that one's body takes part in or that lie in one's area; once held, of oneself."""
        rows = self.filter(county_id=scope.county_id)
        if scope.everything:
            return rows
        mine = scope.agency_ids
        seen = Q(lead__in=mine) | Q(bodies__in=mine)
        seen |= Q(unit__in=mine, state__in=(InspectionState.HELD, InspectionState.CLOSED))
        for path in scope.paths:
            seen |= Q(region__path__startswith=path) & ~Q(unit__in=mine)
        return rows.filter(pk__in=Inspection.objects.filter(seen).values("pk"))


class Inspection(PublicModel):
    """One inspection of one place (venue) or of one school or township (unit).

    decision: of the joint conference that it carries out; basis: what else it rests on, in words.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    region = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    topic = models.CharField(max_length=16, choices=Topic.choices)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, related_name="inspections")
    unit = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    bodies = models.ManyToManyField("agencies.Agency", related_name="+")
    basis = models.CharField(max_length=200, blank=True)
    decision = models.ForeignKey(
        "agencies.Decision", models.PROTECT, null=True, related_name="inspections"
    )
    planned_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    held_until = models.DateField(null=True, blank=True)
    summary = models.TextField(max_length=2000, blank=True)
    state = models.CharField(
        max_length=10, choices=InspectionState.choices, default=InspectionState.PLANNED
    )
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    client_id = models.UUIDField()

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "inspection"
        constraints = [
            models.UniqueConstraint(fields=["county", "client_id"], name="inspection_once"),
            models.UniqueConstraint(fields=["county", "number"], name="inspection_number_once"),
            models.CheckConstraint(
                name="inspection_of_one",
                condition=Q(venue__isnull=True, unit__isnull=False)
                | Q(venue__isnull=False, unit__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["county", "state", "-planned_on"], name="inspection_list")]

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> str:
        """The name of what is inspected."""
        return str(self.venue or self.unit)

    @property
    def place_kind(self) -> str:
        if self.venue:
            return self.venue.kind
        return self.unit.kind if self.unit else ""


class Finding(PublicModel):
    """Something found. body gave the order; its obligations are the newest order's."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=FindingKind.choices)
    what = models.TextField(max_length=1000)
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    orders = models.PositiveSmallIntegerField(default=0)
    rectify = models.OneToOneField(
        "agencies.Obligation", models.PROTECT, null=True, related_name="+"
    )
    recheck = models.OneToOneField(
        "agencies.Obligation", models.PROTECT, null=True, related_name="+"
    )
    client_id = models.UUIDField()

    class Meta:
        verbose_name = "finding"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="finding_number_once"),
            models.UniqueConstraint(fields=["inspection", "client_id"], name="finding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection} {self.number}"

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED


class FindingStep(models.Model):
    """What was done with a finding, one row each, append-only. number: of the paper."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="steps")
    deed = models.CharField(max_length=10, choices=Deed.choices)
    on = models.DateField()
    text = models.TextField(max_length=2000, blank=True)
    number = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True)
    recheck_on = models.DateField(null=True)
    penalty = models.CharField(max_length=24, choices=Penalty.choices, blank=True)
    body = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "step of a finding"

    def __str__(self) -> str:
        return self.deed


class FoundChild(PublicModel):
    """A child of school age that was there instead of at school; its case follows it (S1-39)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="children")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="found_in")
    since = models.DateField()
    note = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "child found in an inspection"
        verbose_name_plural = "children found in inspections"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "student"], name="found_child_once")
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Opinion(models.Model):
    """The opinion on a school or township: draft, reply, opinion, report, review (rules/opinions).

    reply_by, review_by: the last days of the two rights, fixed when they begin.
    """

    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="opinion")
    drafted_on = models.DateField(null=True)
    draft = models.TextField(max_length=4000, blank=True)
    reply_by = models.DateField(null=True)
    replied_on = models.DateField(null=True)
    reply = models.TextField(max_length=2000, blank=True)
    issued_on = models.DateField(null=True)
    number = models.CharField(max_length=60, blank=True)
    opinion = models.TextField(max_length=4000, blank=True)
    review_by = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    report = models.CharField(max_length=2000, blank=True)
    asked_on = models.DateField(null=True)
    asked_because = models.TextField(max_length=2000, blank=True)
    reviewed_on = models.DateField(null=True)
    review_number = models.CharField(max_length=60, blank=True)
    review = models.TextField(max_length=2000, blank=True)

    class Meta:
        verbose_name = "opinion on an inspection"
        verbose_name_plural = "opinions on inspections"

    def __str__(self) -> str:
        return self.number


class Publication(PublicModel):
    """Results as everybody can read them: text without persons. withdrawn_on: no longer shown."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="publications")
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    place = models.CharField(max_length=80)
    published_on = models.DateField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)
    client_id = models.UUIDField()

    class Meta:
        verbose_name = "published result"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "client_id"], name="published_once")
        ]
        indexes = [models.Index(fields=["county", "-published_on"], name="publication_list")]

    def __str__(self) -> str:
        return self.title

"""The yearly assessment of townships and schools (S1-15, S1-70): schemes, sheets, appeals."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.duties import Duty, Position
from agencies.rules.scope import Scope
from reporting.models.rates import OfUnit, UnitQuerySet
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import SheetState


class Scheme(PublicModel):
    """What the county assesses in a school year, and the points of each item: its own decision.

    items: number, code of the indicator ("" for an item of its own), name, most (points as text).
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AreaKind.choices)
    school_year = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    source = models.CharField(max_length=200)
    items = models.JSONField()
    set_on = models.DateField()
    set_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "assessment scheme"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "school_year"], name="assessment_scheme_once"
            ),
            models.CheckConstraint(name="assessment_scheme_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.school_year}"


class SheetQuerySet(UnitQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """The bureau sees all; a unit its own, once it was sent: no other's, none below it."""
        rows = self.filter(county_id=scope.county_id)
        if scope.may(Duty.KEEP_ASSESSMENTS):
            return rows
        return rows.filter(agency__in=scope.agency_ids).exclude(state=SheetState.DRAFT)


class Sheet(OfUnit):
    """The sheet of a unit and school year. items: as rules/assessment.py draws them.

    agency: the body that is assessed; position: its leader, by post. drawn_on: day of the figures.
    owed: the time for accepting or appealing. paper: frozen at the signature, with its digest.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="sheets")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    position = models.CharField(max_length=16, choices=Position.choices)
    items = models.JSONField()
    drawn_on = models.DateField()
    drawn_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=SheetState.choices, default=SheetState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    sent_on = models.DateField(null=True)
    owed = models.OneToOneField("agencies.Obligation", models.PROTECT, null=True, related_name="+")
    accepted_on = models.DateField(null=True)
    accepted_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField(null=True)
    signed_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    paper = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = SheetQuerySet.as_manager()  # type: ignore[misc]  # sees less than others of a unit

    class Meta:
        verbose_name = "assessment sheet"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "key", "school_year"], name="assessment_sheet_once"
            ),
            models.CheckConstraint(
                name="assessment_signed_by",
                condition=~Q(state=SheetState.SIGNED)
                | Q(signed_on__isnull=False, signed_by__isnull=False, paper__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.school_year}"


class Appeal(PublicModel):
    """An appeal of the unit against one item, and the answer; answered, it is never changed."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="appeals")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1000)
    on = models.DateField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    owed = models.OneToOneField("agencies.Obligation", models.PROTECT, related_name="+")
    answer = models.TextField(max_length=1000, blank=True)
    points_before = models.CharField(max_length=8, blank=True)
    points_after = models.CharField(max_length=8, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "appeal against an assessment"
        verbose_name_plural = "appeals against assessments"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="appeal_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.number}"

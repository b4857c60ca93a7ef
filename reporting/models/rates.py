"""Figures of accountability by unit: values of earlier years, yearly targets, alerts."""

from fractions import Fraction
from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import PublicModel
from agencies.rules.scope import Scope
from reporting.rules.accountability import TARGETS, AlertReason, Sense
from reporting.rules.areas import Area, AreaKind
from reporting.rules.rates import Measure, Rate, Stage, of_percent


class UnitQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Units in reach: of the whole county, below the own region, or the own school."""
        rows = self.filter(county_id=scope.county_id)
        if scope.everything:
            return rows
        q = Q(school_id__in=scope.school_ids)
        for path in scope.paths:
            q |= Q(path__startswith=path)
        return rows.filter(q)

    def of(self, area: Area) -> Self:
        return self.filter(county_id=area.county_id, kind=area.kind, key=area.key)

    def open(self) -> Self:
        """Of alerts: the figure still calls for it."""
        return self.filter(ended_on__isnull=True)


class OfUnit(PublicModel):
    """A row about a county, township or school, named as it was when the row was made.

    key: region or school code. A unit that merges keeps its rows under its own code.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AreaKind.choices)
    key = models.CharField(max_length=36)
    name = models.CharField(max_length=80)
    path = models.CharField(max_length=12)
    school = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    school_year = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=8, choices=Stage.choices, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def area(self) -> Area:
        kind = AreaKind(self.kind)
        return Area(kind, self.key, self.name, self.county_id, self.path, self.school_id)


class YearlyValue(OfUnit):
    """A figure of a school year before the rosters, entered with the paper it stands in.

    parts: heads by the names of rules/rates.py, for a rate that is made of parts.
    """

    measure = models.CharField(max_length=14, choices=Measure.choices)
    numerator = models.IntegerField()
    denominator = models.PositiveIntegerField()
    parts = models.JSONField(default=dict)
    source = models.CharField(max_length=200)
    entered_on = models.DateField()
    entered_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "value of an earlier year"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "key", "measure", "stage", "school_year"],
                name="yearly_value_once",
            ),
            models.CheckConstraint(name="yearly_value_base", condition=Q(denominator__gt=0)),
            models.CheckConstraint(name="yearly_value_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.school_year}"

    @property
    def rate(self) -> Rate:
        return Rate(self.numerator, self.denominator)


class Target(OfUnit):
    """What the bureau asks of a unit in a school year (S1-14). limit: percent as a text."""

    measure = models.CharField(max_length=14, choices=Measure.choices)
    limit = models.CharField(max_length=8)
    source = models.CharField(max_length=200)
    set_on = models.DateField()
    set_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "yearly target"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "key", "measure", "stage", "school_year"],
                name="target_once",
            ),
            models.CheckConstraint(
                name="target_measures", condition=Q(measure__in=sorted(TARGETS))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.school_year}"

    @property
    def sense(self) -> Sense:
        return TARGETS[Measure(self.measure)]

    @property
    def fraction(self) -> Fraction:
        return of_percent(self.limit)


class Alert(OfUnit):
    """A figure that calls for a step (S1-71, S1-72). evidence: the figures as they were found.

    ended_on: the day on which the figure no longer called for it; the evidence stays.
    """

    reason = models.CharField(max_length=10, choices=AlertReason.choices)
    found_on = models.DateField()
    evidence = models.JSONField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "alert"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "key", "stage", "school_year", "reason"],
                condition=Q(ended_on__isnull=True),
                name="alert_open_once",
            )
        ]
        indexes = [models.Index(fields=["county", "found_on"], name="alert_found")]

    def __str__(self) -> str:
        return f"{self.name} {self.reason} {self.found_on}"

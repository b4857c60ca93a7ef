"""What many models share: a public id, a period of validity."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from agencies.rules.public_id import uuid7


class PublicModel(models.Model):
    """Whatever appears in a URL, a message or a file carries an opaque id, never a serial."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)

    class Meta:
        abstract = True


class PeriodQuerySet(models.QuerySet):
    def on(self, day: date | models.Subquery | models.OuterRef) -> Self:
        """Valid on this day; both ends of a period are included."""
        return self.filter(valid_on(day))


class PeriodModel(models.Model):
    """Valid from one day to another, both included; no end means still valid."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


def valid_on(day: date | models.Subquery | models.OuterRef, prefix: str = "") -> Q:
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        violation_error_message="The last day lies before the first.",
    )


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


def no_overlap(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """The database refuses two periods that overlap for the same fields."""
    bounds = RangeBoundary(inclusive_lower=True, inclusive_upper=True)
    return ExclusionConstraint(
        name=name,
        expressions=[
            (DateRange("starts_on", "ends_on", bounds), RangeOperators.OVERLAPS),
            *((field, RangeOperators.EQUAL) for field in fields),
        ],
        condition=condition,
        violation_error_message="There is already an entry for this period.",
    )

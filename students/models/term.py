"""Terms of a county, and the days on which schools are closed inside them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.bases import PublicModel, ends_after_start, no_overlap


class Term(PublicModel):
    """From the opening day to the last school day, both included. Terms cannot overlap."""

    class Season(models.TextChoices):
        AUTUMN = "autumn", _("autumn term")
        SPRING = "spring", _("spring term")

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    school_year = models.PositiveSmallIntegerField()
    season = models.CharField(max_length=6, choices=Season.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()

    closed_days: list[dict[str, Any]]  # added by with_closed_days()

    class Meta:
        verbose_name = "term"
        constraints = [
            ends_after_start("term_ends_after_start"),
            no_overlap("term_no_overlap", "county"),
            models.UniqueConstraint(
                fields=["county", "school_year", "season"], name="term_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_year}-{self.school_year + 1} {self.get_season_display()}"


class ClosedDay(models.Model):
    """A school day on which a school, or all schools of the county, were closed."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, blank=True)
    day = models.DateField()
    reason = models.CharField(max_length=80)

    class Meta:
        verbose_name = "closed day"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "school", "day"], name="closed_day_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"

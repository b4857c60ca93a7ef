"""Grants on cases: a projection of the seats, one per person and case."""

from django.db import models

from agencies.grants import DirectGrant


class CaseGrant(DirectGrant):
    content_object = models.ForeignKey("cases.Case", models.CASCADE, related_name="grants")

    class Meta(DirectGrant.Meta):
        verbose_name = "case grant"

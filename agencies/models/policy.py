"""Policy values of a county for a period, each with its legal source."""

from django.core.exceptions import ValidationError
from django.db import models

from agencies.models.bases import PeriodModel, PeriodQuerySet, ends_after_start, no_overlap
from agencies.rules.policy import CATALOGUE, Key


class PolicyRule(PeriodModel):
    """The value of one key in one county for a period. Periods of a key cannot overlap."""

    county = models.ForeignKey("agencies.Region", models.CASCADE, related_name="policy_rules")
    key = models.CharField(max_length=40)
    value = models.JSONField()
    source = models.CharField(max_length=120)
    clause = models.CharField(max_length=20, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "policy rule"
        constraints = [
            ends_after_start("policy_ends_after_start"),
            no_overlap("policy_one_value_at_a_time", "county", "key"),
            models.CheckConstraint(
                name="policy_has_a_source", condition=~models.Q(source__exact="")
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        if self.key not in set(Key):
            raise ValidationError({"key": "There is no such policy key."})
        if problem := CATALOGUE[Key(self.key)].problem(self.value):
            raise ValidationError({"value": problem})

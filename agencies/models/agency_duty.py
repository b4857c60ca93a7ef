"""What the county's document asks of its agencies, as rows with a first and a last day."""

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language

from agencies.models.bases import (
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
    no_overlap,
)
from agencies.rules.agency_duties import DutyKind, NumberUnit, When, party_words


class AgencyDutyQuerySet(PeriodQuerySet):
    def owed_by_kinds(self, kinds: Iterable[str]) -> Self:
        return self.filter(owed_by__overlap=list(kinds))


def _words() -> ArrayField:
    return ArrayField(models.CharField(max_length=20), default=list)


class AgencyDuty(PublicModel, PeriodModel):
    """One clause of a county: who owes what to whom, when, and what proves it (rules/profile.py).

    numbers: value, unit, source and policy key. ended_because: only of a duty that the county ended
    itself, which a second loading of the profile leaves ended.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    clause = models.CharField(max_length=12)
    document = models.CharField(max_length=80)
    place = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=DutyKind.choices)
    zh = models.CharField(max_length=300)
    en = models.CharField(max_length=300)
    when = models.CharField(max_length=16, choices=When.choices, blank=True)
    owed_by, owed_to = _words(), _words()
    obligations = _words()
    evidence = ArrayField(models.CharField(max_length=40), default=list)
    features = ArrayField(models.CharField(max_length=40), default=list)
    numbers = models.JSONField(default=list)
    context = models.CharField(max_length=300, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)

    objects = AgencyDutyQuerySet.as_manager()

    class Meta:
        verbose_name = "duty of an agency"
        verbose_name_plural = "duties of agencies"
        constraints = [
            ends_after_start("agency_duty_ends_after_start"),
            no_overlap("agency_duty_once", "county", "clause"),
        ]

    def __str__(self) -> str:
        return f"{self.clause} {self.document} {self.place}"

    @property
    def words(self) -> str:
        """What it asks, in the language of the reader."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    @property
    def owing(self) -> list[str]:
        return [party_words(party) for party in self.owed_by]

    @property
    def towards(self) -> list[str]:
        return [party_words(party) for party in self.owed_to]

    @property
    def counted(self) -> list[tuple[str, str, str]]:
        """Each number of the clause: value, unit in words, source."""
        return [
            (f"{one['value']:g}", str(NumberUnit(one["unit"]).label), one["source"])
            for one in self.numbers
        ]

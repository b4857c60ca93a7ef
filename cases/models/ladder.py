"""The legal ladder of a county as rows, and the steps taken with the guardians of a child."""

from django.db import models

from agencies.models.bases import PeriodModel, PeriodQuerySet, PublicModel
from cases.rules.ladder import Counting, StepOutcome
from cases.rules.papers import PaperKind


class LadderRung(PeriodModel):
    """One rung: its legal basis, who may take it, what it needs, how long the guardian has.

    positions: who may; days: from the service of its paper, None where it sets no period;
    counting: calendar or working days, by the law that the period comes from (rule 15);
    own_paper: issued here, or recorded because another body issues it.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    key = models.CharField(max_length=24)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    basis = models.CharField(max_length=200)
    positions = models.JSONField(default=list)
    paper = models.CharField(max_length=20, choices=PaperKind.choices, blank=True)
    own_paper = models.BooleanField(default=True)
    needs = models.JSONField(default=list)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    counting = models.CharField(max_length=16, choices=Counting.choices, blank=True)
    law = models.CharField(max_length=80, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "rung of the legal ladder"
        constraints = [
            models.UniqueConstraint(fields=["county", "key", "starts_on"], name="rung_once")
        ]

    def __str__(self) -> str:
        return self.name


class LegalStep(PublicModel):
    """One step taken: a rung, or a step outside the ladder with the article it rests on.

    order: the place of the rung in the ladder of that day; 0 outside it. ends_on: last day of the
    period, once the paper is served. issuer and external_number: of papers that others issue.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="legal_steps")
    episode = models.PositiveSmallIntegerField()
    rung = models.ForeignKey(LadderRung, models.PROTECT, null=True, related_name="+")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    basis = models.CharField(max_length=200)
    guardian = models.CharField(max_length=40)
    facts = models.TextField(max_length=2000, blank=True)
    demand = models.TextField(max_length=1000, blank=True)
    taken_on = models.DateField()
    taken_at = models.DateTimeField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    paper = models.OneToOneField("cases.CasePaper", models.PROTECT, null=True, related_name="step")
    issuer = models.CharField(max_length=80, blank=True)
    external_number = models.CharField(max_length=60, blank=True)
    scan = models.ForeignKey("agencies.StoredFile", models.PROTECT, null=True, related_name="+")
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    counting = models.CharField(max_length=16, choices=Counting.choices, blank=True)
    served_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=StepOutcome.choices, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    outcome_note = models.CharField(max_length=400, blank=True)
    client_id = models.UUIDField()

    class Meta:
        verbose_name = "legal step"
        constraints = [
            models.UniqueConstraint(fields=["case", "client_id"], name="legal_step_once")
        ]
        indexes = [models.Index(fields=["case", "taken_at"], name="legal_step_case")]

    def __str__(self) -> str:
        return self.name

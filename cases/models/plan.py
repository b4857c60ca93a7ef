"""一生一案: why the child is out of school, what is done against each cause, and who helps."""

from django.db import models
from django.db.models import Q

from agencies.models.bases import PeriodModel, PeriodQuerySet, PublicModel
from cases.rules.assistance import AssistanceKind
from cases.rules.plan import Effect
from cases.rules.team import Seat


class Cause(PeriodModel):
    """One cause of the county's list, in two levels: parent None for the upper one."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    order = models.PositiveSmallIntegerField(default=0)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "cause"
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "starts_on"], name="cause_code_once")
        ]

    def __str__(self) -> str:
        return self.name


class Plan(PublicModel):
    """The plan of one episode. approved: signed by the holder of the township leader's seat."""

    episode = models.OneToOneField("cases.Episode", models.PROTECT, related_name="plan")
    situation = models.TextField(max_length=2000, blank=True)
    review_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "plan"

    def __str__(self) -> str:
        return str(self.public_id)


class PlanCause(models.Model):
    """A cause of this child's absence; exactly one of the plan is the main one."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="causes")
    cause = models.ForeignKey(Cause, models.PROTECT, related_name="+")
    is_main = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "cause in a plan"
        constraints = [
            models.UniqueConstraint(fields=["plan", "cause"], name="cause_once_a_plan"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(is_main=True), name="one_main_cause_a_plan"
            ),
        ]

    def __str__(self) -> str:
        return str(self.cause)


class Measure(PublicModel):
    """What is done against a cause, by whom until when, and what it brought."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="measures")
    cause = models.ForeignKey(Cause, models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    seat = models.CharField(max_length=16, choices=Seat.choices)
    due_on = models.DateField()
    obligation = models.OneToOneField(
        "agencies.Obligation", models.PROTECT, null=True, related_name="+"
    )
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    effect = models.CharField(max_length=12, choices=Effect.choices, blank=True)
    effect_note = models.CharField(max_length=400, blank=True)
    dropped_because = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = "measure"
        indexes = [models.Index(fields=["plan"], name="measure_plan")]

    def __str__(self) -> str:
        return str(self.public_id)


class Assistance(PublicModel):
    """Help that the child or its household received (S1-06, S1-25): who gave what, since when.

    amount: yuan; None where it is not money.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="assistance")
    episode = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=AssistanceKind.choices)
    giver = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    giver_name = models.CharField(max_length=80, blank=True)
    what = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "assistance"
        verbose_name_plural = "assistance"
        indexes = [models.Index(fields=["case"], name="assistance_case")]

    def __str__(self) -> str:
        return self.kind

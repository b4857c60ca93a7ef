"""Home-delivered teaching (送教上门): the plan, its sessions, the visits of the bureau (S1-45)."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import (
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
    no_overlap,
)
from agencies.rules.scope import Scope
from students.models.student import Student
from students.rules.home_teaching import Finding, Plan, Where


class HomePlanQuerySet(PeriodQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """The plans of children that the person sees, and those that it teaches itself."""
        seen = Student.objects.visible_to(scope)
        mine = models.Q(teacher_id__in=scope.post_ids) | models.Q(school_id__in=scope.school_ids)
        return self.filter(models.Q(student__in=seen) | mine, county_id=scope.county_id)


class HomePlan(PublicModel, PeriodModel):
    """sessions a week, periods a session, minutes a period, periods a school year.

    consent: the guardian's agreement in writing (同意书), who signed it and when.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="home_plans")
    placement = models.ForeignKey("students.Placement", models.PROTECT, related_name="home_plans")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    teacher = models.ForeignKey("agencies.Post", models.PROTECT, related_name="home_plans")
    ends_on = models.DateField()
    sessions = models.PositiveSmallIntegerField()
    periods = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    periods_a_year = models.PositiveSmallIntegerField()
    goals = models.TextField(max_length=1000)
    consent_by = models.CharField(max_length=40)
    consent_on = models.DateField()
    consent_file = models.ForeignKey(
        "agencies.StoredFile", models.PROTECT, null=True, related_name="+"
    )
    made_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    made_on = models.DateField()

    objects = HomePlanQuerySet.as_manager()

    class Meta:
        verbose_name = "home teaching plan"
        constraints = [
            ends_after_start("home_plan_ends_after_start"),
            no_overlap("one_home_plan_at_a_time", "student"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.school}"

    @property
    def plan(self) -> Plan:
        return Plan(
            self.starts_on,
            self.ends_on,
            self.sessions,
            self.periods,
            self.minutes,
            self.periods_a_year,
        )


class HomeSessionQuerySet(models.QuerySet):
    def counted(self) -> Self:
        """Without those that were cancelled: they stay on the log and count for nothing."""
        return self.filter(cancelled_at__isnull=True)


class HomeSession(PublicModel):
    """One lesson at home. Safe to repeat: the same client_id is one session.

    Never rewritten: a wrong one is cancelled, with its reason, and recorded anew.
    """

    plan = models.ForeignKey(HomePlan, models.PROTECT, related_name="taught")
    client_id = models.UUIDField()
    day = models.DateField()
    starts_at = models.TimeField()
    periods = models.PositiveSmallIntegerField()
    where = models.CharField(max_length=12, choices=Where.choices)
    content = models.TextField(max_length=1000)
    teacher = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    signed_by = models.CharField(max_length=40)
    signature = models.ForeignKey(
        "agencies.StoredFile", models.PROTECT, null=True, related_name="+"
    )
    photo = models.ForeignKey("agencies.StoredFile", models.PROTECT, null=True, related_name="+")
    thumbnail = models.ForeignKey(
        "agencies.StoredFile", models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    cancelled_because = models.CharField(max_length=200, blank=True)

    objects = HomeSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "home session"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "client_id"], name="home_session_recorded_once"
            ),
            models.UniqueConstraint(
                fields=["plan", "day", "starts_at"],
                condition=Q(cancelled_at__isnull=True),
                name="one_home_session_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts_at}"


class QualityVisit(PublicModel):
    """A visit of the bureau to the home teaching, with what it found."""

    plan = models.ForeignKey(HomePlan, models.PROTECT, related_name="quality_visits")
    on = models.DateField()
    finding = models.CharField(max_length=10, choices=Finding.choices)
    words = models.TextField(max_length=1000)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "quality visit"
        constraints = [
            models.UniqueConstraint(fields=["plan", "on"], name="one_quality_visit_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.finding}"

"""Cases: one per child (一生一案), with an episode for each time the child was out of school."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from agencies.grants import granted
from agencies.models import Obligation
from agencies.models.bases import PublicModel
from agencies.rules.scope import Scope
from cases.models.duty import CaseObligation
from cases.models.grant import CaseGrant
from cases.rules.endings import Ending
from cases.rules.workflow import OPEN, State
from students.models import Student


class Origin(models.TextChoices):
    RUN = "run", _("run of absence in the roll")
    WHEREABOUTS_UNKNOWN = "whereabouts_unknown", _("whereabouts unknown")
    NEVER_ENROLLED = "never_enrolled", _("never enrolled")
    TIP = "tip", _("tip from the public")
    REPORTED = "reported", _("reported")


class CaseQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def visible_to(self, scope: Scope) -> Self:
        """Cases of children in scope, and cases granted to the person (the six seats)."""
        if scope.everything:
            return self.filter(county_id=scope.county_id)
        if scope.sees_no_children:
            return self.none()
        q = Q(pk__in=granted(CaseGrant, scope.user_id, "work_case"))
        # Asked case by case: as an IN, PostgreSQL would list all children of the area first.
        child = Student.objects.visible_to(scope).filter(pk=OuterRef("student"))
        q |= Q(student=Subquery(child.values("pk")[:1]))
        for path in scope.paths:
            q |= Q(school__region__path__startswith=path)
        if scope.school_ids:
            q |= Q(school_id__in=scope.school_ids)
        return self.filter(q, county_id=scope.county_id)

    def with_next_due(self) -> Self:
        """Adds due_at, due_on, due_kind, due_clause, due_agency of what is owed first."""
        mine = CaseObligation.objects.filter(case=OuterRef(OuterRef("pk"))).values("obligation")
        first = Obligation.objects.open().filter(pk__in=mine).order_by("due_at", "pk")
        return self.annotate(
            due_at=Subquery(first.values("due_at")[:1]),
            due_on=Subquery(first.values("due_on")[:1]),
            due_kind=Subquery(first.values("kind")[:1]),
            due_clause=Subquery(first.values("clause")[:1]),
            due_provisional=Subquery(first.values("provisional")[:1]),
            due_agency=Subquery(first.values("owed_by__name")[:1]),
        )

    def overdue(self, now: datetime) -> Self:
        late = Obligation.objects.overdue(now)
        return self.filter(pk__in=CaseObligation.objects.filter(obligation__in=late).values("case"))


class Case(PublicModel):
    """The file of one child. Only cases.services.transition writes its state."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    student = models.OneToOneField("students.Student", models.PROTECT, related_name="case")
    household = models.ForeignKey("students.Household", models.PROTECT, related_name="cases")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    school_class = models.ForeignKey(
        "students.SchoolClass", models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.SUSPECTED)
    state_since = models.DateField()
    current = models.OneToOneField("cases.Episode", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    # Added by with_next_due(); None when nothing is owed.
    due_at: datetime | None
    due_on: date | None
    due_kind: str | None
    due_provisional: bool | None
    due_clause: str | None
    due_agency: str | None

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "case"
        permissions = [("work_case", "Works on this case")]
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="case_number_once")
        ]
        indexes = [
            models.Index(
                fields=["county", "state"], name="case_open", condition=Q(state__in=sorted(OPEN))
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def episode(self) -> "Episode":
        """The current episode; only while a case is being opened there is none yet."""
        if self.current is None:
            raise LookupError(f"case {self.pk} has no episode")
        return self.current


class Episode(models.Model):
    """One time out of school: why the case opened, when the child was back, how it ended."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="episodes")
    number = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=20, choices=Origin.choices)
    trigger_date = models.DateField()
    trigger_rule = models.JSONField(default=dict)
    run = models.ForeignKey("students.AbsenceRun", models.SET_NULL, null=True, related_name="+")
    rests_on_unknown = models.BooleanField(default=False)
    run_withdrawn = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    returned_on = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    # Another end than the return that was followed up: which, with its proof, asked for from where.
    ending = models.CharField(max_length=16, choices=Ending.choices, blank=True)
    ending_proof = models.CharField(max_length=400, blank=True)
    asked_from = models.CharField(max_length=20, choices=State.choices, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "episode"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="episode_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.number}"

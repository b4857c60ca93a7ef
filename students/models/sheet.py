"""Roster files: the upload, its rows after the dry run, and the questions that it leaves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models.bases import PublicModel


class ImportJob(PublicModel):
    """One uploaded roster of one school, from dry run to undo."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be checked")
        CHECKED = "checked", _("checked")
        NEEDS_SECOND = "needs_second", _("waits for a second person")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        UNDONE = "undone", _("undone")
        REFUSED = "refused", pgettext_lazy("import", "refused")

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="imports")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    file_name = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    problem = models.CharField(max_length=200, blank=True)
    headings = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    done_rows = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    effective_on = models.DateField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "import"
        indexes = [
            models.Index(fields=["school", "created_at"], name="import_school"),
            models.Index(
                fields=["state"],
                name="import_waiting",
                condition=models.Q(state__in=["waiting", "applying"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class ImportRow(models.Model):
    """One row of the file after the dry run, and what it changed when it was applied."""

    class Outcome(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        MISSING = "missing", _("missing from the file")
        DUPLICATE = "duplicate", _("duplicate")
        ERROR = "error", _("error")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    data = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    undo = models.JSONField(default=dict)
    student = models.ForeignKey("students.Student", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "import row"
        indexes = [models.Index(fields=["job", "outcome", "number"], name="import_row_outcome")]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"


class RosterQuestion(models.Model):
    """A pupil on our roster is missing from the school's newest file: where is the child?"""

    class Answer(models.TextChoices):
        HERE = "here", _("still here, the file is incomplete")
        TRANSFERRED = "transferred", _("transferred, change recorded")
        UNKNOWN = "unknown", _("whereabouts unknown, case opened")

    job = models.ForeignKey(ImportJob, models.PROTECT, related_name="questions")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="questions")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    answered_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "roster question"
        constraints = [
            models.UniqueConstraint(
                fields=["student"],
                condition=models.Q(answered_at__isnull=True),
                name="one_open_question_per_student",
            )
        ]

    def __str__(self) -> str:
        return str(self.asked_at)

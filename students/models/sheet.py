"""Roster files: the upload, its rows after the dry run, and the questions that it leaves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from students.models.upload import Upload


class ImportJob(Upload):
    """One uploaded roster of one school, from dry run to undo."""

    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="imports")
    done_rows = models.PositiveIntegerField(default=0)
    effective_on = models.DateField()

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

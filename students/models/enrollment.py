"""Enrollment as dated periods that cannot overlap, and the changes between them."""

from django.db import models

from agencies.models.bases import PeriodModel, PeriodQuerySet, ends_after_start, no_overlap
from students.rules.enrollment import Change


class EnrollmentRecord(PeriodModel):
    """The child is on the roster of this class from one day to another, both included."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="enrollments")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    school_class = models.ForeignKey(
        "students.SchoolClass", models.PROTECT, related_name="enrollments"
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "enrollment record"
        constraints = [
            ends_after_start("enrollment_ends_after_start"),
            no_overlap("enrollment_one_class_at_a_time", "student"),
        ]
        indexes = [
            models.Index(fields=["school_class", "starts_on"], name="enrollment_class"),
            models.Index(fields=["school", "starts_on"], name="enrollment_school"),
        ]

    def __str__(self) -> str:
        return f"{self.school_class} {self.starts_on}"


class EnrollmentChange(models.Model):
    """One change (异动): what, when, by whom, from which record to which."""

    student = models.ForeignKey("students.Student", models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Change.choices)
    on = models.DateField()
    before = models.ForeignKey(EnrollmentRecord, models.SET_NULL, null=True, related_name="+")
    after = models.ForeignKey(EnrollmentRecord, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "enrollment change"
        indexes = [models.Index(fields=["student", "on"], name="enrollment_change")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"

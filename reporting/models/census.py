"""Answers of the term-start check: one for each missing child, one for each change to explain."""

from django.db import models

from reporting.rules.whereabouts import Whereabouts


class CensusAnswer(models.Model):
    """Where a child is that did not come: the code, who checked it, on which day."""

    filing = models.ForeignKey("reporting.Filing", models.PROTECT, related_name="answers")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, choices=Whereabouts.choices)
    note = models.CharField(max_length=200, blank=True)
    checked_by = models.CharField(max_length=40)
    checked_on = models.DateField()
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    answered_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = "census answer"
        constraints = [
            models.UniqueConstraint(fields=["filing", "student"], name="one_answer_a_child")
        ]

    def __str__(self) -> str:
        return self.code


class ChangeAnswer(models.Model):
    """The explanation of a change of enrollment since the last term."""

    filing = models.ForeignKey("reporting.Filing", models.PROTECT, related_name="change_answers")
    change = models.ForeignKey("students.EnrollmentChange", models.CASCADE, related_name="+")
    text = models.CharField(max_length=200)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "change answer"
        constraints = [
            models.UniqueConstraint(fields=["filing", "change"], name="one_answer_a_change")
        ]

    def __str__(self) -> str:
        return self.text

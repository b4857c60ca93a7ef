"""The roll: one row per class and day, and a row for each pupil who is not plainly present.

No row means unknown, never present (practice.md: exceptions plus one "class submitted" mark).
"""

from django.db import models

from students.rules.marks import Mark, RollState


class Roll(models.Model):
    """A class was called on a day, or was not held for a reason."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+", db_index=False)
    school_class = models.ForeignKey(
        "students.SchoolClass", models.PROTECT, related_name="rolls", db_index=False
    )
    day = models.DateField()
    state = models.CharField(
        max_length=16,
        choices=[(s.value, s.label) for s in (RollState.TAKEN, RollState.NOT_HELD)],
    )
    reason = models.CharField(max_length=200, blank=True)
    taken_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+", db_index=False)
    taken_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "roll"
        constraints = [
            models.UniqueConstraint(fields=["school_class", "day"], name="roll_once_a_day")
        ]
        indexes = [models.Index(fields=["county", "day"], name="roll_county_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.state}"


class RollMark(models.Model):
    """One pupil who was not plainly present."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+", db_index=False)
    roll = models.ForeignKey(Roll, models.CASCADE, related_name="marks")
    student = models.ForeignKey(
        "students.Student", models.PROTECT, related_name="marks", db_index=False
    )
    day = models.DateField()
    mark = models.CharField(max_length=14, choices=Mark.choices)
    reason = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = "roll mark"
        constraints = [models.UniqueConstraint(fields=["student", "day"], name="mark_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.mark}"


class RollRevision(models.Model):
    """What a roll said before it was corrected, who corrected it and why."""

    roll = models.ForeignKey(Roll, models.CASCADE, related_name="revisions")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16)
    marks = models.JSONField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "roll revision"
        constraints = [
            models.UniqueConstraint(fields=["roll", "version"], name="roll_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.roll_id} v{self.version}"

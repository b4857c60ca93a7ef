"""The certificate of a disabled child and the yearly check of where it is taught (S1-26, S2-44).

Read only by who carries Duty.SEE_DISABILITY, each reading recorded; in no export and no search.
"""

from django.db import models

from agencies.models.bases import PublicModel
from students.rules.disability import Category, Grade, Taught


class DisabilityRecord(PublicModel):
    """One for each child. sealed_number: the number of the certificate, "" while there is none."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.OneToOneField(
        "students.Student", models.PROTECT, related_name="disability_record"
    )
    sealed_number = models.TextField(blank=True)
    category = models.CharField(max_length=10, choices=Category.choices)
    grade = models.PositiveSmallIntegerField(choices=Grade.choices)
    valid_to = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "disability record"

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def seal_label(self) -> str:
        """Where the sealed number stands (agencies/sealing.py)."""
        return f"disability.number|{self.public_id}"


class TaughtCheck(PublicModel):
    """One check of where the child is taught; checks are added, never changed."""

    record = models.ForeignKey(DisabilityRecord, models.PROTECT, related_name="checks")
    taught = models.CharField(max_length=10, choices=Taught.choices)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "check of a placement"
        indexes = [models.Index(fields=["record", "-on"], name="taught_check_record")]

    def __str__(self) -> str:
        return f"{self.on} {self.taught}"

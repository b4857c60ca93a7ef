"""Households and guardians: where a child lives and who answers for it."""

from django.db import models

from agencies.models.bases import PublicModel


class Household(PublicModel):
    """Who lives together; one team of six works with it (rule 11)."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    region = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    address = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "household"

    def __str__(self) -> str:
        return str(self.public_id)


class Guardian(models.Model):
    """A family member who answers for the student."""

    student = models.ForeignKey("students.Student", models.CASCADE, related_name="guardians")
    name = models.CharField(max_length=40)
    relation = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    is_guardian = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "guardian"
        constraints = [
            models.UniqueConstraint(fields=["student", "order"], name="guardian_order_once")
        ]
        indexes = [models.Index(fields=["phone"], name="guardian_phone")]

    def __str__(self) -> str:
        return self.relation

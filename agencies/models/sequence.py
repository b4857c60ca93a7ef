"""Numbers without gaps, per county, body, kind and year."""

from django.db import models


class NumberSequence(models.Model):
    county = models.ForeignKey("agencies.Region", models.CASCADE, related_name="+")
    # None: the numbers of the county itself.
    agency = models.ForeignKey("agencies.Agency", models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "number sequence"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "agency", "kind", "year"],
                nulls_distinct=False,
                name="sequence_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"

"""The team of a household: seats held by posts over time."""

from django.db import models
from django.db.models import Q

from cases.rules.team import Seat


class HouseholdTeam(models.Model):
    """One team per household (S1-64: 每户), whatever the number of its children in the work."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    household = models.OneToOneField("students.Household", models.PROTECT, related_name="team")

    class Meta:
        verbose_name = "household team"

    def __str__(self) -> str:
        return str(self.pk)


class TeamSeat(models.Model):
    """A post holds a seat from a day on; history is kept.

    school: of the seats of a school's leader and teacher, of which there are two for each school
    that has a child of the household in the work; None for the other four.
    """

    team = models.ForeignKey(HouseholdTeam, models.CASCADE, related_name="seats")
    seat = models.CharField(max_length=16, choices=Seat.choices)
    school = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("agencies.Post", models.PROTECT, related_name="seats")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "team seat"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "seat", "school"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="one_holder_a_seat",
            )
        ]

    def __str__(self) -> str:
        return self.seat

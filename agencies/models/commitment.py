"""Responsibility in writing: leading groups, letters, plans, village rules; the publicity log."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from agencies.models.bases import PeriodModel, PeriodQuerySet, PublicModel, ends_after_start
from agencies.rules.commitments import Channel, CommitmentKind, Role, Side, Statute


class Entered(PublicModel):
    """Filed by a post for a body, once however often it is sent; taken back with a reason."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    files = models.ManyToManyField("agencies.StoredFile", related_name="+")
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    client_id = models.UUIDField()

    class Meta:
        abstract = True


class CommitmentQuerySet(models.QuerySet):
    def standing(self, year: int, on: date) -> Self:
        """What counts: of the year, or in force on the day; nothing that was taken back."""
        in_force = Q(year=None, signed_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))
        return self.filter(Q(year=year) | in_force, cancelled_on=None)


class Commitment(Entered):
    """A paper of a body. year: of letters and plans; ends_on: last day of what stands on.

    counterpart: with whom a letter was signed. text: the passage of village rules, or a summary.
    """

    kind = models.CharField(max_length=8, choices=CommitmentKind.choices)
    title = models.CharField(max_length=100)
    number = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    signed_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    side = models.CharField(max_length=10, choices=Side.choices, blank=True)
    signer = models.CharField(max_length=60, blank=True)
    counterpart = models.CharField(max_length=80, blank=True)
    copies = models.PositiveIntegerField(default=1)
    published_on = models.DateField(null=True, blank=True)
    published_where = models.CharField(max_length=100, blank=True)
    text = models.TextField(max_length=2000, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "paper on responsibility"
        verbose_name_plural = "papers on responsibility"
        constraints = [
            models.UniqueConstraint(fields=["county", "client_id"], name="commitment_once"),
            models.CheckConstraint(
                name="commitment_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("signed_on")),
            ),
        ]
        indexes = [models.Index(fields=["agency", "kind", "year"], name="commitment_of_agency")]

    def __str__(self) -> str:
        return self.title


class GroupMember(PublicModel, PeriodModel):
    """A person of a leading group with post and task, from a day on. No account is needed."""

    group = models.ForeignKey(Commitment, models.PROTECT, related_name="members")
    role = models.CharField(max_length=10, choices=Role.choices)
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    task = models.CharField(max_length=200, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "member of a leading group"
        verbose_name_plural = "members of leading groups"
        constraints = [
            ends_after_start("group_member_ends_after_start"),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(role=Role.FIRST, ends_on=None),
                name="group_first_leader_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.role}"


class Publicity(Entered):
    """One activity of publicity. reach: people, as the body counted them."""

    on = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    statutes = ArrayField(models.CharField(max_length=12, choices=Statute.choices))
    place = models.CharField(max_length=100)
    reach = models.PositiveIntegerField()
    what = models.TextField(max_length=1000)
    partners = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "activity of publicity"
        verbose_name_plural = "activities of publicity"
        constraints = [
            models.UniqueConstraint(fields=["county", "client_id"], name="publicity_once")
        ]
        indexes = [models.Index(fields=["agency", "-on"], name="publicity_of_agency")]

    def __str__(self) -> str:
        return f"{self.place} {self.on}"

    @property
    def about(self) -> list[str]:
        return [str(Statute(one).label) for one in self.statutes]

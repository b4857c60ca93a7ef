"""Lists of children that other agencies keep: the police register, poor households, disability.

A list is a batch as of a day (S1-49, S2-35, S2-43): the file, its rows, what each row became. The
rows of a population register are all accounted for: each is a child of ours that needs no more
asking, or has one of eight results, or is confirmed as out of school (forms.md 3.3).
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.bases import PublicModel
from students.models.upload import Upload
from students.rules.person_list import ListKind, Result


class PersonList(Upload):
    """One uploaded list. as_of: the day that the provider's figures stand for; not the upload.

    undo_asked_by: who wants it taken back, for undo_reason, while a second person has not agreed.
    """

    kind = models.CharField(max_length=16, choices=ListKind.choices)
    provider = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    as_of = models.DateField()
    purpose = models.CharField(max_length=200)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    undo_asked_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    undo_reason = models.CharField(max_length=200, blank=True)
    undone_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "list of persons"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "as_of"],
                name="person_list_once_a_day",
                condition=models.Q(state__in=["applying", "applied"]),
            )
        ]
        indexes = [
            models.Index(fields=["county", "kind", "as_of"], name="person_list_kind"),
            models.Index(
                fields=["state"],
                name="person_list_waiting",
                condition=models.Q(state__in=["waiting", "applying"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of}"

    @property
    def is_register(self) -> bool:
        """Only a population register makes children, and is compared with the rolls."""
        return self.kind == ListKind.REGISTER


class PersonEntryQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """The rows that the list consists of: neither left out nor gone since the list before."""
        return self.filter(change__in=PersonEntry.STANDING)

    def differing(self) -> Self:
        """Rows whose child has another name or number on record. Which one is right a person says:
        by mending the record, or with the result that it is a fault of the register.
        """
        name = ~Q(name=F("student__name"))
        number = ~Q(id_number="") & ~Q(id_number=F("student__id_number"))
        known = Q(student__id_number__isnull=False)
        rows = self.standing().filter(student__isnull=False)
        return rows.filter(name | number & known).exclude(result=Result.REGISTER_ERROR)


class PersonEntry(PublicModel):
    """One row of a list, as the provider wrote it, and the child of ours that it means.

    change: against the list before, of which previous is the row of the same person. student: set
    when the list is applied; by the number, by a person's decision, or a child that nobody else
    knew. result: "" while it has to be checked. gave: what the row filled in the child's record,
    with what stood there before. correction: what the provider has put right in its register,
    in words, for a row that is a fault of it; the next list brings the row itself.
    """

    class Change(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        GONE = "gone", _("gone from the list")
        DUPLICATE = "duplicate", _("duplicate")
        ERROR = "error", _("error")

    STANDING = (Change.NEW, Change.CHANGED, Change.UNCHANGED)
    LEFT_OUT = (Change.ERROR, Change.DUPLICATE)

    class Found(models.TextChoices):
        BY_NUMBER = "by_number", _("by the number")
        BY_FACTS = "by_facts", _("by name, birth date, guardian and address")
        BY_HAND = "by_hand", _("by a person's decision")
        ENTERED = "entered", _("entered from this list")

    batch = models.ForeignKey(PersonList, models.CASCADE, related_name="entries", db_index=False)
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=Change.choices)
    name = models.CharField(max_length=40, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    born_on = models.DateField(null=True, blank=True)
    id_number = models.CharField(max_length=18, blank=True)
    address = models.CharField(max_length=120, blank=True)
    lives_at = models.CharField(max_length=120, blank=True)
    region = models.ForeignKey("agencies.Region", models.PROTECT, null=True, related_name="+")
    head = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    previous = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    student = models.ForeignKey(
        "students.Student", models.PROTECT, null=True, related_name="entries"
    )
    found = models.CharField(max_length=10, choices=Found.choices, blank=True)
    gave = models.JSONField(default=dict)
    result = models.CharField(max_length=20, choices=Result.choices, blank=True)
    note = models.CharField(max_length=400, blank=True)
    checked_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    correction = models.CharField(max_length=200, blank=True, default="", db_default="")
    corrected_on = models.DateField(null=True, blank=True)

    objects = PersonEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "row of a list"
        indexes = [
            models.Index(fields=["batch", "change", "number"], name="person_entry_change"),
            models.Index(fields=["batch", "result", "number"], name="person_entry_result"),
            models.Index(fields=["batch", "id_number"], name="person_entry_id_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.change}"


class Candidate(models.Model):
    """A child of ours that a row may mean. score: the chance, in thousandths."""

    entry = models.ForeignKey(PersonEntry, models.CASCADE, related_name="candidates")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    agrees = models.JSONField(default=list)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "candidate of a row"
        constraints = [models.UniqueConstraint(fields=["entry", "student"], name="candidate_once")]

    def __str__(self) -> str:
        return f"{self.score}"


class RecordMerge(PublicModel):
    """Two records of one child became one; both histories stay, and it can be undone."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kept = models.ForeignKey("students.Student", models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey("students.Student", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    undo = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "merge of records"
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=models.Q(undone_at__isnull=True),
                name="absorbed_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)

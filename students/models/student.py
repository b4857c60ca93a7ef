"""Students: school-age children, enrolled or not."""

from datetime import date
from typing import Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.bases import PeriodModel, PublicModel, no_overlap
from agencies.rules import masking
from agencies.rules.scope import Scope
from students.models.enrollment import EnrollmentRecord
from students.models.focus import FocusTag
from students.models.school_class import ClassTeacher
from students.models.transfer import Transfer


class StudentQuerySet(models.QuerySet):
    def unmerged(self) -> Self:
        """One record for each child: without those that became part of another."""
        return self.filter(merged_into__isnull=True)

    def visible_to(self, scope: Scope) -> Self:
        """The one way lists of children are narrowed to the viewer.

        By home region (township, village), by the region of the school, by school, by class; a
        school leader keeps sight of a child whose transfer nobody has confirmed (rule 13).
        """
        if scope.everything:
            return self.unmerged().filter(county_id=scope.county_id)
        q = Q(pk__in=[])
        here = EnrollmentRecord.objects.on(scope.on).filter(student=OuterRef("pk"))
        for path in scope.paths:
            q |= Q(household__region__path__startswith=path)
            q |= Q(Exists(here.filter(school__region__path__startswith=path)))
        if scope.school_ids:
            q |= Q(Exists(here.filter(school_id__in=scope.school_ids)))
            sent = Transfer.objects.unconfirmed().filter(student=OuterRef("pk"))
            q |= Q(Exists(sent.filter(school_id__in=scope.school_ids)))
        if scope.class_post_ids:
            mine = ClassTeacher.objects.on(scope.on).filter(post_id__in=scope.class_post_ids)
            q |= Q(Exists(here.filter(school_class__in=mine.values("school_class"))))
        return self.unmerged().filter(q, county_id=scope.county_id)

    def enrolled_on(self, day: date) -> Self:
        return self.filter(Exists(EnrollmentRecord.objects.on(day).filter(student=OuterRef("pk"))))

    def tagged(self, group: str, day: date) -> Self:
        """Who belongs to the focus group on the day."""
        return self.filter(
            Exists(FocusTag.objects.on(day).filter(student=OuterRef("pk"), group=group))
        )

    def found_by(self, text: str) -> Self:
        """Name, pinyin or initials; or the whole of an ID or student number, never part of one."""
        text = text.strip()
        if not text:
            return self.none()
        if text[:1].isdigit() or (
            text[:1].upper() in "GJL" and text[1:].isalnum() and len(text) > 9
        ):
            number = text.upper()
            return self.filter(Q(id_number=number) | Q(numbers__number=number)).distinct()
        if text.isascii():
            return self.filter(name_keys__contains=" " + text.lower().replace(" ", ""))
        return self.filter(name__contains=text)


class Student(PublicModel):
    """One child, one record, whatever happens to schools and numbers."""

    class Sex(models.TextChoices):
        MALE = "1", _("male")
        FEMALE = "2", _("female")

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    household = models.ForeignKey("students.Household", models.PROTECT, related_name="members")
    name = models.CharField(max_length=40)
    name_keys = models.CharField(max_length=200, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices)
    born_on = models.DateField()
    id_number = models.CharField(max_length=18, null=True, blank=True)
    no_id_reason = models.CharField(max_length=60, blank=True)
    ethnicity = models.CharField(max_length=20, blank=True)
    registered_at = models.CharField(max_length=120, blank=True)
    boarding = models.BooleanField(default=False)
    completed_on = models.DateField(null=True, blank=True)
    died_on = models.DateField(null=True, blank=True)
    # The first day on which somebody here had to account for it; empty: since it is of school age.
    known_since = models.DateField(null=True, blank=True)
    # The record that this one became part of (RecordMerge); it counts nowhere any more.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed")

    # Added by with_class(); None for a child without a class.
    school_code: str | None
    school_name: str | None
    class_id: UUID | None
    class_grade: int | None
    class_number: int | None

    objects = StudentQuerySet.as_manager()

    class Meta:
        verbose_name = "student"
        constraints = [
            models.UniqueConstraint(fields=["county", "id_number"], name="student_id_number_once")
        ]
        indexes = [
            GinIndex(OpClass(F("name"), "gin_trgm_ops"), name="student_name_trgm"),
            GinIndex(OpClass(F("name_keys"), "gin_trgm_ops"), name="student_keys_trgm"),
            models.Index(fields=["county", "born_on"], name="student_county_birth"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def masked_id_number(self) -> str:
        return masking.id_number(self.id_number) if self.id_number else ""


class StudentNumber(PeriodModel):
    """A 学籍号 with its dates: a temporary L number is followed by a G number, one child."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=19, unique=True)

    class Meta:
        verbose_name = "student number"
        constraints = [no_overlap("one_student_number_at_a_time", "student")]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        return masking.student_number(self.number)

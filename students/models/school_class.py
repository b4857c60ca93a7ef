"""Classes of a school year and who is in charge of each."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from agencies.models.bases import (
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
    no_overlap,
    valid_on,
)
from agencies.rules.scope import Scope

GRADES = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")


class SchoolClassQuerySet(models.QuerySet):
    def of_year(self, school_year: int) -> Self:
        return self.filter(school_year=school_year)

    def with_pupils(self, day: date) -> Self:
        """Adds pupils: how many are enrolled on the day."""
        return self.annotate(pupils=Count("enrollments", filter=valid_on(day, "enrollments__")))

    def visible_to(self, scope: Scope) -> Self:
        """Classes whose children the person may see."""
        if scope.everything:
            return self.filter(county_id=scope.county_id)
        q = Q(school_id__in=scope.school_ids)
        for path in scope.paths:
            q |= Q(school__region__path__startswith=path)
        if scope.class_post_ids:
            q |= Q(
                Exists(
                    ClassTeacher.objects.on(scope.on).filter(
                        school_class=OuterRef("pk"), post_id__in=scope.class_post_ids
                    )
                )
            )
        return self.filter(q, county_id=scope.county_id)


class SchoolClass(PublicModel):
    """One class of one school year: grade 1-9 and its number."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="classes")
    school_year = models.PositiveSmallIntegerField()
    grade = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()

    pupils: int  # added by with_pupils()

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        verbose_name = "class"
        verbose_name_plural = "classes"
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "grade", "number"], name="class_once_a_year"
            ),
            models.CheckConstraint(name="class_grade_1_to_9", condition=Q(grade__range=(1, 9))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return class_name(self.grade, self.number)


def class_name(grade: int, number: int) -> str:
    """七年级（3）班, or "Grade 7 (3)"."""
    return _("Grade %(grade)s (%(number)s)") % {
        "grade": grade,
        "hanzi": GRADES[grade],
        "number": number,
    }


class ClassTeacher(PeriodModel):
    """The class teacher (班主任) for a period."""

    school_class = models.ForeignKey(SchoolClass, models.CASCADE, related_name="teachers")
    post = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "class teacher"
        constraints = [
            ends_after_start("class_teacher_ends_after_start"),
            no_overlap("one_class_teacher_at_a_time", "school_class"),
        ]

    def __str__(self) -> str:
        return str(self.post)


def teaches(scope: Scope, prefix: str) -> Q:
    """The person is class teacher of the class at this prefix on the day of asking."""
    return Q(**{f"{prefix}teachers__post_id__in": scope.class_post_ids}) & valid_on(
        scope.on, f"{prefix}teachers__"
    )

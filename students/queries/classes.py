"""Who is in charge of a class, and who may be."""

from datetime import date

from django.db.models import QuerySet

from agencies.models import Post
from agencies.rules.duties import Position
from students.models import ClassTeacher, SchoolClass
from students.models.enrollment import EnrollmentRecord

IN_CHARGE = (Position.TEACHER, Position.SCHOOL_LEADER)


def teacher_of(school_class: SchoolClass, on: date) -> ClassTeacher | None:
    """The class teacher of the day."""
    teachers = ClassTeacher.objects.on(on).filter(school_class=school_class)
    return teachers.select_related("post__user").first()


def may_teach(school_class: SchoolClass, on: date) -> QuerySet[Post]:
    """Posts of teachers and leaders of the school, held on the day."""
    posts = Post.objects.held_on(on).filter(
        agency_id=school_class.school_id, position__in=IN_CHARGE
    )
    return posts.select_related("user").order_by("user__name", "pk")


def beside(record: EnrollmentRecord) -> QuerySet[SchoolClass]:
    """The other classes of the same school and school year."""
    return (
        SchoolClass.objects.of_year(record.school_class.school_year)
        .filter(school_id=record.school_id)
        .exclude(pk=record.school_class_id)
        .order_by("grade", "number")
    )

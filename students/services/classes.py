"""Who is in charge of a class: dated, one at a time."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import Post
from students.models import ClassTeacher, SchoolClass
from students.queries.classes import may_teach


@transaction.atomic
def assign_teacher(school_class: SchoolClass, post: Post, on: date) -> ClassTeacher:
    """Put a post in charge from a day on; the former teacher's period ends the day before.

    One who was to begin on that same day is replaced. Raises RuleBroken when the post is no
    teacher's or leader's of this school on the day, or another one begins later.
    """
    if not may_teach(school_class, on).filter(pk=post.pk).exists():
        text = _("On that day this is no teacher's post at the school of the class.")
        raise RuleBroken(Reason("post", text, "/post"))
    # The class is locked, so that two assignments do not both end the former period.
    SchoolClass.objects.select_for_update().get(pk=school_class.pk)
    unended = ClassTeacher.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), school_class=school_class
    )
    if unended.filter(starts_on__gt=on).exists():
        text = _("Another class teacher begins on a later day.")
        raise RuleBroken(Reason("later", text, "/on"))
    if same := unended.filter(post=post).first():
        return same
    unended.filter(starts_on=on).delete()
    unended.update(ends_on=on - timedelta(days=1))
    return ClassTeacher.objects.create(school_class=school_class, post=post, starts_on=on)

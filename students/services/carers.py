"""Who looks after a left-behind child: written down, replaced, with the days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.access import school_post
from students.models import Carer, Student

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Given:
    """Who it is, what the person is to the child, and since when."""

    name: str
    relation: str
    phone: str
    starts_on: date


@transaction.atomic
def set_carer(scope: Scope, student: Student, given: Given, now: datetime) -> Carer:
    """From this day the person looks after the child; whoever did so before ends the day before.

    Raises NotPermitted (not the own class, school or area) and RuleBroken with each place.
    """
    post = keeping_post(scope, student)
    if problems := _problems(scope, given):
        raise RuleBroken(*problems)
    Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    before = Carer.objects.filter(student=student)
    before.filter(starts_on__gte=given.starts_on).delete()
    before.on(given.starts_on).update(ends_on=given.starts_on - DAY)
    made = Carer.objects.create(
        county_id=student.county_id,
        student=student,
        name=given.name.strip(),
        relation=given.relation.strip(),
        phone=given.phone.strip(),
        starts_on=given.starts_on,
        by_id=post.id,
        recorded_at=now,
    )
    audit.record(scope, "carer.set", f"student:{student.public_id}", now=now, post=post)
    return made


def keeping_post(scope: Scope, student: Student) -> HeldPost:
    """The post in whose name a carer is written down: school leaders, township and bureau for who
    they see, the class teacher for the own class. Raises NotPermitted."""
    return scope.post_for(Duty.TAG_FOCUS) or school_post(scope, student, Duty.CONTACT_GUARDIAN)


def _problems(scope: Scope, given: Given) -> list[Reason]:
    found = []
    if not given.name.strip():
        found.append(Reason("name", _("The name is missing."), "/name"))
    if not given.relation.strip():
        text = _("Say what the person is to the child.")
        found.append(Reason("relation", text, "/relation"))
    if given.starts_on > scope.on:
        found.append(Reason("future", _("The day lies in the future."), "/starts_on"))
    return found

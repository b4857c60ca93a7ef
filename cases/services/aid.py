"""Aid to children: written down by hand, and taken back with a reason when it was wrong."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from cases.models import AidRecord
from cases.queries import aid as queries
from cases.rules.assistance import Given
from cases.services.assistance import checked
from students.access import student_for


@transaction.atomic
def record(scope: Scope, student_id: UUID | str, given: Given, now: datetime) -> AidRecord:
    """Write down what a child got. A child with an open case gets it on the page of the case.

    Raises NotVisible, NotPermitted, NotPossible (open case) and RuleBroken with each place.
    """
    student = student_for(scope, student_id)
    post = require(scope, Duty.RECORD_ASSISTANCE)
    if queries.open_case(student):
        text = _("The child has a case: help is written down there.")
        raise NotPossible(Reason("has_case", text))
    made = AidRecord.objects.create(
        county_id=student.county_id,
        student=student,
        **checked(scope, given),
        recorded_by_id=post.id,
        recorded_at=now,
    )
    audit.record(scope, "aid.record", f"student:{student_id}", now=now, post=post, kind=made.kind)
    return made


@transaction.atomic
def take_back(
    scope: Scope, student_id: UUID | str, aid_id: UUID | str, because: str, now: datetime
) -> None:
    """The record was wrong: it counts no more and is kept with the reason.

    Raises NotVisible, NotPermitted, RuleBroken without a reason.
    """
    student = student_for(scope, student_id)
    post = require(scope, Duty.RECORD_ASSISTANCE)
    rows = AidRecord.objects.standing().filter(student=student, public_id=aid_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise NotVisible
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/because"))
    row.taken_back_at, row.taken_back_because = now, because.strip()
    row.save(update_fields=["taken_back_at", "taken_back_because"])
    audit.record(scope, "aid.take_back", f"student:{student_id}", now=now, post=post)

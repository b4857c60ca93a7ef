"""Children of school age found in an inspection: each becomes a case (S1-38…40)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.queries.policy import in_force
from agencies.rules.duties import Duty
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from agencies.services import audit
from cases import access
from cases.models import Case, FoundChild, Inspection
from cases.models.case import Origin
from cases.rules import inspections as rules
from cases.rules.inspections import InspectionState
from cases.rules.venues import VenueKind
from cases.rules.workflow import OPEN
from cases.services import opening
from cases.services.opening import ByHand
from students.access import student_for
from students.models import EnrollmentRecord, Student
from students.rules.identity import compulsory_cohort, school_year_of, stays_in_the_work


@dataclass(frozen=True)
class Child:
    """since: out of school since, as far as it was found out; else the day of the inspection."""

    student: UUID
    since: date
    note: str = ""


@transaction.atomic
def add(scope: Scope, inspection_id: UUID, child: Child, now: datetime) -> FoundChild:
    """A child that was there instead of at school. Its open case is used, else one is opened.

    The same child again gives the first entry. Raises NotVisible, NotPermitted, NotPossible (not
    held; the child needs no school any more), RuleBroken (not of school age, a day to come).
    """
    post = require(scope, Duty.OPEN_CASE)
    row = access.inspection_for(scope, inspection_id, lock=True)
    student = student_for(scope, child.student)
    if known := row.children.filter(student=student).first():
        return known
    if row.state != InspectionState.HELD or row.venue is None:
        text = gettext_lazy("Children are found in a place whose inspection was held.")
        raise NotPossible(Reason("state", text))
    reasons = rules.day_problems(child.since, date.min, scope.on, "/since")
    if not _of_age(student, scope.on):
        text = gettext_lazy("This child is not of compulsory school age.")
        reasons.append(Reason("age", text, "/student"))
    if reasons:
        raise RuleBroken(*reasons)
    case = Case.objects.filter(student=student, state__in=OPEN).first()
    if case is None:
        why = ByHand(_origin(student), child.since, _words(row, child.note))
        case = opening.open_by_hand(scope, student, why, now)
    made = FoundChild.objects.create(
        inspection=row,
        student=student,
        case=case,
        since=child.since,
        note=child.note.strip(),
        by_id=post.id,
        at=now,
    )
    audit.record(
        scope,
        "inspection.child",
        f"case:{case.public_id}",
        now=now,
        post=post,
        inspection=str(row.public_id),
    )
    return made


def _of_age(student: Student, on: date) -> bool:
    policy = in_force(student.county_id, on)
    cohort = compulsory_cohort(
        school_year_of(on), policy.number(Key.ENTRY_AGE), policy.number(Key.SCHOOLING_YEARS)
    )
    return stays_in_the_work(student.born_on, cohort, student.completed_on is not None)


def _origin(student: Student) -> Origin:
    known = EnrollmentRecord.objects.filter(student=student).exists()
    return Origin.REPORTED if known else Origin.NEVER_ENROLLED


def _words(row: Inspection, note: str) -> str:
    """What the file of the child says about it."""
    words = _("Found in inspection %(number)s: %(kind)s, %(place)s. %(note)s") % {
        "number": row.number,
        "kind": VenueKind(row.place_kind).label,
        "place": row.place,
        "note": note.strip(),
    }
    return words.strip()

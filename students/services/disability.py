"""The certificate of a disabled child and the yearly check of where it is taught (S1-26, S2-44)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import sealing
from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.models import DisabilityRecord, FocusTag, Student, TaughtCheck
from students.rules.disability import Category, Grade, Taught, certificate_problem
from students.rules.focus import FocusGroup
from students.rules.identity import normalised
from students.services import focus

PROBLEMS = {
    "form": _("This is no number of a disability certificate: it has 20 digits."),
    "id": _("Its first 18 digits are no ID number."),
    "category": _("Its digit of the category says another category."),
    "grade": _("Its last digit says another grade."),
}


@dataclass(frozen=True)
class Given:
    """The certificate. number: "" keeps the one that is known, or says that there is none."""

    category: Category
    grade: Grade
    number: str = ""
    valid_to: date | None = None


@transaction.atomic
def record(scope: Scope, student: Student, given: Given, now: datetime) -> DisabilityRecord:
    """Write the certificate down; the child is tagged as disabled from today, if it was not.

    Raises NotPermitted, and RuleBroken for a number that does not fit what else is said.
    """
    post = require(scope, Duty.SEE_DISABILITY)
    if given.number:
        wrong = certificate_problem(given.number, given.category, given.grade, scope.on)
        if wrong:
            raise RuleBroken(Reason(f"number_{wrong}", PROBLEMS[wrong], "/number"))
    row = _record_of(student) or DisabilityRecord(county_id=student.county_id, student=student)
    if given.number:
        row.sealed_number = sealing.seal(normalised(given.number), row.seal_label)
    row.category, row.grade, row.valid_to = given.category, given.grade, given.valid_to
    row.changed_at, row.changed_by_id = now, post.id
    row.save()
    source = focus.Given(str(_("disability certificate")), scope.on)
    focus.tag([student.pk], FocusGroup.DISABLED, source, post.id, scope.on)
    _note(scope, "disability.save", student, post, now)
    return row


@transaction.atomic
def check(scope: Scope, student: Student, taught: Taught, now: datetime) -> TaughtCheck:
    """Where the child is taught today: the yearly check, which meets the duty of the review.

    Raises NotPossible while the certificate is not written down.
    """
    post = require(scope, Duty.SEE_DISABILITY)
    record = _record_of(student)
    if record is None:
        text = _("First write down the kind and grade of the disability.")
        raise NotPossible(Reason("no_record", text))
    made = TaughtCheck.objects.create(
        record=record, taught=taught, on=scope.on, recorded_at=now, by_id=post.id
    )
    tags = FocusTag.objects.on(scope.on).filter(student=student, group=FocusGroup.DISABLED)
    focus.review(list(tags.values_list("pk", flat=True)), post.id, scope.on, now)
    _note(scope, "disability.check", student, post, now)
    return made


def _record_of(student: Student) -> DisabilityRecord | None:
    rows = DisabilityRecord.objects.filter(student=student)
    return rows.select_for_update(of=("self",)).first()


def _note(scope: Scope, verb: str, student: Student, post: HeldPost, now: datetime) -> None:
    audit.record(scope, verb, f"student:{student.public_id}", now=now, post=post)

"""Changes of enrollment (异动): each ends or begins a dated record and leaves a row of its own."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.rules.scope import HeldPost
from students.models import (
    EnrollmentChange,
    EnrollmentRecord,
    Roll,
    RollMark,
    SchoolClass,
    Student,
)
from students.queries.calendars import term_on
from students.rules.enrollment import ENDS_ENROLLMENT, FORBIDDEN_CODES, Change
from students.rules.marks import Mark, RollState
from students.services import absence

DAY = timedelta(days=1)
NOTE = 200  # characters of a change's note


def open_record(student: Student, on: date) -> EnrollmentRecord | None:
    """The child's record of the day, locked."""
    return (
        EnrollmentRecord.objects.on(on)
        .filter(student=student)
        .select_for_update(of=("self",))
        .first()
    )


@transaction.atomic
def enroll(
    student: Student,
    school_class: SchoolClass,
    on: date,
    by: HeldPost | None,
    kind: Change = Change.ENTRY,
) -> EnrollmentRecord:
    """Put a child on a roster from a day on. Raises RuleBroken when it is on another already."""
    if open_record(student, on):
        text = _("The child is enrolled already on that day.")
        raise RuleBroken(Reason("enrolled", text, "/on"))
    record = EnrollmentRecord.objects.create(
        county_id=student.county_id,
        student=student,
        school_id=school_class.school_id,
        school_class=school_class,
        starts_on=on,
    )
    _note(student, kind, on, None, record, by)
    return record


@transaction.atomic
def change_class(
    student: Student,
    school_class: SchoolClass,
    on: date,
    by: HeldPost | None,
    kind: Change,
    note: str = "",
) -> EnrollmentRecord:
    """Move a child to another class from a day on; its run of absence goes with it."""
    before = _ending(student, on)
    before.ends_on = on - DAY
    before.save(update_fields=["ends_on"])
    after = EnrollmentRecord.objects.create(
        county_id=student.county_id,
        student=student,
        school_id=school_class.school_id,
        school_class=school_class,
        starts_on=on,
    )
    _note(student, kind, on, before, after, by, note)
    _refresh(student, on)
    return after


@transaction.atomic
def leave(
    student: Student, kind: str, on: date, by: HeldPost | None, note: str = ""
) -> EnrollmentRecord:
    """End the enrollment; `on` is the last day on the roster.

    Raises RuleBroken for withdrawal and expulsion, which compulsory education does not know
    (义务教育法 14, 27), and for any other kind that does not end an enrollment.
    """
    if kind in FORBIDDEN_CODES or kind not in ENDS_ENROLLMENT:
        text = _("Compulsory education knows no such way to leave school.")
        raise RuleBroken(Reason("kind", text, "/kind"))
    before = _ending(student, on + DAY)
    before.ends_on = on
    before.save(update_fields=["ends_on"])
    if kind == Change.COMPLETED:
        student.completed_on = on
    if kind == Change.DIED:
        student.died_on = on
    student.save(update_fields=["completed_on", "died_on"])
    _note(student, Change(kind), on, before, None, by, note)
    _refresh(student, on)
    return before


def suspended(
    student: Student, kind: Change, on: date, by: HeldPost | None, note: str = ""
) -> None:
    """The child stays on its roster and is away from it (11), or is back in class (12).

    note: the days that were approved, the word on it that the full check of a term asks for.
    """
    if record := open_record(student, on):
        _note(student, kind, on, record, record, by, note)


@transaction.atomic
def put_back(record: EnrollmentRecord, by: HeldPost, note: str) -> None:
    """Open a record again that a transfer had ended: the roster is as it was.

    Rolls that were taken meanwhile did not call the child: they say that nothing is known of it.
    Raises NotPossible when another roster has the child since.
    """
    last = record.ends_on
    later = EnrollmentRecord.objects.filter(student=record.student_id, starts_on__gt=last)
    if last is None or later.exists():
        text = _("The child is on another roster from a later day on.")
        raise NotPossible(Reason("later_record", text))
    rolls = Roll.objects.filter(school_class=record.school_class_id, day__gt=last)
    RollMark.objects.bulk_create(
        RollMark(
            county_id=record.county_id,
            roll=roll,
            student_id=record.student_id,
            day=roll.day,
            mark=Mark.UNKNOWN,
        )
        for roll in rolls.filter(state=RollState.TAKEN)
    )
    record.ends_on = None
    record.save(update_fields=["ends_on"])
    _note(record.student, Change.CORRECTION, last + DAY, None, record, by, note[:NOTE])
    _refresh(record.student, last + DAY)


def died_off_roster(student: Student, on: date, by: HeldPost, note: str) -> None:
    """The death of a child that is on no roster: no school can record it as a leaving."""
    student.died_on = on
    student.save(update_fields=["died_on"])
    _note(student, Change.DIED, on, None, None, by, note[:NOTE])


def completed_elsewhere(student: Student, on: date, by: HeldPost, note: str) -> None:
    """Grade 9 completed at a school that is not ours, as its certificate shows."""
    student.completed_on = on
    student.save(update_fields=["completed_on"])
    _note(student, Change.COMPLETED, on, None, None, by, note[:NOTE])


def _ending(student: Student, on: date) -> EnrollmentRecord:
    """The record that ends the day before, if nothing was recorded on it since."""
    record = open_record(student, on - DAY)
    if record is None:
        text = _("The child is not enrolled on the day before.")
        raise RuleBroken(Reason("not_enrolled", text, "/on"))
    if RollMark.objects.filter(student=student, day__gte=on).exists():
        text = _("The roll already says something of this child on a later day.")
        raise RuleBroken(Reason("roll_taken", text, "/on"))
    if EnrollmentRecord.objects.filter(student=student, starts_on__gte=on).exists():
        text = _("The child is on another roster from a later day on.")
        raise RuleBroken(Reason("later_record", text, "/on"))
    return record


def _note(  # noqa: PLR0913 one row, one place
    student: Student,
    kind: Change,
    on: date,
    before: EnrollmentRecord | None,
    after: EnrollmentRecord | None,
    by: HeldPost | None,
    note: str = "",
) -> None:
    EnrollmentChange.objects.create(
        student=student,
        kind=kind,
        on=on,
        before=before,
        after=after,
        by_id=by.id if by else None,
        note=note,
    )


def _refresh(student: Student, on: date) -> None:
    if term := term_on(student.county_id, on):
        absence.refresh([student.pk], term)

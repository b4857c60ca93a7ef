"""Undoing an applied roster while nothing was built on it: every field as before, or nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPossible, Reason
from students.models import (
    EnrollmentChange,
    EnrollmentRecord,
    Guardian,
    Household,
    ImportJob,
    RollMark,
    RosterQuestion,
    SchoolClass,
    Student,
    StudentNumber,
)
from students.queries.roster_match import records
from students.rules.names import search_keys
from students.rules.roster import Record, Relative

BATCH = 2000
Note = Mapping[str, Any]
DATES = frozenset({"born_on"})


def restore(job: ImportJob) -> None:
    """Take back what the rows of the job did. Call it inside a transaction.

    Raises NotPossible, with every reason, when something was built on it or changed since.
    """
    _check_job(job)
    rows = job.rows.exclude(undo={}).order_by("pk")
    changed_since: set[int] = set()
    last = 0
    while notes := list(rows.filter(pk__gt=last).values_list("pk", "undo")[:BATCH]):
        last = notes[-1][0]
        batch = [note for _pk, note in notes]
        changed_since |= _restore_changed([note for note in batch if "student" in note], job)
        changed_since |= _remove_created([note for note in batch if "created" in note])
    if changed_since:
        text = _("%(count)s children were changed since, or something was recorded of them.")
        raise NotPossible(Reason("changed_since", str(text) % {"count": len(changed_since)}))
    _take_back_questions(job)
    _remove_classes(job.counts.get("classes", []))


def _check_job(job: ImportJob) -> None:
    later = ImportJob.objects.filter(
        school_id=job.school_id, state=ImportJob.State.APPLIED, applied_at__gt=job.applied_at
    )
    reasons = []
    if later.exists():
        reasons.append(Reason("later_import", _("A later file of this school was applied.")))
    if job.questions.filter(answered_at__isnull=False).exists():
        text = _("A question that this file raised was answered already.")
        reasons.append(Reason("answered", text))
    if reasons:
        raise NotPossible(*reasons)


def _built_on() -> NotPossible:
    text = _("Something was recorded of children or classes that this file entered.")
    return NotPossible(Reason("built_on", text))


# --- children that the file entered ---------------------------------------------------------


def _remove_created(notes: Sequence[Note]) -> set[int]:
    """Remove children who were new. Returns those who changed class or school since."""
    pks = [note["created"] for note in notes]
    if not pks:
        return set()
    mine = EnrollmentRecord.objects.filter(student_id__in=pks)
    several = set(mine.filter(ends_on__isnull=False).values_list("student_id", flat=True))
    if several:
        return several
    homes = [note["household"] for note in notes if "household" in note]
    try:
        mine.delete()
        Student.objects.filter(pk__in=pks).delete()
        Household.objects.filter(pk__in=homes, members__isnull=True).delete()
    except ProtectedError as error:
        raise _built_on() from error
    return set()


def _remove_classes(class_ids: Sequence[int]) -> None:
    try:
        SchoolClass.objects.filter(pk__in=class_ids).delete()
    except ProtectedError as error:
        raise _built_on() from error


def _take_back_questions(job: ImportJob) -> None:
    """Open questions go; questions that this file answered are open again."""
    job.questions.all().delete()
    RosterQuestion.objects.filter(
        school_id=job.school_id,
        answered_at=job.applied_at,
        answer=RosterQuestion.Answer.HERE,
    ).update(answer="", answered_at=None, answered_by=None)


# --- children that the file changed ---------------------------------------------------------


def _restore_changed(notes: Sequence[Note], job: ImportJob) -> set[int]:
    """Put back what was before. Returns the children who are otherwise than the file left them."""
    if not notes:
        return set()
    known = records([note["student"] for note in notes], job.effective_on)
    changed = {note["student"] for note in notes if not _as_left(note, known.get(note["student"]))}
    changed |= _marked_since(notes)
    if changed:
        return changed
    _restore_fields([note for note in notes if "fields" in note])
    _restore_homes([note["home"] for note in notes if "home" in note])
    _restore_numbers(notes)
    _restore_relatives([note for note in notes if "relatives" in note])
    _restore_classes(notes)
    return set()


def _as_left(note: Note, record: Record | None) -> bool:
    """Nobody has changed since what the file changed."""
    return record is not None and all(
        holds(note[name], record) for name, holds in HOLDS.items() if name in note
    )


def _fields_hold(pairs: Mapping[str, list[Any]], record: Record) -> bool:
    def now(name: str) -> Any:
        value = getattr(record, name)
        return value.isoformat() if isinstance(value, date) else value

    return all(now(name) == after for name, (_before, after) in pairs.items())


def _relatives_hold(pair: list[Any], record: Record) -> bool:
    return [list(one) for one in record.relatives] == pair[1]


def _number_holds(number: str, record: Record) -> bool:
    return record.number is not None and record.number.number == number


def _home_holds(note: Mapping[str, Any], record: Record) -> bool:
    return [record.address, record.region_id] == note["after"]


HOLDS: dict[str, Callable[[Any, Record], bool]] = {
    "fields": _fields_hold,
    "home": _home_holds,
    "relatives": _relatives_hold,
    "renumbered": lambda note, record: _number_holds(note[2], record),
    "number": lambda note, record: _number_holds(note[1], record),
    "moved": lambda note, record: record.stay is not None and record.stay.class_pk == note[2],
    "record": lambda pk, record: record.stay is not None and record.stay.pk == pk,
}


def _marked_since(notes: Iterable[Note]) -> set[int]:
    """A mark in the new class keeps the child there."""
    new_records = [note["record"] for note in notes if "record" in note]
    starts = dict(
        EnrollmentRecord.objects.filter(pk__in=new_records).values_list("student_id", "starts_on")
    )
    marks = RollMark.objects.filter(
        student_id__in=starts, day__gte=min(starts.values(), default=date.max)
    )
    return {pk for pk, day in marks.values_list("student_id", "day") if day >= starts[pk]}


def _restore_fields(notes: Sequence[Note]) -> None:
    before = {
        note["student"]: {name: pair[0] for name, pair in note["fields"].items()} for note in notes
    }
    students = list(Student.objects.filter(pk__in=before))
    touched: set[str] = set()
    for student in students:
        for name, value in before[student.pk].items():
            setattr(student, name, _typed(name, value))
        touched.update(before[student.pk])
        student.name_keys = search_keys(student.name)[:200]
    if touched:
        Student.objects.bulk_update(students, [*touched, "name_keys"], batch_size=500)


def _typed(name: str, value: Any) -> Any:
    if name in DATES:
        return date.fromisoformat(value)
    return (value or None) if name == "id_number" else value


def _restore_homes(notes: Sequence[Note]) -> None:
    homes = {
        note["pk"]: Household(pk=note["pk"], address=note["before"][0], region_id=note["before"][1])
        for note in reversed(notes)  # siblings: the first row of the file saw the real value before
    }
    if homes:
        Household.objects.bulk_update(homes.values(), ["address", "region"], batch_size=500)


def _restore_numbers(notes: Sequence[Note]) -> None:
    renumbered = [note["renumbered"] for note in notes if "renumbered" in note]
    StudentNumber.objects.bulk_update(
        [StudentNumber(pk=pk, number=before) for pk, before, _after in renumbered],
        ["number"],
        batch_size=500,
    )
    added = [note["number"] for note in notes if "number" in note]
    StudentNumber.objects.filter(number__in=[new for _old, new in added]).delete()
    old = [pk for pk, _new in added if pk]
    StudentNumber.objects.filter(pk__in=old).update(ends_on=None)


def _restore_relatives(notes: Sequence[Note]) -> None:
    Guardian.objects.filter(student_id__in=[note["student"] for note in notes]).delete()
    Guardian.objects.bulk_create(
        Guardian(student_id=note["student"], order=order, **Relative(*one)._asdict())
        for note in notes
        for order, one in enumerate(note["relatives"][0], 1)
    )


def _restore_classes(notes: Sequence[Note]) -> None:
    moved = [note["moved"] for note in notes if "moved" in note]
    EnrollmentRecord.objects.bulk_update(
        [EnrollmentRecord(pk=pk, school_class_id=before) for pk, before, _after in moved],
        ["school_class"],
        batch_size=500,
    )
    new = [note["record"] for note in notes if "record" in note]
    EnrollmentChange.objects.filter(after_id__in=new).delete()
    EnrollmentRecord.objects.filter(pk__in=new).delete()
    ends: dict[str | None, list[int]] = defaultdict(list)
    for note in notes:
        if stay := note.get("stay"):
            ends[stay[1]].append(stay[0])
    for ends_on, pks in ends.items():
        EnrollmentRecord.objects.filter(pk__in=pks).update(ends_on=ends_on)

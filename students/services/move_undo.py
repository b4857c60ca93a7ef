"""Taking back a roster move while nothing was built on it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.errors import NotPossible, Reason
from students.models import (
    ClassTeacher,
    EnrollmentChange,
    EnrollmentRecord,
    Roll,
    SchoolClass,
    Student,
)
from students.models.roster_move import RosterMove, RosterMoveRow
from students.rules.enrollment import Change
from students.rules.moving import ENDS, Fate, MoveKind
from students.services import school_merger

DAY = timedelta(days=1)
STAYS = (Change.SUSPEND, Change.RESUME)  # no roster changed with them


def take_back(move: RosterMove, rows: Sequence[RosterMoveRow]) -> None:
    """Call it inside a transaction. Raises NotPossible with every reason."""
    if reasons := _built_on(move, rows):
        raise NotPossible(*reasons)
    if move.kind == MoveKind.MERGER:
        school_merger.take_back(move)
    moved = [row for row in rows if row.fate in ENDS]
    before = [row.before_id for row in moved]
    last = move.first_day - DAY
    made = EnrollmentChange.objects.filter(before__in=before, on__in=(last, move.first_day))
    made.exclude(kind__in=STAYS).delete()
    EnrollmentRecord.objects.filter(pk__in=[row.after_id for row in rows if row.after_id]).delete()
    ends: dict[date | None, list[int]] = defaultdict(list)
    for row in moved:
        ends[row.was_to_end_on].append(row.before_id)
    for ends_on, pks in ends.items():
        EnrollmentRecord.objects.filter(pk__in=pks).update(ends_on=ends_on)
    done = [row.student_id for row in rows if row.fate == Fate.FINISHES]
    Student.objects.filter(pk__in=done).update(completed_on=None)
    try:
        SchoolClass.objects.filter(pk__in=move.undo.get("classes", [])).delete()
    except ProtectedError as error:
        text = _("Something was recorded of a class that this step made.")
        raise NotPossible(Reason("class_used", text)) from error


def _built_on(move: RosterMove, rows: Sequence[RosterMoveRow]) -> list[Reason]:
    found = []
    after = [row.after for row in rows if row.after is not None]
    classes = {record.school_class_id for record in after}
    if Roll.objects.filter(school_class__in=classes, day__gte=move.first_day).exists():
        found.append(Reason("roll_taken", _("A roll of a new class was taken.")))
    if ClassTeacher.objects.filter(school_class__in=move.undo.get("classes", [])).exists():
        found.append(Reason("teacher", _("A new class has a class teacher.")))
    if count := _changed_since(move, rows):
        text = ngettext(
            "%(count)s child changed school or class since.",
            "%(count)s children changed school or class since.",
            count,
        ) % {"count": count}
        found.append(Reason("changed_since", text))
    return found


def _changed_since(move: RosterMove, rows: Sequence[RosterMoveRow]) -> int:
    """Who is on another roster than the step left it, or on none, or died or completed since."""
    ours = [row for row in rows if row.fate in ENDS]
    lost = sum(row.fate in (Fate.MOVES, Fate.REPEATS) and row.after is None for row in ours)
    ended = sum(row.after is not None and row.after.ends_on is not None for row in ours)
    pks = [row.student_id for row in ours]
    later = EnrollmentRecord.objects.filter(student__in=pks, starts_on__gte=move.first_day)
    later = later.exclude(pk__in=[row.after_id for row in ours if row.after_id])
    return lost + ended + later.values("student").distinct().count()

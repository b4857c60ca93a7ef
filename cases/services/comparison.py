"""Each row of a register gets its result: by our records, or by a person who says what shows it.

What is owed for it follows in cases/services/comparison_duties.py.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import Conflict, NotPossible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from cases.models import Case
from cases.models.case import Origin
from cases.queries import comparison
from cases.rules.comparison import Facts, evident, opens_case, problems
from cases.rules.workflow import OPEN
from cases.services import comparison_duties, opening
from cases.services.opening import ByHand
from students.access import entry_for
from students.models import PersonEntry, PersonList
from students.rules.person_list import Result
from students.services import enrollment, person_review

CHUNK = 2000
CHECKED = ("result", "note", "checked_by", "checked_at")


@dataclass(frozen=True)
class Said:
    """What a person says of a row. note: what shows it. on: the day of the death, of completing
    grade 9, or since when the child is away or out of school, where the result has one. seen: what
    version_of() said when the person looked; None: not compared."""

    result: str
    note: str = ""
    on: date | None = None
    seen: str | None = None


def version_of(entry: PersonEntry) -> str:
    """Another one whenever somebody gave the row a result; read again it is the same (UTC)."""
    return entry.checked_at.astimezone(UTC).isoformat() if entry.checked_at else ""


@transaction.atomic
def give(scope: Scope, batch: PersonList, entry_id: UUID, said: Said, now: datetime) -> PersonEntry:
    """Give a row its result, or another one than it had.

    Raises NotVisible, RuleBroken with everything that does not fit, NotPossible when a case cannot
    be opened, and Conflict when somebody else gave a result since this person looked.
    """
    post = require(scope, Duty.CHECK_LIST)
    entry = entry_for(scope, batch, entry_id, lock=True)
    if said.result not in Result.values:
        raise RuleBroken(Reason("result", _("There is no such result."), "/result"))
    if said.on and said.on > scope.on:
        raise RuleBroken(Reason("future", _("The day lies in the future."), "/on"))
    if said.on and entry.student and said.on < entry.student.born_on:
        raise RuleBroken(opening.BEFORE_BIRTH)
    if said.seen not in (None, version_of(entry)):
        text = _("Somebody gave this row a result meanwhile. Look at it before you change it.")
        raise Conflict(Reason("meanwhile", text, "/seen"))
    facts = facts_of(entry, scope.on)
    result = Result(said.result)
    if reasons := problems(result, facts, said.note):
        raise RuleBroken(*reasons)
    _record(scope, post, entry, facts, said, now)
    entry.result, entry.note = result, said.note.strip()[:400]
    entry.checked_by_id, entry.checked_at = post.id, now
    entry.correction, entry.corrected_on = "", None
    entry.save(update_fields=[*CHECKED, "correction", "corrected_on"])
    comparison_duties.after(entry, scope.on, now)
    audit.record(scope, "list.result", f"entry:{entry_id}", now=now, post=post, result=result)
    return entry


@transaction.atomic
def correct(
    scope: Scope, batch: PersonList, entry_id: UUID, what: str, on: date, now: datetime
) -> PersonEntry:
    """The provider has put its register right; this meets what it owes for the row.

    what: sex, birth date, address, whatever it was, and by which answer. on: the day of it. The row
    stays as it was written; the next list brings it corrected. Raises NotVisible, NotPossible for a
    row that is no fault of the register, RuleBroken without words or with a day that cannot be.
    """
    post = require(scope, Duty.CHECK_LIST)
    entry = entry_for(scope, batch, entry_id, lock=True)
    if entry.result != Result.REGISTER_ERROR:
        text = _("Only a row that is a fault of the register is put right there.")
        raise NotPossible(Reason("no_fault", text))
    reasons = []
    if not what.strip():
        text = _("Say what was put right, and by which answer.")
        reasons.append(Reason("correction", text, "/correction"))
    if not batch.as_of <= on <= scope.on:
        text = _("The day lies before the day of the list, or in the future.")
        reasons.append(Reason("day", text, "/corrected_on"))
    if reasons:
        raise RuleBroken(*reasons)
    entry.correction, entry.corrected_on = what.strip()[:200], on
    entry.save(update_fields=["correction", "corrected_on"])
    comparison_duties.corrected(entry, now)
    audit.record(scope, "list.corrected", f"entry:{entry_id}", now=now, post=post)
    return entry


def facts_of(entry: PersonEntry, on: date) -> Facts:
    """What our records say of the child of one row."""
    rows = comparison.with_facts(PersonEntry.objects.filter(pk=entry.pk), on)
    cohort = comparison.cohort_of(entry.batch.county_id, on)
    return comparison.facts(rows.get(), on, cohort)


def case_of(entry: PersonEntry) -> UUID | None:
    """The case of the child of this row, if it has one that is open."""
    rows = Case.objects.filter(student=entry.student_id, state__in=OPEN)
    return rows.values_list("public_id", flat=True).first()


def _record(
    scope: Scope, post: HeldPost, entry: PersonEntry, facts: Facts, said: Said, now: datetime
) -> None:
    """What the result adds to the child's own records."""
    child = entry.student
    if child is None:
        return
    if opens_case(Result(said.result), facts):
        away = said.result == Result.OTHER
        origin = Origin.WHEREABOUTS_UNKNOWN if away else Origin.NEVER_ENROLLED
        why = ByHand(origin, said.on or scope.on, said.note)
        opening.open_by_hand(scope, child, why, now)
    if said.result == Result.REGISTER_ERROR and said.on and not facts.died:
        _ends_the_work(scope, facts)
        enrollment.died_off_roster(child, said.on, post, said.note)
    if said.result == Result.PAST_AGE and said.on and not facts.completed:
        _ends_the_work(scope, facts)
        enrollment.completed_elsewhere(child, said.on, post, said.note)


def _ends_the_work(scope: Scope, facts: Facts) -> None:
    """A day of death or completion takes a child out of the work for good: the bureau's decision,
    from the paper that the note names, like the end of a case."""
    if not scope.may(Duty.MERGE_RECORDS):
        text = _("The bureau records a death or the end of grade 9. Leave the day empty, name the "
                 "paper, and it decides.")  # fmt: skip
        raise RuleBroken(Reason("bureau_records", text, "/on"))
    if facts.enrolled or facts.open_case:
        text = _("The child is on a roster or has an open case: it is recorded there.")
        raise NotPossible(Reason("enrolled", text, "/on"))


@transaction.atomic
def join(
    scope: Scope, batch: PersonList, entry_id: UUID, student_id: UUID, now: datetime
) -> PersonEntry:
    """The row means this child; the result that our records show by themselves it has at once.

    Raises what person_review.join raises.
    """
    entry = person_review.join(scope, batch, entry_id, student_id, now)
    show_evident(batch, scope.on, now, only=entry)
    return entry_for(scope, batch, entry_id)


@transaction.atomic
def show_evident(
    batch: PersonList, today: date, now: datetime, only: PersonEntry | None = None
) -> int:
    """Rows, or only this one, whose result our records show by themselves.

    Returns how many got one.
    """
    rows = batch.entries.filter(result="").exclude(change=PersonEntry.Change.GONE)
    if only:
        rows = rows.filter(pk=only.pk)
    cohort = comparison.cohort_of(batch.county_id, today)
    found: dict[Result, list[int]] = {}
    for row in comparison.with_facts(rows.exclude(student=None), today).iterator(CHUNK):
        if result := evident(comparison.facts(row, today, cohort)):
            found.setdefault(result, []).append(row.pk)
    for result, pks in found.items():
        for start in range(0, len(pks), CHUNK):
            some = PersonEntry.objects.filter(pk__in=pks[start : start + CHUNK], result="")
            some.update(result=result, checked_at=now)
    return sum(map(len, found.values()))


def follow(today: date, now: datetime) -> int:
    """The newest register of each county: results that are evident, then what is owed for it."""
    changed = comparison_duties.end_of_taken_back(now)
    for batch in comparison.newest_of_all():
        changed += show_evident(batch, today, now)
        changed += comparison_duties.follow(batch, today, now)
    return changed

"""A person says which child a row of the register means, or that it is none of those shown."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, Reason
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from students.access import entry_for, student_for
from students.models import Candidate, Household, PersonEntry, PersonList, Student
from students.queries.screening import met_nowhere
from students.rules.person_list import Result
from students.services import list_children, list_facts, screening_results

KNOWN_ELSEWHERE = Reason(
    "known_elsewhere",
    _("Only a record that is known from this row alone, a fault of the register, is taken back."),
)
MET_AT_THE_DOOR = Reason(
    "met_at_the_door",
    _(
        "The last answer of a round of screening says where this child is. If that is wrong, "
        "record “not found” in a round first."
    ),
)
SEPARABLE = (PersonEntry.Found.BY_FACTS, PersonEntry.Found.BY_HAND)


@transaction.atomic
def join(
    scope: Scope, batch: PersonList, entry_id: UUID, student_id: UUID, now: datetime
) -> PersonEntry:
    """The row means this child: one of the candidates, or one that the person sees.

    Raises NotVisible, and NotPossible when the row is joined already.
    """
    post = require(scope, Duty.CHECK_LIST)
    entry = _open(scope, batch, entry_id)
    student = Student.objects.unmerged().filter(
        public_id=student_id, pk__in=entry.candidates.values("student")
    ).first() or student_for(scope, student_id)
    entry.student, entry.found = student, PersonEntry.Found.BY_HAND
    entry.save(update_fields=["student", "found"])
    list_facts.give(batch, entry)
    audit.record(scope, "list.join", f"entry:{entry_id}", now=now, post=post)
    return entry


@transaction.atomic
def none_of_these(scope: Scope, batch: PersonList, entry_id: UUID, now: datetime) -> PersonEntry:
    """The row means nobody whom we know: a child with no school, to be accounted for from now on.

    Raises NotVisible, and NotPossible when the row is joined already.
    """
    post = require(scope, Duty.CHECK_LIST)
    entry = _open(scope, batch, entry_id)
    if entry.born_on is None or not entry.sex:
        text = _("The row lacks sex or date of birth: it can only be a fault of the register.")
        raise NotPossible(Reason("incomplete", text))
    if Student.objects.filter(county_id=batch.county_id, id_number=entry.id_number).exists():
        entry.id_number = ""  # of another child: only the row keeps it
    entry.candidates.filter(refused_at=None).update(refused_at=now, refused_by_id=post.id)
    list_children.enter(batch, [entry])
    entry.refresh_from_db()
    audit.record(scope, "list.none", f"entry:{entry_id}", now=now, post=post)
    return entry


@transaction.atomic
def separate(scope: Scope, batch: PersonList, entry_id: UUID, now: datetime) -> PersonEntry:
    """The row means another child than was said: by the facts or by a person, never by its number.

    Its result falls with it. Raises NotVisible, and NotPossible for a row joined otherwise.
    """
    post = require(scope, Duty.CHECK_LIST)
    entry = entry_for(scope, batch, entry_id, lock=True)
    if entry.student is None or entry.found not in SEPARABLE:
        text = _("The number says which child it is, or the child is known only from this row.")
        raise NotPossible(Reason("by_number", text))
    refused = {"refused_at": now, "refused_by_id": post.id}
    Candidate.objects.update_or_create(
        entry=entry,
        student=entry.student,
        defaults=refused,
        create_defaults={"score": 0, **refused},
    )
    list_facts.take_back(batch, entry)
    entry.student, entry.found, entry.result, entry.note = None, "", "", ""
    entry.checked_by, entry.checked_at = None, None
    entry.save(update_fields=["student", "found", "result", "note", "checked_by", "checked_at"])
    audit.record(scope, "list.separate", f"entry:{entry_id}", now=now, post=post)
    return entry


@transaction.atomic
def withdraw(scope: Scope, batch: PersonList, entry_id: UUID, now: datetime) -> PersonEntry:
    """Nobody exists whom the row names: the record that was entered from it is taken back.

    The bureau decides, after the row was found a fault of the register; the row keeps what the
    provider wrote. Raises NotVisible, and NotPossible for a child that others know as well or that
    a round of screening has met.
    """
    post = require(scope, Duty.MERGE_RECORDS)
    entry = entry_for(scope, batch, entry_id, lock=True)
    child = entry.student
    only_here = entry.found == PersonEntry.Found.ENTERED and entry.result == Result.REGISTER_ERROR
    if child is None or not only_here or child.changes.exists() or child.absorbed.exists():
        raise NotPossible(KNOWN_ELSEWHERE)
    if not met_nowhere(Student.objects.filter(pk=child.pk)).exists():
        raise NotPossible(MET_AT_THE_DOOR)
    PersonEntry.objects.filter(student=child).update(student=None, found="")
    Candidate.objects.filter(student=child).delete()
    screening_results.let_go([child.pk])
    try:
        child.delete()
    except ProtectedError as error:
        raise NotPossible(KNOWN_ELSEWHERE) from error
    if not Student.objects.filter(household=child.household_id).exists():
        Household.objects.filter(pk=child.household_id, cases=None).delete()
    audit.record(scope, "list.withdraw", f"entry:{entry_id}", now=now, post=post)
    entry.refresh_from_db()
    return entry


def _open(scope: Scope, batch: PersonList, entry_id: UUID) -> PersonEntry:
    entry = entry_for(scope, batch, entry_id, lock=True)
    if entry.student_id:
        text = _("It is already said which child this row means.")
        raise NotPossible(Reason("joined", text))
    return entry

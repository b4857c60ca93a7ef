"""What is found at the door: a result for a child of the round, or a child that nobody knew.

A phone may send twice: the same client_id is one answer (S2-24).
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPermitted, NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Region
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.models import (
    Guardian,
    Household,
    ScreenedChild,
    ScreeningResult,
    ScreeningRound,
    Student,
    StudentNumber,
)
from students.rules.identity import IdProblem, full_years, normalised, parse_id
from students.rules.names import search_keys
from students.rules.screening import AT_THE_DOOR, Found

OLDEST = 25  # years: nobody of that age is still in compulsory education


@dataclass(frozen=True)
class Answer:
    """What was found out about a child of the round. client_id: made once by the sender."""

    client_id: UUID
    student: UUID
    found: str
    note: str = ""


@transaction.atomic
def record(scope: Scope, round_id: int, answer: Answer, now: datetime) -> ScreenedChild:
    """Write the result; a later one replaces it on the child, all are kept.

    Raises NotVisible (no child of the round in the villages of this person), NotPossible (closed),
    RuleBroken (no such result).
    """
    post = require(scope, Duty.SCREEN)
    if answer.found not in AT_THE_DOOR:
        raise RuleBroken(Reason("found", _("There is no such result."), "/found"))
    row = _open_round(round_id)
    child = (
        ScreenedChild.objects.within(scope)
        .filter(round=row, student__public_id=answer.student)
        .select_for_update(of=("self",))
        .first()
    )
    if child is None:
        raise NotVisible
    return _write(child, answer.client_id, Found(answer.found), answer.note, post, now)


def _open_round(round_id: int, *, lock: bool = False) -> ScreeningRound:
    """lock: so that a child sent twice at once is entered once."""
    rows = ScreeningRound.objects.all()
    row = (rows.select_for_update(of=("self",)) if lock else rows).get(pk=round_id)
    if row.closed_at:
        raise NotPossible(Reason("closed", _("This round is closed.")))
    return row


def _write(
    child: ScreenedChild, client_id: UUID, found: Found, note: str, post: HeldPost, now: datetime
) -> ScreenedChild:
    if child.results.filter(client_id=client_id).exists():
        return child
    note = note.strip()[:200]
    ScreeningResult.objects.create(
        child=child, client_id=client_id, found=found, note=note, at=now, by_id=post.id
    )
    child.found, child.note = found, note
    child.answered_at, child.answered_by_id = now, post.id
    child.save(update_fields=["found", "note", "answered_at", "answered_by"])
    return child


def let_go(student_ids: list[int]) -> None:
    """These children never were: questions about them go, answers stay without a child.

    An answer, also that nobody was found, is what somebody did on a day: it is kept for good.
    """
    rows = ScreenedChild.objects.filter(student__in=student_ids)
    rows.filter(found="").delete()
    rows.update(student=None)


@dataclass(frozen=True)
class Stranger:
    """A child that nobody knew, as the family tells it. no_id_reason: why there is no number.

    sure: it is another one than the child of the same name and birth date.
    """

    client_id: UUID
    name: str
    sex: str
    born_on: date
    address: str
    guardian: str
    relation: str = ""
    phone: str = ""
    id_number: str = ""
    no_id_reason: str = ""
    note: str = ""
    sure: bool = False


@transaction.atomic
def add(
    scope: Scope, row: ScreeningRound, village: Region, told: Stranger, now: datetime
) -> ScreenedChild:
    """Enter a child found at a door, with no school: from today somebody has to account for it.

    A child whose number we know is not entered twice: its own row of the round is answered, in
    whatever village that stands. Raises NotPermitted (not the own village), NotPossible (closed),
    RuleBroken (what is told cannot be, or the child is on the list).
    """
    post = require(scope, Duty.SCREEN)
    if not (scope.everything or village.path.startswith(scope.paths or ("-",))):
        raise NotPermitted
    _open_round(row.pk, lock=True)
    sent = ScreeningResult.objects.filter(child__round=row, client_id=told.client_id)
    if again := sent.select_related("child").first():
        return again.child
    number = normalised(told.id_number)
    if problems := _problems(told, number, scope.on):
        raise RuleBroken(*problems)
    known = _known(scope.county_id, number)
    _refuse_listed(scope, row, village, told, known)
    student = known or _enter(scope, village, told, number)
    child, _made = ScreenedChild.objects.get_or_create(
        round=row, student=student, defaults={"village": village}
    )
    place = f"{village.parent.name if village.parent else ''}{village.name}"
    note = f"{place} {told.note}".strip() if known else told.note
    verb = "screening.known" if known else "screening.new"
    audit.record(scope, verb, f"student:{student.public_id}", now=now, post=post)
    return _write(child, told.client_id, Found.MOVED_IN, note, post, now)


def _problems(told: Stranger, number: str, today: date) -> list[Reason]:
    found = []
    if not told.name.strip():
        found.append(Reason("name", _("The name is missing."), "/name"))
    if told.sex not in set(Student.Sex):
        found.append(Reason("sex", _("The sex is missing."), "/sex"))
    if told.born_on > today or full_years(told.born_on, today) > OLDEST:
        found.append(Reason("born_on", _("The birth date cannot be right."), "/born_on"))
    if not number and not told.no_id_reason.strip():
        text = _("Say the ID number, or why there is none.")
        found.append(Reason("no_number", text, "/id_number"))
    if number:
        found += _number_problems(told, number, today)
    return found


def _number_problems(told: Stranger, number: str, today: date) -> list[Reason]:
    said = parse_id(number, today)
    if isinstance(said, IdProblem):
        return [Reason("id_number", _("This is no ID number."), "/id_number")]
    if said.born_on != told.born_on or said.male != (told.sex == Student.Sex.MALE):
        text = _("The number says another birth date or sex.")
        return [Reason("number_differs", text, "/id_number")]
    return []


def _known(county_id: int, number: str) -> Student | None:
    """The child of ours with this number, as ID number or inside its student number."""
    if not number:
        return None
    found = Student.objects.filter(county_id=county_id, id_number=number).first()
    if found is None:
        numbers = StudentNumber.objects.filter(student__county_id=county_id, number=f"G{number}")
        named = numbers.select_related("student__merged_into").first()
        found = named.student if named else None
    return found.merged_into or found if found else None


def _refuse_listed(
    scope: Scope, row: ScreeningRound, village: Region, told: Stranger, known: Student | None
) -> None:
    """Raises RuleBroken for a child that is to be answered on the list of the village itself."""
    if known:
        if row.children.filter(village__path=village.path, student=known).exists():
            text = _("The child is on the list of this village: record the result there.")
            raise RuleBroken(Reason("listed", text, "/id_number"))
        return
    alike = Student.objects.visible_to(scope).filter(name=told.name.strip(), born_on=told.born_on)
    if not told.id_number and not told.sure and alike.exists():
        text = _("A child of this name and birth date is known. Is it really another one?")
        raise RuleBroken(Reason("alike", text, "/sure"))


def _enter(scope: Scope, village: Region, told: Stranger, number: str) -> Student:
    home = Household.objects.create(
        county_id=scope.county_id, region=village, address=told.address.strip()
    )
    student = Student.objects.create(
        county_id=scope.county_id,
        household=home,
        name=told.name.strip(),
        name_keys=search_keys(told.name.strip())[:200],
        sex=told.sex,
        born_on=told.born_on,
        id_number=number or None,
        no_id_reason="" if number else told.no_id_reason.strip(),
        known_since=scope.on,
    )
    if told.guardian.strip():
        Guardian.objects.create(
            student=student,
            name=told.guardian.strip(),
            relation=told.relation.strip(),
            phone=told.phone.strip(),
        )
    return student

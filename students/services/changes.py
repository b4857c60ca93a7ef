"""What a school leader records of a pupil: changes and placements, each with an audit event."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from agencies.services import audit
from students.access import Pupil
from students.models import Placement, SchoolClass
from students.queries.classes import beside
from students.rules.enrollment import Change, PlacementFacts
from students.services import enrollment, placement_duties, placements, transfer_chain
from students.services.transfer_chain import Asked


@dataclass(frozen=True)
class Given:
    """on: the first day in the new class, otherwise the last day on the roster.

    destination: of a transfer out, the school and place; the note serves where it is empty.
    """

    kind: str
    on: date
    school_class: SchoolClass | None = None
    note: str = ""
    destination: str = ""


@transaction.atomic
def record(scope: Scope, pupil: Pupil, given: Given, now: datetime) -> None:
    """A change of class, a transfer out, the completion or the death. Raises RuleBroken."""
    student, post = pupil.student, pupil.post
    if given.kind == Change.CLASS:
        target = _class(pupil, given)
        enrollment.change_class(student, target, given.on, post, Change.CLASS, given.note)
    elif given.kind == Change.TRANSFER_OUT:
        to = given.destination.strip() or given.note.strip()
        transfer_chain.send(scope, pupil, Asked(given.on, to, given.note), given.on, now)
    else:
        _check_leaving(scope, pupil, given)
        enrollment.leave(student, given.kind, given.on, post, given.note)
    subject = f"student:{student.public_id}"
    audit.record(scope, "enrollment.change", subject, now=now, post=post, kind=given.kind)


def _class(pupil: Pupil, given: Given) -> SchoolClass:
    target = given.school_class
    if target is None or not beside(pupil.record).filter(pk=target.pk).exists():
        text = _("Choose another class of the same school and school year.")
        raise RuleBroken(Reason("school_class", text, "/school_class"))
    return target


def _check_leaving(scope: Scope, pupil: Pupil, given: Given) -> None:
    """Nobody completes compulsory education before its last grade, or dies tomorrow."""
    years = in_force(pupil.student.county_id, given.on).number(Key.SCHOOLING_YEARS)
    if given.kind == Change.COMPLETED and pupil.record.school_class.grade < years:
        text = _("Compulsory education is completed in its last grade, not before.")
        raise RuleBroken(Reason("grade", text, "/kind"))
    if given.kind == Change.DIED and given.on > scope.on:
        raise RuleBroken(Reason("future", _("This day is still to come."), "/on"))


@dataclass(frozen=True)
class Back:
    """on: the first day in class again. fitness: the proof of it after illness."""

    on: date
    fitness: str = ""


@transaction.atomic
def approve(scope: Scope, pupil: Pupil, facts: PlacementFacts, now: datetime) -> Placement:
    """A lawful placement. Raises RuleBroken when it is none."""
    placement = placements.approve(pupil.student, facts, pupil.post, scope.on)
    placement_duties.follow(now, pupil.student)
    _noted(scope, pupil, placement, "placement.approve", now)
    return placement


@transaction.atomic
def returned(scope: Scope, pupil: Pupil, placement: Placement, back: Back, now: datetime) -> None:
    """The child is back in class. Raises RuleBroken."""
    if back.on > scope.on:
        raise RuleBroken(Reason("future", _("This day is still to come."), "/on"))
    placements.returned(placement, back.on, pupil.post, back.fitness)
    placement_duties.follow(now, pupil.student)
    _noted(scope, pupil, placement, "placement.returned", now)


def _noted(scope: Scope, pupil: Pupil, placement: Placement, verb: str, now: datetime) -> None:
    subject = f"student:{pupil.student.public_id}"
    placement_id = str(placement.public_id)
    audit.record(scope, verb, subject, now=now, post=pupil.post, placement=placement_id)

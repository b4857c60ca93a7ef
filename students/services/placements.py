"""Lawful placements: approved with a proof and an end, returned from, never silently over."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.rules.scope import HeldPost
from students.models import Placement, Student
from students.queries.calendars import term_on
from students.queries.placements import overlapping
from students.rules.enrollment import Change, PlacementFacts, PlacementKind, placement_problem
from students.rules.placement_kinds import rule_of, why_refused
from students.services import absence, enrollment

DAY = timedelta(days=1)
PROBLEMS = {
    "no_proof": _("A placement needs a proof."),
    "ends_before_start": _("The last day lies before the first."),
    "too_long": _("A placement lasts a year at most; it can be renewed."),
}


@transaction.atomic
def approve(student: Student, facts: PlacementFacts, by: HeldPost, today: date) -> Placement:
    """Record a lawful placement. Raises RuleBroken with the reason when it is none."""
    if problem := placement_problem(facts):
        text = PROBLEMS.get(problem)
        raise RuleBroken(Reason(problem, text, "/kind") if text else why_refused(facts.kind))
    Student.objects.select_for_update(of=("self",)).get(pk=student.pk)  # one of two at once waits
    if overlapping(student, facts.starts_on, facts.ends_on).exists():
        text = _("There is already a placement in this period.")
        raise RuleBroken(Reason("overlap", text, "/starts_on"))
    placement = Placement.objects.create(
        county_id=student.county_id,
        student=student,
        kind=facts.kind,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        proof=facts.proof,
        approved_by_id=by.id,
    )
    begins = all(row.kind != PlacementKind.SUSPENSION for row in _renewed_by(placement))
    if facts.kind == PlacementKind.SUSPENSION and begins:
        days = f"{facts.starts_on} – {facts.ends_on}"
        enrollment.suspended(student, Change.SUSPEND, facts.starts_on, by, days)
    _refresh(student, today)
    return placement


@transaction.atomic
def returned(
    placement: Placement, on: date, by: HeldPost | None = None, fitness: str = ""
) -> Placement:
    """The child is back in class from this day on: from those that this one renewed as well.

    fitness: the proof that the child is fit for school. Raises RuleBroken, also where it is
    missing after illness.
    """
    if on < placement.starts_on:
        raise RuleBroken(Reason("before_start", _("The placement began later."), "/on"))
    rows = [placement, *_renewed_by(placement)]
    kinds = {row.kind for row in rows}
    if not fitness.strip() and any(rule.fitness for kind in kinds if (rule := rule_of(kind))):
        text = _("After illness the return needs the proof that the child is fit for school.")
        raise RuleBroken(Reason("fitness", text, "/fitness"))
    for row in rows:
        row.returned_on, row.fitness = on, fitness.strip()
        row.save(update_fields=["returned_on", "fitness"])
    if PlacementKind.SUSPENSION in kinds:
        days = f"{rows[-1].starts_on} – {on}"
        enrollment.suspended(placement.student, Change.RESUME, on, by, days)
    _refresh(placement.student, on)
    return placement


def _renewed_by(placement: Placement) -> Iterator[Placement]:
    """Those before it, as far as one follows the other without a gap and without a return."""
    earlier = Placement.objects.filter(student=placement.student_id, returned_on__isnull=True)
    first = placement.starts_on
    for row in earlier.filter(ends_on__lt=first).order_by("-ends_on"):
        if row.ends_on + DAY != first:
            return
        yield row
        first = row.starts_on


def _refresh(student: Student, day: date) -> None:
    if term := term_on(student.county_id, day):
        absence.refresh([student.pk], term)

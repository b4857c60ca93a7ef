"""Lawful placements: approved with a proof and an end, returned from, never silently over."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.rules.scope import HeldPost
from students.models import Placement, Student
from students.queries.calendars import term_on
from students.queries.placements import overlapping
from students.rules.enrollment import PlacementFacts, placement_problem
from students.rules.placement_kinds import why_refused
from students.services import absence

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
    _refresh(student, today)
    return placement


@transaction.atomic
def returned(placement: Placement, on: date) -> Placement:
    """The child is back in class from this day on: from those that this one renewed as well."""
    if on < placement.starts_on:
        raise RuleBroken(Reason("before_start", _("The placement began later."), "/on"))
    placement.returned_on = on
    placement.save(update_fields=["returned_on"])
    earlier = Placement.objects.filter(student=placement.student, returned_on__isnull=True)
    first = placement.starts_on
    for row in earlier.filter(ends_on__lt=first).order_by("-ends_on"):
        if row.ends_on + DAY != first:
            break
        row.returned_on, first = on, row.starts_on
        row.save(update_fields=["returned_on"])
    _refresh(placement.student, on)
    return placement


def _refresh(student: Student, day: date) -> None:
    if term := term_on(student.county_id, day):
        absence.refresh([student.pk], term)

"""Sweeps of the students app (when: the beat table in config/celery.py)."""

from agencies import background, clock
from agencies.services import sweep
from students.imports import run
from students.models import Term
from students.services import (
    absence,
    contacts,
    focus_duties,
    left_behind,
    roll_duties,
    screening,
    settle,
)


@background.task("students.reconcile_runs")
def reconcile_runs() -> int:
    """Stored runs of the terms of today are compared with a recount and repaired."""
    today = clock.today()
    terms = Term.objects.filter(starts_on__lte=today, ends_on__gte=today)
    return sum(absence.reconcile(term) for term in terms)


@background.task("students.run_imports")
def run_imports() -> int:
    """Uploads that wait are checked, confirmed ones are applied."""
    return run.run_waiting(clock.now())


@background.task("students.raise_roll_duties")
def raise_roll_duties() -> int:
    """Each school with pupils owes the rolls of today; days that were missed are caught up."""
    return roll_duties.raise_for(clock.today(), clock.now())


@background.task("students.remind_rolls")
def remind_rolls() -> int:
    """Whoever is in charge of a class without a roll is told once a day."""
    return roll_duties.remind(clock.now())


@background.task("students.raise_contacts")
def raise_contacts() -> int:
    """The school owes a contact on the first day of an absence, and an answer to a run."""
    return contacts.raise_due(clock.now())


@background.task("students.raise_tag_reviews")
def raise_tag_reviews() -> int:
    """Focus tags whose yearly review is near."""
    return focus_duties.raise_due(clock.now())


@background.task("students.raise_left_behind")
def raise_left_behind() -> int:
    """Each left-behind child on a roster has a day for the next contact."""
    return left_behind.raise_due(clock.now())


@background.task("students.open_screenings")
def open_screenings() -> int:
    """The round of a term opens with it; open rounds follow the children who live there."""
    return screening.open_due(clock.now())


@background.task("students.sweep_deadlines", alone=False)
def sweep_deadlines() -> int:
    """What was met meanwhile is met first; then what comes near or has passed is said."""
    now = clock.now()
    return settle.settle(now) + sweep.sweep(now)

"""Sweeps of the students app (when: the beat table in config/celery.py)."""

from agencies import background, clock
from students.imports import run
from students.models import Term
from students.services import absence


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

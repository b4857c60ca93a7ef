"""Sweeps of the reporting app (when: the beat table in config/celery.py)."""

from agencies import background, clock
from reporting.services import periodic


@background.task("reporting.raise_periodic")
def raise_periodic() -> int:
    """After a month or quarter that touches a term, its report is owed."""
    return periodic.raise_due(clock.now())

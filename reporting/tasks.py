"""Sweeps of the reporting app (when: the beat table in config/celery.py)."""

from agencies import background, clock
from reporting.services import alerts, periodic, records


@background.task("reporting.raise_periodic")
def raise_periodic() -> int:
    """After a month or quarter that touches a term, its report is owed."""
    return periodic.raise_due(clock.now())


@background.task("reporting.sweep_records")
def sweep_records() -> int:
    """Records are compared with what is known of the child; what does not fit is a finding."""
    return records.sweep(clock.now())


@background.task("reporting.sweep_alerts")
def sweep_alerts() -> int:
    """A rate above its control line, or rising for years, becomes an alert."""
    return alerts.sweep(clock.now())

"""Sweeps of the cases app (when: the beat table in config/celery.py)."""

from agencies import background, clock
from cases.services import opening, returns, team, unconfirmed


@background.task("cases.open_from_runs")
def open_from_runs() -> int:
    return opening.open_from_runs(clock.now())


@background.task("cases.follow_returns")
def follow_returns() -> int:
    """What is owed of a child that is back follows the roll; a case verifies a transfer."""
    now = clock.now()
    return returns.follow(clock.today(), now) + unconfirmed.follow(now)


@background.task("cases.refill_seats")
def refill_seats() -> int:
    return team.refill(clock.today(), clock.now())

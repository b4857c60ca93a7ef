"""Sweeps of the cases app (when: the beat table in config/celery.py)."""

from agencies import background, clock
from cases.services import (
    comparison,
    opening,
    returns,
    schools,
    service_of_papers,
    team,
    tips,
    unconfirmed,
)


@background.task("cases.open_from_runs")
def open_from_runs() -> int:
    return opening.open_from_runs(clock.now())


@background.task("cases.follow_returns")
def follow_returns() -> int:
    """What is owed of a child that is back follows the roll; a case verifies a transfer; the
    last day that a guardian has follows the calendar."""
    now, today = clock.now(), clock.today()
    moved = service_of_papers.follow_calendar(today, now)
    return returns.follow(today, now) + unconfirmed.follow(now) + moved


@background.task("cases.follow_comparison")
def follow_comparison() -> int:
    """Of the newest register: results that our records show, and what is owed for the others."""
    return comparison.follow(clock.today(), clock.now())


@background.task("cases.refill_seats")
def refill_seats() -> int:
    """Seats follow their posts, and a case the school on whose roster the child is."""
    return schools.follow(clock.now()) + team.refill(clock.today(), clock.now())


@background.task("cases.forget_tips")
def forget_tips() -> int:
    """What was kept of visitors only for the bounds of tips."""
    return tips.forget(clock.now())

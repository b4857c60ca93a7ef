"""Runs of unexcused absence: 连续超过3个工作日无故未入校 (wencheng-2019 三(二), S1-57).

One child's school days go in, runs come out. The set-based recount (queries/recount.py) must give
the same rows; tests/students/test_recount.py proves it on random data.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class DayState(StrEnum):
    """What is known of one child on one school day."""

    PRESENT = "present"  # there, also when late or left early: ends a run
    EXCUSED = "excused"  # sick or personal leave, lawful placement: ends a run
    UNEXCUSED = "unexcused"  # counts
    UNKNOWN = "unknown"  # no roll, or nobody knows: neither counts nor ends a run
    NOT_HELD = "not_held"  # the class was not held: as if it were no school day


@dataclass(frozen=True)
class SchoolDay:
    day: date
    state: DayState


@dataclass(frozen=True)
class Run:
    """A maximal run of unexcused days.

    days: known unexcused school days. unknown_days: days without a roll inside the run, so that
    the run says "at least". crossed_on: the day on which the known days passed the threshold.
    rests_on_unknown: an unknown day lies before that day, so a late roll may undo the run.
    """

    starts_on: date
    last_on: date
    days: int = 1
    unknown_days: int = 0
    crossed_on: date | None = None
    rests_on_unknown: bool = False
    ended_on: date | None = None


def runs(days: Iterable[SchoolDay], threshold: int) -> list[Run]:
    """The runs of one child within one term, oldest first.

    threshold: "超过3个" is strictly more than the threshold (rule 1). The days are the school
    days of the child in order; a term boundary is the caller's: a run never crosses one (rule 2).
    """
    found: list[Run] = []
    run: Run | None = None
    pending_unknown = 0
    for school_day in days:
        if school_day.state is DayState.UNKNOWN:
            pending_unknown += 1 if run else 0
        elif school_day.state is DayState.UNEXCUSED:
            run = _longer(run, school_day.day, pending_unknown, threshold)
            pending_unknown = 0
        elif school_day.state is not DayState.NOT_HELD:
            if run:
                found.append(replace(run, ended_on=school_day.day))
            run, pending_unknown = None, 0
    return [*found, run] if run else found


def _longer(run: Run | None, day: date, unknown: int, threshold: int) -> Run:
    if run is None:
        run = Run(starts_on=day, last_on=day)
    else:
        run = replace(run, last_on=day, days=run.days + 1, unknown_days=run.unknown_days + unknown)
    if run.crossed_on is None and run.days > threshold:
        run = replace(run, crossed_on=day, rests_on_unknown=run.unknown_days > 0)
    return run


@dataclass(frozen=True)
class RunNow:
    """A run as the roll shows it on one day: "at least 3 days, then 2 without a roll"."""

    days: int = 0
    unknown_days: int = 0
    since: date | None = None

    @property
    def at_least(self) -> bool:
        return self.unknown_days > 0


def run_now(days: Iterable[SchoolDay], threshold: int) -> RunNow:
    """The run that is still open at the end of these days, trailing unknown days included."""
    days = list(days)
    current = next((run for run in runs(days, threshold) if run.ended_on is None), None)
    if current is None:
        return RunNow()
    trailing = sum(1 for one in days if one.state is DayState.UNKNOWN and one.day > current.last_on)
    return RunNow(current.days, current.unknown_days + trailing, current.starts_on)

"""Return is not closure: the school days after the return are counted from the roll (rule 14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from students.rules.absence import DayState, SchoolDay


@dataclass(frozen=True)
class FollowUp:
    """How far the follow-up has come.

    counted: school days with a roll since the last start; attended: those in class;
    unknown: days without a roll, which neither count nor restart; done_on: the day on which the
    required number was reached; restarted_on: the last unexcused day, if any.
    """

    required: int
    counted: int = 0
    attended: int = 0
    unknown: int = 0
    done_on: date | None = None
    restarted_on: date | None = None

    @property
    def missing(self) -> int:
        return max(self.required - self.counted, 0)


def follow_up(days: Iterable[SchoolDay], required: int) -> FollowUp:
    """Count the school days from the day of return, which is day 1.

    An unexcused day restarts the count: the next school day is day 1. A day counts once its
    roll is in. Source: rule 14; the number of days is a policy value (20).
    """
    counted = attended = unknown = 0
    done_on = restarted_on = None
    for one in days:
        if one.state is DayState.UNEXCUSED:
            counted = attended = unknown = 0
            done_on, restarted_on = None, one.day
        elif one.state is DayState.UNKNOWN:
            unknown += 1
        elif one.state is not DayState.NOT_HELD:
            counted += 1
            attended += one.state is DayState.PRESENT
            if counted == required:
                done_on = one.day
    return FollowUp(required, counted, attended, unknown, done_on, restarted_on)

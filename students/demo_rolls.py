"""Rolls, marks and runs of the demonstration in bulk: what 80 teachers a day would have entered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection

from agencies.rules.deadlines import CHINA
from students.models import AbsenceRun, Roll, RollMark
from students.queries.recount import Counted
from students.rules.marks import Mark, RollState

# By chance, of 1,000 pupil days: on sick leave, on personal leave, unexcused, late.
CHANCES = ((0.010, Mark.SICK_LEAVE), (0.015, Mark.PERSONAL_LEAVE), (0.018, Mark.UNEXCUSED),
           (0.020, Mark.LATE))  # fmt: skip
REASONS = {Mark.SICK_LEAVE: ("感冒发烧", "肠胃不适", "水痘", "牙痛"),
           Mark.PERSONAL_LEAVE: ("家中有事", "外出办证", "探亲")}  # fmt: skip


@dataclass(frozen=True)
class Called:
    """A class as its teacher calls it."""

    class_id: int
    teacher_id: int
    pupils: tuple[int, ...]


@dataclass
class Script:
    """What the stories fix. quiet: children to whom nothing happens by chance; calm: days on
    which nobody is unexcused by chance; untaken: class and day without a roll.
    """

    marks: dict[tuple[int, date], Mark] = field(default_factory=dict)
    quiet: set[int] = field(default_factory=set)
    calm: set[date] = field(default_factory=set)
    untaken: set[tuple[int, date]] = field(default_factory=set)


class Register:
    """Writes rolls a day at a time."""

    def __init__(self, county_id: int, script: Script, rng: Random) -> None:
        self.county_id, self.script, self.rng = county_id, script, rng

    def call(self, classes: Iterable[Called], day: date, now: datetime) -> int:
        """The roll of each class on the day. Returns how many were taken."""
        taken = [one for one in classes if (one.class_id, day) not in self.script.untaken]
        rolls = [
            Roll(
                county_id=self.county_id,
                school_class_id=one.class_id,
                day=day,
                state=RollState.TAKEN,
                taken_by_id=one.teacher_id,
                taken_at=min(self._morning(day), now),
            )
            for one in taken
        ]
        Roll.objects.bulk_create(rolls)
        marks = []
        for roll, one in zip(rolls, taken, strict=True):
            marks += self._marks(roll, one.pupils)
        RollMark.objects.bulk_create(marks)
        return len(rolls)

    def _morning(self, day: date) -> datetime:
        first = datetime.combine(day, time(7, 50), CHINA)
        return first + timedelta(seconds=self.rng.randrange(1500))

    def _marks(self, roll: Roll, pupils: tuple[int, ...]) -> list[RollMark]:
        found = []
        for pupil in pupils:
            mark = self.script.marks.get((pupil, roll.day)) or self._chance(pupil, roll.day)
            if mark:
                reason = self.rng.choice(REASONS[mark]) if mark in REASONS else ""
                found.append(
                    RollMark(
                        county_id=self.county_id,
                        roll=roll,
                        student_id=pupil,
                        day=roll.day,
                        mark=mark,
                        reason=reason,
                    )
                )
        return found

    def _chance(self, pupil: int, day: date) -> Mark | None:
        drawn = self.rng.random()
        if drawn >= CHANCES[-1][0] or pupil in self.script.quiet:
            return None
        mark = next(mark for limit, mark in CHANCES if drawn < limit)
        return None if mark is Mark.UNEXCUSED and day in self.script.calm else mark


def store_runs(county_id: int, term_id: int, counted: Iterable[Counted]) -> int:
    """Rows of the runs that a recount has found. Returns how many."""
    rows = [AbsenceRun(county_id=county_id, term_id=term_id, **vars(one)) for one in counted]
    AbsenceRun.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return len(rows)


def analyse() -> None:
    """Tell the planner how large the tables have become, or a recount takes minutes."""
    with connection.cursor() as cursor:
        for model in (Roll, RollMark, AbsenceRun):
            cursor.execute(f"ANALYZE {model._meta.db_table}")

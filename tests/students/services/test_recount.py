"""The set-based recount of a whole county gives the same rows as the rule, on random data."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from students.models import (
    AbsenceRun,
    ClosedDay,
    EnrollmentRecord,
    Placement,
    Roll,
    RollMark,
    SchoolClass,
)
from students.queries.calendars import school_calendars
from students.queries.recount import differences, recount
from students.services import absence
from tests.support.rolls import at
from tests.support.world import World, build

FIRST, LAST = date(2026, 9, 14), date(2026, 10, 16)  # two holidays and two make-up days
MARKS = ["", "", "unexcused", "unexcused", "unexcused", "sick_leave", "late", "unknown"]
ROLLS = ["taken", "taken", "taken", "taken", "not_held", ""]

histories = st.fixed_dictionaries(
    {
        "rolls": st.lists(st.sampled_from(ROLLS), min_size=60, max_size=60),
        "marks": st.lists(st.sampled_from(MARKS), min_size=180, max_size=180),
        "moves": st.lists(st.integers(0, 30), min_size=6, max_size=6),
        "away": st.lists(st.integers(0, 30), min_size=6, max_size=6),
        "closed": st.lists(st.integers(0, 24), max_size=3),
    }
)


class RecountTest(TestCase):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(histories)
    def test_rows_equal_the_recount(self, history: dict) -> None:
        world = build()
        _play(world, history)
        absence.refresh([pupil.pk for pupil in world.pupils], world.term)
        assert differences(world.term) == []


def _play(world: World, history: dict) -> None:
    """Move children between two schools, send some away, close days, and call the rolls."""
    calendar = school_calendars(world.term, [world.school.pk])[world.school.pk]
    days = list(calendar.school_days(FIRST, LAST))
    for index, pupil in enumerate(world.pupils):
        moved_on = history["moves"][index]
        if moved_on < len(days):
            EnrollmentRecord.objects.filter(student=pupil).update(
                ends_on=date.fromordinal(days[moved_on].toordinal() - 1)
            )
            EnrollmentRecord.objects.create(
                county=world.county,
                student=pupil,
                school=world.second_school,
                school_class=world.second_class,
                starts_on=days[moved_on],
            )
        left_on = history["away"][index]
        if left_on + 3 < len(days):
            Placement.objects.create(
                county=world.county,
                student=pupil,
                kind="hospital",
                starts_on=days[left_on],
                ends_on=days[left_on + 2],
                proof="hospital",
                approved_by=world.posts["school_leader"],
            )
    for number, day in enumerate({days[index % len(days)] for index in history["closed"]}):
        school = world.school if number else None
        ClosedDay.objects.create(county=world.county, school=school, day=day, reason="typhoon")
    states, marks = iter(history["rolls"]), iter(history["marks"])
    for day in days:
        for school_class in (world.school_class, world.second_class):
            _call(world, school_class, day, next(states, ""), marks)


def _call(world: World, school_class: SchoolClass, day: date, state: str, marks: object) -> None:
    if not state:
        return
    roll = Roll.objects.create(
        county=world.county,
        school_class=school_class,
        day=day,
        state=state,
        taken_by=world.posts["teacher"],
        taken_at=at(day),
    )
    here = EnrollmentRecord.objects.on(day).filter(school_class=school_class)
    for student in here.values_list("student_id", flat=True) if state == "taken" else ():
        if mark := next(marks, ""):  # type: ignore[call-overload]
            RollMark.objects.create(
                county=world.county, roll=roll, student_id=student, day=day, mark=mark
            )


@pytest.mark.parametrize(("more_than", "expected"), [(0, [2, 5]), (3, [5])])
def test_only_runs_of_more_days(world, more_than, expected):
    for day in range(12, 17):
        marks = iter(["unexcused"] * (2 if day < 14 else 1))
        _call(world, world.school_class, date(2026, 10, day), "taken", marks)
    assert sorted(run.days for run in recount(world.term, more_than)) == expected


def test_reconcile_repairs_what_differs(world):
    for day in range(12, 16):
        _call(world, world.school_class, date(2026, 10, day), "taken", iter(["unexcused"]))
    assert absence.reconcile(world.term) == 1
    assert AbsenceRun.objects.get().days == 4
    AbsenceRun.objects.update(days=9)
    assert absence.reconcile(world.term) == 1
    assert AbsenceRun.objects.get().days == 4
    assert absence.reconcile(world.term) == 0

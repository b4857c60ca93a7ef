"""An open case is with the school of the child: after a change of school, and after a merger."""

from datetime import date

import pytest

from agencies.models import Obligation
from agencies.rules.obligations import ObligationKind
from cases.models import Case, CaseEvent, TeamSeat
from cases.services import duties, schools
from students.models import EnrollmentRecord, RosterMove
from students.rules.enrollment import Change
from students.services import enrollment, moving
from students.services.moving import Wanted
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.rolls import at
from tests.support.world import World, pupil, school_class

MERGED, SET_OUT = date(2026, 11, 2), date(2026, 10, 12)


@pytest.fixture
def case(world: World, clock) -> Case:
    clock("2026-10-09T13:00")
    return absent_for_four_days(world)


def seated(case: Case) -> set[str]:
    rows = TeamSeat.objects.filter(team__household=case.household_id, until__isnull=True)
    return {row.post.user.username for row in rows.filter(school__isnull=False)}


def merge(world: World) -> RosterMove:
    scope = world.scope("bureau_staff")
    wanted = Wanted("merger", world.school, MERGED, world.other_school)
    move = moving.prepare(scope, wanted, at(SET_OUT))
    return moving.apply(scope, move, at(SET_OUT, 9))


def test_a_case_goes_with_the_child_and_its_school_is_seated(world: World, case: Case):
    duties.owe(case, ObligationKind.CATCH_UP, SET_OUT, at(SET_OUT))
    enrollment.change_class(case.student, world.other_class, SET_OUT, None, Change.TRANSFER_IN)
    assert schools.follow(at(SET_OUT)) == 1
    assert Obligation.objects.get(kind="case_catch_up").owed_by == world.other_school
    case.refresh_from_db()
    assert (case.school, case.school_class) == (world.other_school, world.other_class)
    assert seated(case) == {"other_leader", "other_teacher"}
    event = CaseEvent.objects.filter(case=case).latest("pk")
    assert (event.action, event.before, event.after) == ("school", case.state, case.state)
    assert event.note == f"{world.school.name} → {world.other_school.name}"
    assert schools.follow(at(SET_OUT, 11)) == 0


def test_the_case_of_a_merged_school_is_owed_by_the_one_that_continues(world: World, case: Case):
    move = merge(world)
    assert schools.follow(at(date(2026, 11, 1))) == 0
    assert schools.follow(at(MERGED)) == 1
    case.refresh_from_db()
    assert case.school == world.other_school
    assert case.school_class
    assert case.school_class.school_id == world.other_school.pk
    moving.undo(world.scope("bureau_staff"), move, at(MERGED, 9))
    assert schools.follow(at(MERGED, 10)) == 1
    case.refresh_from_db()
    assert (case.school, case.school_class) == (world.school, world.school_class)


def test_a_child_on_no_roster_goes_to_the_school_that_continues_as_well(world: World, case: Case):
    EnrollmentRecord.objects.filter(student=case.student).update(ends_on=date(2026, 10, 9))
    merge(world)
    assert schools.follow(at(MERGED)) == 1
    case.refresh_from_db()
    assert (case.school, case.school_class) == (world.other_school, None)


def test_another_class_of_the_same_school_is_followed_without_a_word(world: World, case: Case):
    beside = school_class(world.school, 7, 4)
    enrollment.change_class(case.student, beside, SET_OUT, None, Change.CLASS)
    told = CaseEvent.objects.count()
    assert schools.follow(at(SET_OUT)) == 0
    case.refresh_from_db()
    assert (case.school_class, CaseEvent.objects.count()) == (beside, told)
    pupil(beside, "同班生", world.village)
    assert schools.follow(at(SET_OUT)) == 0

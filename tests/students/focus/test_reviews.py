"""The yearly review of a tag: owed by the school, by the township of a child without one."""

from datetime import date, timedelta

import pytest

from agencies.errors import NotPossible, RuleBroken
from agencies.models import Obligation
from students.models import EnrollmentRecord, FocusTag, Student
from students.rules.disability import Category, Grade, Taught
from students.rules.enrollment import Change
from students.rules.focus import FocusGroup
from students.services import disability, enrollment, focus, focus_by_hand, focus_duties
from students.services.focus import Given
from tests.support.rolls import at
from tests.support.world import World

SET_ON = date(2026, 10, 12)
NEAR = SET_ON + timedelta(days=340)


def tag(world: World, group: FocusGroup = FocusGroup.POOR, pupil: int = 0) -> FocusTag:
    child = world.pupils[pupil]
    given = Given("村委会证明", SET_ON)
    focus_by_hand.set_tag(world.scope("township_cadre"), child, group, given, at(SET_ON))
    return FocusTag.objects.get(student=child, group=group)


def owed() -> list[Obligation]:
    return list(Obligation.objects.filter(kind="tag_review").order_by("pk"))


def test_it_is_raised_a_month_before_its_last_day_and_once(world: World):
    tag(world)
    assert focus_duties.raise_due(at(SET_ON + timedelta(days=334))) == 0
    assert focus_duties.raise_due(at(NEAR)) == 1
    assert focus_duties.raise_due(at(NEAR)) == 0
    (row,) = owed()
    assert (row.owed_by, row.owed_to) == (world.school, world.bureau)
    assert row.due_on == SET_ON + timedelta(days=365)
    assert row.href == f"/students/{world.pupils[0].public_id}/tags/"
    assert row.subject == "大峃镇实验学校"


def test_without_a_school_the_township_of_the_home_owes_it(world: World):
    tag(world)
    EnrollmentRecord.objects.filter(student=world.pupils[0]).update(ends_on=SET_ON)
    focus_duties.raise_due(at(NEAR))
    assert owed()[0].owed_by == world.town_hall


def test_the_review_meets_it_at_once_and_the_next_year_has_another(world: World, clock):
    found = tag(world)
    focus_duties.raise_due(at(NEAR))
    clock(f"{NEAR}T08:00:00+08:00")
    focus_by_hand.review(world.scope("school_leader"), found, at(NEAR, 9))
    assert (owed()[0].met_at, owed()[0].late) == (at(NEAR, 9), False)
    assert focus_duties.follow(at(NEAR, 10)) == 0
    assert focus_duties.raise_due(at(NEAR + timedelta(days=340))) == 1
    assert owed()[1].due_on == NEAR + timedelta(days=365)


def test_a_list_that_names_the_child_again_meets_it(world: World):
    tag(world)
    focus_duties.raise_due(at(NEAR))
    by = world.posts["bureau_staff"].pk
    focus.tag([world.pupils[0].pk], FocusGroup.POOR, Given("新名单", SET_ON), by, NEAR)
    assert focus_duties.follow(at(NEAR, 11)) == 1
    assert owed()[0].met_at == at(NEAR, 0)


@pytest.mark.parametrize("how", ["ended", "died", "merged"])
def test_it_falls_with_the_tag_and_with_the_child(world: World, how: str):
    found = tag(world)
    focus_duties.raise_due(at(NEAR))
    child = Student.objects.filter(pk=world.pupils[0].pk)
    if how == "ended":
        focus.end([found.student_id], FocusGroup.POOR, SET_ON)
    elif how == "died":
        child.update(died_on=SET_ON)
    else:
        child.update(merged_into=world.pupils[1])
    assert focus_duties.follow(at(NEAR)) == 1
    assert (owed()[0].met_at, owed()[0].waived_because) == (None, "the tag has ended")
    assert focus_duties.raise_due(at(NEAR)) == 0


def test_the_new_school_owes_the_review_of_a_child_that_has_come(world: World):
    tag(world, FocusGroup.DISABLED)
    focus_duties.raise_due(at(NEAR))
    assert owed()[0].owed_by == world.school
    due_on = owed()[0].due_on
    enrollment.change_class(world.pupils[0], world.other_class, NEAR, None, Change.TRANSFER_IN)
    assert focus_duties.follow(at(NEAR)) == 1
    [row] = owed()
    assert (row.owed_by, row.due_on) == (world.other_school, due_on)
    assert (row.region_path, row.subject) == (world.other_township.path, world.other_school.name)
    assert focus_duties.follow(at(NEAR)) == 0


def test_a_disabled_child_is_checked_not_reviewed(world: World, clock):
    found = tag(world, FocusGroup.DISABLED)
    leader = world.scope("school_leader")
    with pytest.raises(NotPossible):
        focus_by_hand.review(leader, found, at(SET_ON))
    with pytest.raises(NotPossible) as refused:
        disability.check(leader, world.pupils[0], Taught.ORDINARY, at(SET_ON))
    assert refused.value.reasons[0].code == "no_record"
    focus_duties.raise_due(at(NEAR))
    assert owed()[0].href.endswith("/disability/")
    clock(f"{NEAR}T08:00:00+08:00")
    leader = world.scope("school_leader")
    certificate = disability.Given(Category.SIGHT, Grade.TWO)
    disability.record(leader, world.pupils[0], certificate, at(NEAR))
    assert owed()[0].met_at is None
    disability.check(leader, world.pupils[0], Taught.ORDINARY, at(NEAR, 9))
    assert owed()[0].met_at == at(NEAR, 9)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Given("证明", date(2026, 10, 13)), "future"),
        (Given("证明", date(2026, 9, 1), date(2026, 8, 1)), "period"),
        (Given("  ", date(2026, 9, 1)), "source"),
    ],
)
def test_what_a_tag_cannot_say(world: World, given: Given, code: str):
    with pytest.raises(RuleBroken) as refused:
        focus_by_hand.set_tag(
            world.scope("bureau_staff"), world.pupils[0], FocusGroup.ORPHAN, given, at(SET_ON)
        )
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert FocusTag.objects.count() == 0

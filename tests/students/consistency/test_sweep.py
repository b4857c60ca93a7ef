"""Findings on records: opened once, ended by what was put right, cleared by a written word."""

from datetime import date, timedelta

import pytest

from agencies.errors import NotPermitted, NotPossible, RuleBroken
from agencies.models import Agency, AuditEvent, Obligation, Region
from agencies.rules.policy import Key
from agencies.services import policy
from cases.models import Case
from cases.services import opening
from cases.services.opening import ByHand
from reporting.models import ConsistencyFinding, SystemMark
from reporting.services import records
from students.models import (
    Catchment,
    EnrollmentRecord,
    Placement,
    Roll,
    RollMark,
    Student,
    Transfer,
)
from students.services import enrollment, moving
from students.services.moving import Wanted
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.rolls import at
from tests.support.world import World, pupil, school_class

TODAY = date(2026, 10, 12)
LAST, NEW_YEAR = date(2027, 8, 31), date(2027, 9, 1)


def kinds() -> list[tuple[str, str]]:
    rows = ConsistencyFinding.objects.open().order_by("pk")
    return [(row.kind, row.evidence) for row in rows]


def placed(world: World, child: Student, kind: str = "elsewhere") -> Placement:
    return Placement.objects.create(
        county=world.county, student=child, kind=kind, starts_on=date(2026, 9, 1),
        ends_on=date(2027, 1, 20), proof="就读证明", approved_by=world.posts["bureau_leader"],
    )  # fmt: skip


def rolls(world: World, days: int, marks: dict[int, str], last: date = TODAY) -> None:
    """The class was called on so many days in a row, with the same marks each time."""
    for back in range(days):
        day = last - timedelta(days=back)
        roll = Roll.objects.create(
            county=world.county, school_class=world.school_class, day=day, state="taken",
            taken_by=world.posts["teacher"], taken_at=at(day),
        )  # fmt: skip
        for index, mark in marks.items():
            RollMark.objects.create(
                county=world.county, roll=roll, student=world.pupils[index], day=day, mark=mark
            )


def test_a_county_whose_records_fit_has_no_finding(world: World):
    rolls(world, 20, {0: "late"})
    assert records.sweep(at(TODAY)) == 0
    assert not Obligation.objects.filter(kind="consistency").exists()


def promoted_out(world: World, home: Region) -> Student:
    """The second school is a primary one: its grade 6 leaves it."""
    Agency.objects.filter(pk=world.second_school.pk).update(last_grade=6)
    child = pupil(school_class(world.second_school, 6, 1), "六年级生", home)
    scope, wanted = world.scope("bureau_staff"), Wanted("promotion", world.second_school, NEW_YEAR)
    wanted.school.refresh_from_db()
    moving.apply(scope, moving.prepare(scope, wanted, at(LAST)), at(LAST, 9))
    return child


def test_who_leaves_primary_school_is_awaited_by_the_school_of_its_zone(world: World, clock):
    clock("2027-08-31T09:00")
    for region, school in ((world.township, world.other_school), (world.village, world.school)):
        Catchment.objects.create(
            county=world.county, region=region, school=school, grade=7, starts_on=TODAY
        )
    child = promoted_out(world, world.village)
    assert records.sweep(at(LAST)) == 0  # on its old roster until then
    assert records.sweep(at(NEW_YEAR)) == 1
    row, owed = ConsistencyFinding.objects.get(), Obligation.objects.get(kind="consistency")
    assert (row.student, row.kind, row.agency) == (child, "awaited", world.school)
    assert (owed.owed_by, owed.starts_on) == (world.school, NEW_YEAR)
    enrollment.enroll(child, school_class(world.school, 7, 9), NEW_YEAR, None)
    assert records.sweep(at(NEW_YEAR, 12)) == 1
    row.refresh_from_db()
    assert row.closing == "corrected"


@pytest.mark.parametrize("how", ["transferred", "away", "case"])
def test_whose_place_is_known_is_not_awaited(world: World, clock, how: str):
    clock("2027-08-31T09:00")
    child = promoted_out(world, world.other_village)
    assert [row.agency for row in _after(world)] == [world.bureau]  # its home has no zone
    if how == "transferred":
        Transfer.objects.create(
            county=world.county, student=child, school=world.second_school, asked_on=NEW_YEAR,
            to="外县初中",
        )  # fmt: skip
    elif how == "away":
        placed(world, child)
        Placement.objects.update(ends_on=date(2028, 1, 20))
    else:
        clock("2027-09-01T09:00")
        why = ByHand("whereabouts_unknown", NEW_YEAR)
        opening.open_by_hand(world.scope("other_cadre"), child, why, at(NEW_YEAR, 13))
    assert _after(world) == []


def _after(world: World) -> list[ConsistencyFinding]:
    records.sweep(at(NEW_YEAR, 14))
    return list(ConsistencyFinding.objects.open().filter(kind="awaited"))


def test_enrolled_here_and_in_school_elsewhere(world: World):
    placement = placed(world, world.pupils[0])
    assert records.sweep(at(TODAY)) == 1
    assert records.sweep(at(TODAY, 9)) == 0
    row, owed = ConsistencyFinding.objects.get(), Obligation.objects.get(kind="consistency")
    assert (row.kind, row.evidence, row.agency) == ("elsewhere", "placement", world.school)
    assert (owed.owed_by, owed.owed_to, owed.due_on) == (
        world.school, world.bureau, date(2026, 10, 26)
    )  # fmt: skip
    assert owed.href == f"/records/{row.public_id}/"
    assert world.pupils[0].name not in owed.subject
    placement.returned_on = date(2026, 10, 12)
    placement.save()
    assert records.sweep(at(TODAY, 10)) == 1
    row.refresh_from_db()
    owed.refresh_from_db()
    assert (row.closing, row.holds, owed.met_at) == ("corrected", False, at(TODAY, 10))


@pytest.mark.parametrize(
    ("days", "mark", "found"),
    [(20, "sick_leave", True), (20, "unknown", True), (19, "sick_leave", False),
     (20, "late", False), (25, "personal_leave", True)],
)  # fmt: skip
def test_never_seen_in_the_last_twenty_rolls(world: World, days, mark, found):
    rolls(world, days, {0: mark})
    records.sweep(at(TODAY))
    assert kinds() == ([("ghost", "rolls")] if found else [])


def test_seen_once_among_them_is_no_ghost(world: World):
    rolls(world, 10, {0: "sick_leave"})
    rolls(world, 1, {}, TODAY - timedelta(days=10))
    rolls(world, 9, {0: "sick_leave"}, TODAY - timedelta(days=11))
    assert records.sweep(at(TODAY)) == 0


def test_who_came_lately_has_not_missed_twenty_rolls(world: World):
    rolls(world, 20, {0: "sick_leave"})
    EnrollmentRecord.objects.filter(student=world.pupils[0]).update(
        starts_on=TODAY - timedelta(days=5)
    )
    assert records.sweep(at(TODAY)) == 0


def test_who_is_lawfully_away_or_has_a_case_is_no_ghost(world: World):
    rolls(world, 20, {0: "sick_leave", 1: "unknown"})
    placed(world, world.pupils[0], "hospital")
    case = absent_for_four_days_of(world, 1)
    assert records.sweep(at(TODAY)) == 0
    Case.objects.filter(pk=case.pk).update(state="dismissed")
    records.sweep(at(TODAY))
    assert kinds() == [("ghost", "rolls")]


def absent_for_four_days_of(world: World, index: int) -> Case:
    child = world.pupils[index]
    return Case.objects.create(
        county=world.county, number="2026-001", student=child, household=child.household,
        school=world.school, state_since=TODAY,
    )  # fmt: skip


def test_the_number_of_rolls_is_the_countys(world: World):
    rolls(world, 5, {0: "sick_leave"})
    assert records.sweep(at(TODAY)) == 0
    scope = world.scope("bureau_leader")
    policy.PolicyRule.objects.create(
        county=world.county, key=Key.GHOST_ROLLS, value=5, source="测试", starts_on=scope.on
    )
    assert records.sweep(at(TODAY)) == 1


def test_two_records_of_one_child_both_enrolled(world: World):
    twin = pupil(world.other_class, world.pupils[0].name, world.other_village)
    Student.objects.filter(pk=twin.pk).update(sex=world.pupils[0].sex, id_number=None)
    records.sweep(at(TODAY))
    row = ConsistencyFinding.objects.get()
    assert (row.kind, row.evidence, row.student, row.agency) == (
        "twice", "same_child", twin, world.bureau
    )  # fmt: skip
    Student.objects.filter(pk=twin.pk).update(merged_into=world.pupils[0])
    records.sweep(at(TODAY))
    assert kinds() == []


def test_a_confirmed_dropout_is_marked_and_the_mark_taken_off_after_the_return(world: World):
    case = absent_for_four_days(world)
    records.sweep(at(TODAY))
    assert kinds() == []  # only suspected
    Case.objects.filter(pk=case.pk).update(state="confirmed")
    records.sweep(at(TODAY))
    row = ConsistencyFinding.objects.get()
    assert (row.kind, row.agency) == ("unmarked", world.school)
    scope = world.scope("school_leader")
    mark = records.mark(scope, row, TODAY, " 学籍管理员 ", at(TODAY, 9))
    assert (mark.marked_on, mark.operator, kinds()) == (TODAY, "学籍管理员", [])
    assert AuditEvent.objects.get(verb="record.mark").post == world.posts["school_leader"]
    Case.objects.filter(pk=case.pk).update(state="returned")
    records.sweep(at(TODAY, 10))
    again = ConsistencyFinding.objects.open().get()
    assert again.kind == "still_marked"
    with pytest.raises(RuleBroken) as refused:
        records.mark(scope, again, date(2026, 10, 11), "", at(TODAY, 11))
    assert [one.code for one in refused.value.reasons] == ["before_mark", "operator"]
    records.mark(scope, again, TODAY, "学籍管理员", at(TODAY, 11))
    assert (SystemMark.objects.get().off_on, kinds()) == (TODAY, [])
    assert not Obligation.objects.open().filter(kind="consistency").exists()


def test_explained_it_is_closed_and_does_not_come_back_while_it_holds(world: World):
    placement = placed(world, world.pupils[0])
    records.sweep(at(TODAY))
    row = ConsistencyFinding.objects.get()
    records.explain(world.scope("school_leader"), row, " 借读，有证明 ", at(TODAY, 9))
    assert Obligation.objects.get(kind="consistency").met_at == at(TODAY, 9)
    assert records.sweep(at(TODAY, 10)) == 0
    row.refresh_from_db()
    assert (row.closing, row.explanation, row.holds) == ("explained", "借读，有证明", True)
    with pytest.raises(NotPossible):
        records.explain(world.scope("bureau_staff"), row, "又一次", at(TODAY, 10))
    placement.returned_on = TODAY
    placement.save()
    records.sweep(at(TODAY, 11))
    row.refresh_from_db()
    assert (row.closing, row.holds) == ("explained", False)
    placement.returned_on = None
    placement.save()
    records.sweep(at(TODAY, 12))
    assert ConsistencyFinding.objects.open().count() == 1  # a new fact, a new finding


def test_no_explanation_without_words_and_by_nobody_else(world: World):
    placed(world, world.pupils[0])
    records.sweep(at(TODAY))
    row = ConsistencyFinding.objects.get()
    with pytest.raises(RuleBroken):
        records.explain(world.scope("school_leader"), row, " ", at(TODAY))
    for role in ("teacher", "other_leader", "township_cadre"):
        with pytest.raises(NotPermitted):
            records.explain(world.scope(role), row, "借读", at(TODAY))


def test_dead_or_done_nothing_is_wrong_any_more(world: World):
    placed(world, world.pupils[0])
    records.sweep(at(TODAY))
    enrollment.leave(world.pupils[0], "51", TODAY, None)
    records.sweep(at(TODAY))
    assert kinds() == []

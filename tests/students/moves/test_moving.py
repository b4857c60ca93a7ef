"""A whole school is promoted or merged in one step, once; and back again as a whole."""

from collections import Counter
from datetime import date, timedelta

import pytest

from agencies.errors import NotPermitted, NotPossible, RuleBroken
from agencies.models import Agency, Obligation, Post
from agencies.queries.calendars import working_calendar
from agencies.rules.obligations import ObligationKind
from agencies.services.obligations import Owed
from students.models import (
    Catchment,
    EnrollmentChange,
    EnrollmentRecord,
    Roll,
    RosterMove,
    SchoolClass,
    Student,
)
from students.queries import moving as queries
from students.rules.enrollment import Change
from students.services import enrollment, moving
from students.services.classes import assign_teacher
from students.services.moving import Wanted
from students.services.owed import raise_each
from tests.support.rolls import at
from tests.support.world import START, TERM_OPENS, World, pupil, school_class

NEW_YEAR = date(2027, 9, 1)
LAST = date(2027, 8, 31)
SUMMER = date(2027, 8, 20)
MERGED = date(2026, 11, 2)


@pytest.fixture
def summer(world: World, clock) -> World:
    clock("2027-08-20T09:00")
    return world


def prepared(world: World, role: str = "school_leader", **changes) -> RosterMove:
    given = {"kind": "promotion", "school": world.school, "first_day": NEW_YEAR}
    return moving.prepare(world.scope(role), Wanted(**{**given, **changes}), at(SUMMER))


def applied(world: World, role: str = "school_leader", **changes) -> RosterMove:
    return moving.apply(world.scope(role), prepared(world, role, **changes), at(SUMMER, 9))


def rosters() -> list[tuple]:
    rows = EnrollmentRecord.objects.order_by("student", "starts_on")
    return list(rows.values_list("student", "school", "school_class", "starts_on", "ends_on"))


def everything() -> tuple:
    """What an undone move leaves exactly as it was."""
    return (
        rosters(),
        sorted(SchoolClass.objects.values_list("pk", flat=True)),
        sorted(EnrollmentChange.objects.values_list("pk", flat=True)),
        sorted(Student.objects.values_list("pk", "completed_on"), key=str),
        sorted(Post.objects.values_list("pk", "ends_on"), key=str),
        sorted(Agency.objects.values_list("pk", "ends_on"), key=str),
        sorted(Obligation.objects.values_list("pk", "owed_by")),
        sorted(Catchment.objects.values_list("school", "starts_on", "ends_on"), key=str),
    )


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_preview_changes_nothing_and_is_replaced_by_the_next(summer: World):
    before = everything()
    first, second = prepared(summer), prepared(summer)
    assert everything() == before
    assert list(RosterMove.objects.all()) == [second] != [first]
    line = queries.by_class(second)[0]
    assert (line.fate, line.pupils, line.name, line.to) == (
        "moves", 6, "Grade 7 (3)", "Grade 8 (3)"
    )  # fmt: skip


def test_promoted_each_keeps_its_class_and_grade_nine_completes(summer: World):
    nine = school_class(summer.school, 9, 1)
    done = pupil(nine, "毕业生", summer.village)
    applied(summer)
    moved = EnrollmentRecord.objects.filter(starts_on=NEW_YEAR)
    assert Counter(str(record.school_class) for record in moved) == {"Grade 8 (3)": 6}
    ended = EnrollmentRecord.objects.filter(school=summer.school, ends_on=LAST)
    assert ended.count() == 7
    done.refresh_from_db()
    assert done.completed_on == LAST
    kinds = Counter(EnrollmentChange.objects.values_list("kind", flat=True))
    assert kinds == {"promotion": 6, "completed": 1}
    assert not EnrollmentRecord.objects.filter(school=summer.second_school, ends_on=LAST).exists()


def test_grade_six_of_a_primary_school_leaves_it(summer: World):
    Agency.objects.filter(pk=summer.second_school.pk).update(last_grade=6)
    summer.second_school.refresh_from_db()
    child = pupil(school_class(summer.second_school, 6, 1), "六年级生", summer.village)
    applied(summer, "bureau_staff", school=summer.second_school)
    assert EnrollmentRecord.objects.get(student=child).ends_on == LAST
    child.refresh_from_db()
    assert child.completed_on is None


def test_who_stays_back_is_in_the_same_grade_of_the_new_year(summer: World):
    move, slow = prepared(summer), summer.pupils[2]
    scope = summer.scope("school_leader")
    moving.stay_back(scope, move, [child.pk for child in summer.pupils], {slow.pk})
    moving.apply(scope, move, at(SUMMER, 9))
    record = EnrollmentRecord.objects.get(student=slow, starts_on=NEW_YEAR)
    assert (record.school_class.school_year, record.school_class.grade) == (2027, 7)
    assert EnrollmentChange.objects.get(student=slow).kind == "02"


def test_run_twice_it_is_refused(summer: World):
    move = applied(summer)
    before = everything()
    with pytest.raises(NotPossible) as refused:
        moving.apply(summer.scope("school_leader"), move, at(SUMMER, 10))
    assert codes(refused) == ["state"]
    with pytest.raises(RuleBroken) as nothing:
        prepared(summer)
    assert codes(nothing) == ["nothing"]
    assert everything() == before


def test_undone_as_a_whole(summer: World):
    pupil(school_class(summer.school, 9, 1), "毕业生", summer.village)
    before = everything()
    move = applied(summer)
    assert everything() != before
    scope = summer.scope("school_leader")
    moving.undo(scope, move, at(SUMMER, 11))
    assert everything() == before
    again = applied(summer)
    assert again.state == "applied"


def test_a_suspension_that_began_meanwhile_is_kept(summer: World):
    child, move = summer.pupils[0], applied(summer)
    enrollment.suspended(child, Change.SUSPEND, NEW_YEAR, None)
    enrollment.suspended(child, Change.SUSPEND, LAST, None)
    moving.undo(summer.scope("school_leader"), move, at(SUMMER, 11))
    rows = EnrollmentChange.objects.filter(student=child).order_by("on")
    assert list(rows.values_list("kind", "on")) == [("11", LAST), ("11", NEW_YEAR)]


def test_not_undone_once_something_was_built_on_it(summer: World, clock):
    move = applied(summer)
    clock("2027-09-02T09:00")
    new = SchoolClass.objects.get(school=summer.school, school_year=2027)
    assign_teacher(new, summer.posts["teacher"], NEW_YEAR)
    Roll.objects.create(
        county=summer.county, school_class=new, day=NEW_YEAR, state="taken",
        taken_by=summer.posts["teacher"], taken_at=at(NEW_YEAR),
    )  # fmt: skip
    enrollment.leave(summer.pupils[0], "51", NEW_YEAR, None)
    before = everything()
    with pytest.raises(NotPossible) as refused:
        moving.undo(summer.scope("school_leader"), move, at(date(2027, 9, 2)))
    assert codes(refused) == ["roll_taken", "teacher", "changed_since"]
    assert everything() == before


def test_what_changed_after_the_preview_is_looked_at_again(summer: World):
    move = prepared(summer)
    enrollment.leave(summer.pupils[0], "51", date(2027, 8, 10), None)
    with pytest.raises(NotPossible) as refused:
        moving.apply(summer.scope("school_leader"), move, at(SUMMER, 9))
    assert codes(refused) == ["changed"]


def test_a_class_that_was_called_on_the_first_day_is_left_out_by_name(world: World):
    Roll.objects.create(
        county=world.county, school_class=world.school_class, day=NEW_YEAR, state="taken",
        taken_by=world.posts["teacher"], taken_at=at(NEW_YEAR),
    )  # fmt: skip
    move = prepared(world)
    rows = list(queries.left_out(move))
    assert {(row.problem, row.fate) for row in rows} == {("roll_taken", "left_out")}
    assert len(rows) == 6


@pytest.mark.parametrize("role", ["teacher", "other_leader", "township_leader"])
def test_who_may_not_prepare(summer: World, role):
    with pytest.raises(NotPermitted):
        prepared(summer, role)


def merge(world: World, role: str = "bureau_staff") -> RosterMove:
    return prepared(
        world, role, kind="merger", school=world.other_school, target=world.school,
        first_day=MERGED,
    )  # fmt: skip


def owe(world: World) -> None:
    owed = Owed(
        kind=ObligationKind.ROLL, key="roll:test", subject="x", owed_by=world.other_school,
        owed_to=world.bureau, starts_on=TERM_OPENS, region_path=world.other_township.path,
    )  # fmt: skip
    raise_each(world.county.pk, [owed], working_calendar(), at(TERM_OPENS))


def test_a_merger_ends_the_school_and_hands_over_what_it_had(world: World):
    child = pupil(world.other_class, "并校生", world.other_village)
    Catchment.objects.create(
        county=world.county, region=world.other_township, school=world.other_school, grade=1,
        starts_on=START,
    )  # fmt: skip
    owe(world)
    before = everything()
    move = merge(world)
    names = {post.user.username for post in queries.posts_of(move)}
    assert names == {"other_teacher", "other_leader"}
    scope = world.scope("bureau_staff")
    moving.apply(scope, move, at(date(2026, 10, 12), 9))
    record = EnrollmentRecord.objects.get(student=child, starts_on=MERGED)
    assert (record.school, record.school_class.grade) == (world.school, 8)
    world.other_school.refresh_from_db()
    assert world.other_school.ends_on == date(2026, 11, 1)
    assert Obligation.objects.get().owed_by == world.school
    zones = Catchment.objects.order_by("starts_on").values_list("school", "starts_on")
    assert list(zones) == [(world.other_school.pk, START), (world.school.pk, MERGED)]
    assert (
        set(Post.objects.filter(ends_on=date(2026, 11, 1)).values_list("user__username", flat=True))
        == names
    )
    moving.undo(scope, move, at(date(2026, 10, 12), 10))
    assert everything() == before


def test_a_merger_is_prepared_by_the_school_and_applied_by_the_bureau(world: World):
    pupil(world.other_class, "并校生", world.other_village)
    move = merge(world, "other_leader")
    with pytest.raises(NotPermitted) as refused:
        moving.apply(world.scope("other_leader"), move, at(MERGED))
    assert codes(refused) == ["bureau"]
    assert moving.apply(world.scope("bureau_leader"), move, at(MERGED)).state == "applied"


def test_who_changed_class_since_the_first_day_is_left_out_once(world: World):
    """Such a pupil has two rows of the school beyond that day."""
    child, other = world.pupils[0], school_class(world.school, 7, 8)
    enrollment.change_class(child, other, MERGED + timedelta(days=8), None, Change.CLASS)
    move = prepared(
        world, "bureau_staff", kind="merger", target=world.second_school, first_day=MERGED
    )
    rows = move.rows.filter(student=child).values_list("from_class", "fate", "problem")
    assert list(rows) == [(other.pk, "left_out", "begins_later")]
    assert move.rows.count() == len(world.pupils)


def test_no_school_ends_while_somebody_is_left_out(world: World):
    pupil(world.other_class, "并校生", world.other_village)
    Agency.objects.filter(pk=world.school.pk).update(last_grade=6)
    world.school.refresh_from_db()
    move = merge(world)
    before = everything()
    with pytest.raises(NotPossible) as refused:
        moving.apply(world.scope("bureau_staff"), move, at(MERGED))
    assert codes(refused) == ["left_out"]
    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"kind": "merger"}, "target"), ({"kind": "split"}, "kind")],
)
def test_refused_preparations(world: World, changes, code):
    with pytest.raises(RuleBroken) as refused:
        prepared(world, **changes)
    assert codes(refused) == [code]


def test_the_number_of_statements_does_not_grow_with_the_pupils(
    summer: World, django_assert_max_num_queries
):
    for number in range(60):
        pupil(summer.school_class, f"学生{number}", summer.village)
    move, scope = prepared(summer), summer.scope("school_leader")
    with django_assert_max_num_queries(32):
        moving.apply(scope, move, at(SUMMER, 9))

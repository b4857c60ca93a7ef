"""Home teaching: the plan, sessions once however often sent, what each week owes, the visits."""

from datetime import date, timedelta

import pytest

from agencies.documents.pictures import Photo
from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation
from agencies.queries.calendars import working_calendar
from students.models import ClassTeacher, ClosedDay, HomePlan, HomeSession, Placement
from students.queries import home_teaching as queries
from students.services import home_lessons, home_teaching, placements, settle
from tests.students.placements.cast import TODAY, approved, planned, session
from tests.support.rolls import at
from tests.support.world import World

FRIDAY, SUNDAY = date(2026, 10, 16), date(2026, 10, 18)


def weeks() -> list[Obligation]:
    return list(Obligation.objects.filter(kind="home_lessons").order_by("starts_on"))


def visits() -> list[Obligation]:
    return list(Obligation.objects.filter(kind="home_quality").order_by("starts_on"))


def test_a_plan_owes_its_week_and_a_visit(world: World):
    plan = planned(world)
    [week] = weeks()
    assert (week.starts_on, week.due_on, week.owed_by, week.owed_to) == (
        TODAY, SUNDAY, world.school, world.bureau,
    )  # fmt: skip
    [visit] = visits()
    later = working_calendar().plus_working_days(TODAY, 60)
    assert (visit.owed_by, visit.starts_on, visit.due_on) == (world.bureau, TODAY, later)
    assert week.href == f"/home-teaching/{plan.public_id}/"
    assert settle.settle(at(TODAY, 12)) == 0


def test_the_session_that_makes_the_week_full_meets_it(world: World):
    plan, teacher = planned(world), world.scope("teacher")
    home_teaching.record(teacher, plan.public_id, session(TODAY, 9), at(TODAY, 12))
    assert weeks()[0].met_at is None
    home_teaching.record(teacher, plan.public_id, session(TODAY, 11), at(TODAY, 14))
    assert (weeks()[0].met_at, weeks()[0].late) == (at(TODAY, 14), False)


def test_the_same_session_sent_twice_is_one(world: World):
    plan, teacher = planned(world), world.scope("teacher")
    sent = session(TODAY, photo=Photo(b"full", b"small"))
    first = home_teaching.record(teacher, plan.public_id, sent, at(TODAY, 12))
    again = home_teaching.record(teacher, plan.public_id, sent, at(TODAY, 13))
    assert (first.pk, again.recorded_at) == (again.pk, at(TODAY, 12))
    assert HomeSession.objects.count() == 1
    other = session(TODAY, client_id=plan.public_id)
    with pytest.raises(Conflict):
        home_teaching.record(teacher, plan.public_id, other, at(TODAY, 13))


def test_a_wrong_session_stays_on_the_log_and_its_week_is_owed_again(world: World):
    plan, teacher, office = planned(world), world.scope("teacher"), world.scope("bureau_staff")
    wrong = home_teaching.record(teacher, plan.public_id, session(TODAY, 9), at(TODAY, 12))
    home_teaching.record(teacher, plan.public_id, session(TODAY, 11), at(TODAY, 14))
    assert weeks()[0].met_at == at(TODAY, 14)
    with pytest.raises(RuleBroken):
        home_teaching.cancel(teacher, plan.public_id, wrong.public_id, " ", at(TODAY, 15))
    with pytest.raises(NotPermitted):
        home_teaching.cancel(office, plan.public_id, wrong.public_id, "写错", at(TODAY, 15))
    home_teaching.cancel(teacher, plan.public_id, wrong.public_id, "写错了孩子", at(TODAY, 15))
    [week] = weeks()
    assert (week.met_at, week.late, week.due_on) == (None, None, SUNDAY)
    [standing] = queries.standings([plan], TODAY)
    assert (standing.week.sessions, standing.year.taught) == (1, 2)
    wrong.refresh_from_db()
    assert (wrong.cancelled_because, wrong.cancelled_by) == ("写错了孩子", world.posts["teacher"])
    with pytest.raises(NotPossible):
        home_teaching.cancel(teacher, plan.public_id, wrong.public_id, "再次", at(TODAY, 16))
    right = session(TODAY, 9, client_id=plan.public_id)
    home_teaching.record(teacher, plan.public_id, right, at(TODAY, 17))
    assert (weeks()[0].met_at, weeks()[0].late) == (at(TODAY, 17), False)


def test_a_week_that_the_other_sessions_fill_stays_met(world: World):
    plan, teacher = planned(world), world.scope("teacher")
    for hour in (9, 11, 14):
        last = home_teaching.record(teacher, plan.public_id, session(TODAY, hour), at(TODAY, 17))
    home_teaching.cancel(teacher, plan.public_id, last.public_id, "没有上", at(TODAY, 18))
    assert (weeks()[0].met_at, weeks()[0].late) == (at(TODAY, 17), False)


def test_a_week_that_is_not_taught_is_overdue_and_then_met_late(world: World, clock):
    plan = planned(world)
    clock("2026-10-20T08:00:00+08:00")
    now = at(date(2026, 10, 20), 9)
    assert settle.settle(now) == 1  # the next week
    assert [row.state(now) for row in weeks()] == ["overdue", "open"]
    teacher = world.scope("teacher")
    for hour in (9, 11):
        home_teaching.record(teacher, plan.public_id, session(FRIDAY, hour), now)
    assert [(row.state(now), row.late) for row in weeks()] == [("met", True), ("open", None)]


def test_weeks_that_no_sweep_saw_are_caught_up(world: World):
    planned(world)
    assert home_lessons.follow(at(date(2026, 11, 4))) == 3
    assert [row.starts_on for row in weeks()] == [
        TODAY, date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2),
    ]  # fmt: skip
    assert home_lessons.follow(at(date(2026, 11, 4))) == 0


def test_a_week_of_holidays_owes_nothing(world: World):
    planned(world)
    for number in range(5):
        day = date(2026, 10, 12) + timedelta(days=number)
        ClosedDay.objects.create(county=world.county, day=day, reason="台风")
    assert home_lessons.follow(at(TODAY, 12)) == 1
    assert weeks()[0].waived_because == "no school day"
    assert home_lessons.follow(at(date(2027, 2, 3))) > 0  # after the end of the term
    assert max(row.starts_on for row in weeks()) < date(2027, 1, 30)


def test_the_return_to_class_ends_what_is_owed(world: World):
    plan = planned(world)
    home_lessons.follow(at(date(2026, 10, 19)))
    placements.returned(Placement.objects.get(), date(2026, 10, 19))
    home_lessons.follow(at(date(2026, 10, 20)))
    assert [row.waived_because for row in weeks()] == ["", "no school day"]
    assert visits()[0].waived_because == "the home teaching has ended"
    assert home_lessons.follow(at(date(2026, 10, 28))) == 0
    assert queries.in_fact(HomePlan.objects.get(pk=plan.pk)).ends_on == SUNDAY


def test_a_visit_meets_the_duty_and_the_next_is_owed(world: World):
    plan, bureau = planned(world), world.scope("bureau_staff")
    home_teaching.visit(bureau, plan.public_id, TODAY, "improve", "教具不足", at(TODAY, 15))
    first, second = visits()
    assert (first.met_at, second.met_at, second.starts_on) == (at(TODAY, 15), None, TODAY)
    with pytest.raises(RuleBroken):
        home_teaching.visit(bureau, plan.public_id, TODAY, "good", "x", at(TODAY, 16))
    with pytest.raises(NotPermitted):
        home_teaching.visit(
            world.scope("school_leader"), plan.public_id, TODAY, "good", "x", at(TODAY, 16)
        )


def test_another_teacher_is_another_plan(world: World):
    old = planned(world)
    new = planned(world, starts_on=date(2026, 10, 26))
    old.refresh_from_db()
    assert (old.ends_on, new.starts_on) == (date(2026, 10, 25), date(2026, 10, 26))
    with pytest.raises(RuleBroken):
        planned(world, starts_on=date(2026, 10, 26))


def test_no_plan_without_approval_nor_beyond_it(world: World):
    approved(world, "special_school")
    with pytest.raises(NotPossible):
        planned(world)
    approved(world, "home_teaching", 1)
    with pytest.raises(RuleBroken) as refused:
        planned(world, 1, ends_on=date(2027, 8, 31))
    assert [one.code for one in refused.value.reasons] == ["after_placement"]


def test_who_teaches_a_child_of_another_class_sees_the_plan_only(world: World):
    plan = planned(world)
    ClassTeacher.objects.all().delete()
    teacher = world.scope("teacher")
    home_teaching.record(teacher, plan.public_id, session(TODAY), at(TODAY, 12))
    assert list(queries.plans(teacher)) == [plan]
    for role in ("other_teacher", "other_leader", "other_cadre"):
        assert list(queries.plans(world.scope(role))) == []
        with pytest.raises(NotVisible):
            home_teaching.record(world.scope(role), plan.public_id, session(FRIDAY), at(FRIDAY, 12))
    with pytest.raises(NotPermitted):
        home_teaching.record(
            world.scope("village_cadre"), plan.public_id, session(TODAY, 10), at(TODAY, 12)
        )

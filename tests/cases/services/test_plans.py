"""The plan through its services: written, approved, worked on, changed, reviewed, over."""

from datetime import date

import pytest

from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation
from cases.models import Case, CaseEvent, CaseObligation, Cause, Measure, Plan, PlanCause
from cases.rules.plan import Draft, PlannedCause, PlannedMeasure
from cases.rules.workflow import Action
from cases.services import causes, duties, opening, plan_work, plans
from cases.services.plan_work import Done, Review
from tests.cases.services.test_chain import absent_for_four_days, act
from tests.support.rolls import U, at, take
from tests.support.world import World

TODAY, LATER, REVIEW = date(2026, 10, 12), date(2026, 10, 20), date(2026, 11, 2)


@pytest.fixture
def case(world: World, clock) -> Case:
    """A confirmed dropout: a plan is owed."""
    case = absent_for_four_days(world)
    act(world, case, "township_cadre", Action.CONFIRM, date(2026, 10, 12))
    case.refresh_from_db()
    return case


def measure(what="联系县人社局", seat="village_cadre", due_on=LATER, id=None) -> PlannedMeasure:
    return PlannedMeasure(what, seat, due_on, id)


def draft(*measures: PlannedMeasure, review_on: date | None = None, **more: PlannedCause) -> Draft:
    work = PlannedCause("work.hired", True, "鞋厂", measures or (measure(),))
    return Draft((work, *more.values()), "随亲属在温州务工", review_on)


def write(world, case, drafted: Draft, version: int = 0, role: str = "township_cadre") -> Plan:
    return plans.write(world.scope(role), case.public_id, drafted, version, at(TODAY, 10))


def approve(world, case, version: int = 1, role: str = "township_leader", day=TODAY) -> Plan:
    return plans.approve(world.scope(role), case.public_id, version, at(day, 11))


def finish(world, case, row: Measure, role: str = "village_cadre", **done) -> Measure:
    given = Done(**({"on": TODAY, "effect": "better"} | done))
    return plan_work.finish(world.scope(role), case.public_id, row.public_id, given, at(TODAY, 15))


def owed(kind: str) -> list[Obligation]:
    return list(Obligation.objects.open().filter(kind=kind).order_by("due_at"))


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_approval_meets_the_plan_and_starts_a_clock_for_each_seat(world, case):
    (wanted,) = owed("case_plan")
    write(world, case, draft(measure(), measure("落实学位", "school_leader", REVIEW)))
    assert (owed("case_plan"), owed("case_measure")) == ([wanted], [])
    plan = approve(world, case)
    wanted.refresh_from_db()
    assert (wanted.late, owed("case_plan")) == (False, [])
    first, second = owed("case_measure")
    assert (first.due_on, second.due_on) == (LATER, REVIEW)
    assert (first.owed_by, second.owed_by) == (world.town_hall, world.school)
    seats = CaseObligation.objects.filter(obligation__kind="case_measure").order_by("pk")
    assert [row.seat for row in seats] == ["village_cadre", "school_leader"]
    (review,) = owed("case_review")
    assert review.due_on == plan.review_on == date(2026, 11, 9)  # 20 working days
    assert plan.version == 2
    assert (
        CaseEvent.objects.get(action="plan_approved").detail["plan"]["situation"] == plan.situation
    )


def test_a_given_day_of_review_is_the_last_day_of_the_duty(world, case):
    write(world, case, draft(review_on=REVIEW))
    approve(world, case)
    assert [row.due_on for row in owed("case_review")] == [REVIEW]


@pytest.mark.parametrize(
    ("writer", "approver", "expected"),
    [
        ("township_leader", "township_leader", ["same_person"]),
        ("bureau_leader", "bureau_leader", ["same_person"]),
        ("township_leader", "bureau_leader", []),
        ("township_cadre", "bureau_leader", []),
    ],
)
def test_four_eyes(world, case, writer, approver, expected):
    write(world, case, draft(), role=writer)
    if not expected:
        assert approve(world, case, role=approver).approved_at
        return
    with pytest.raises(NotPossible) as refused:
        approve(world, case, role=approver)
    assert codes(refused) == expected
    assert owed("case_measure") == []


def test_a_cause_without_a_measure_is_not_approved(world, case):
    write(world, case, draft(more=PlannedCause("learning.weary")))
    with pytest.raises(NotPossible) as refused:
        approve(world, case)
    assert codes(refused) == ["no_measure"]
    assert "厌学" in str(refused.value.reasons[0].text)


@pytest.mark.parametrize("role", ["village_cadre", "school_leader", "teacher"])
def test_who_does_not_write_plans(world, case, role):
    with pytest.raises(NotPermitted):
        write(world, case, draft(), role=role)


@pytest.mark.parametrize("role", ["other_cadre", "other_teacher", "agency_staff"])
def test_outside_the_scope_there_is_no_case(world, case, role):
    with pytest.raises(NotVisible):
        write(world, case, draft(), role=role)


def test_a_refused_plan_leaves_nothing(world, case):
    with pytest.raises(RuleBroken) as refused:
        write(world, case, draft(more=PlannedCause("nonsense", True)))
    assert codes(refused) == ["two_main", "cause"]
    assert (Plan.objects.count(), PlanCause.objects.count(), Measure.objects.count()) == (0, 0, 0)
    assert not CaseEvent.objects.filter(action="plan_written").exists()


def test_before_confirmation_and_after_the_end_there_is_no_plan(world, clock):
    case = absent_for_four_days(world)
    with pytest.raises(NotPossible) as refused:
        write(world, case, draft())
    assert codes(refused) == ["state"]


def test_the_second_writer_sees_both_versions(world, case):
    write(world, case, draft())
    with pytest.raises(Conflict) as refused:
        write(world, case, draft(measure("另一项")), 0, "bureau_staff")
    assert codes(refused) == ["version"]
    (cause,) = refused.value.current["causes"]
    assert (cause["cause"], cause["measures"][0]["what"]) == ("work.hired", "联系县人社局")
    assert [row.what for row in Measure.objects.all()] == ["联系县人社局"]


def test_an_approved_plan_that_is_changed_waits_again_and_its_clocks_go_on(world, case):
    write(world, case, draft(measure(), measure("落实学位", "school_leader", REVIEW)))
    plan = approve(world, case)
    stays, moves = plan.measures.order_by("pk")
    clocks = {row.pk for row in owed("case_measure")}
    changed = draft(
        measure(id=stays.public_id),
        measure("落实学位", "school_leader", date(2026, 11, 9), moves.public_id),
        measure("送教材上门", "teacher", REVIEW),
    )
    plan = write(world, case, changed, plan.version)
    assert (plan.approved_at, plan.version) == (None, 3)
    assert {row.pk for row in owed("case_measure")} == clocks
    assert len(owed("case_plan")) == 1
    approve(world, case, plan.version)
    after = owed("case_measure")
    assert [row.due_on for row in after] == [LATER, REVIEW, date(2026, 11, 9)]
    assert len({row.pk for row in after} & clocks) == 1  # the measure that has not changed
    gone = Obligation.objects.get(pk__in=clocks - {row.pk for row in after})
    assert gone.waived_because == "the plan was changed"
    assert len(owed("case_review")) == 1


def test_an_approved_measure_does_not_vanish(world, case):
    write(world, case, draft())
    plan = approve(world, case)
    with pytest.raises(RuleBroken) as refused:
        write(world, case, draft(measure("另一项")), plan.version)
    assert codes(refused) == ["left_out"]


def test_a_measure_is_done_by_who_holds_its_seat(world, case):
    write(world, case, draft(measure(), measure("落实学位", "school_leader", REVIEW)))
    with pytest.raises(NotPossible) as refused:
        finish(world, case, Measure.objects.earliest("pk"))
    assert codes(refused) == ["not_approved"]
    approve(world, case)
    mine, others = Measure.objects.order_by("pk")
    with pytest.raises(NotPermitted):
        finish(world, case, others)
    row = finish(world, case, mine, note="已约谈厂方")
    assert (row.done_on, row.effect, row.done_by) == (TODAY, "better", world.posts["village_cadre"])
    assert row.obligation.pk not in {one.pk for one in owed("case_measure")}
    assert finish(world, case, others, "township_cadre").done_on == TODAY
    with pytest.raises(NotPossible) as refused:
        finish(world, case, mine)
    assert codes(refused) == ["finished"]
    event = CaseEvent.objects.filter(action="measure_done").earliest("pk")
    assert (event.note, event.detail["effect"]) == ("已约谈厂方", "better")


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ({"on": date(2026, 10, 13)}, ["future"]),
        ({"on": date(2026, 10, 11)}, ["before_plan"]),
        ({"effect": ""}, ["effect"]),
        ({"effect": "splendid", "on": date(2026, 10, 13)}, ["future", "effect"]),
    ],
)
def test_what_is_no_finished_measure(world, case, done, expected):
    write(world, case, draft())
    approve(world, case)
    with pytest.raises(RuleBroken) as refused:
        finish(world, case, Measure.objects.get(), **done)
    assert codes(refused) == expected
    assert Measure.objects.get().done_on is None
    assert len(owed("case_measure")) == 1


def test_late_is_late_also_when_it_is_recorded_as_done_before(world, case, clock):
    write(world, case, draft())
    approve(world, case)
    clock("2026-10-21T09:00")
    done = Done(LATER, "solved")
    row = plan_work.finish(
        world.scope("village_cadre"),
        case.public_id,
        Measure.objects.get().public_id,
        done,
        at(date(2026, 10, 21)),
    )
    row.obligation.refresh_from_db()
    assert row.obligation.late is True


def test_a_measure_is_dropped_with_a_reason_and_by_who_writes_plans(world, case):
    write(world, case, draft())
    approve(world, case)
    key = Measure.objects.get().public_id
    with pytest.raises(NotPermitted):
        plan_work.drop(world.scope("village_cadre"), case.public_id, key, "不必", at(TODAY, 12))
    scope = world.scope("township_cadre")
    with pytest.raises(RuleBroken):
        plan_work.drop(scope, case.public_id, key, "  ", at(TODAY, 12))
    plan_work.drop(scope, case.public_id, key, "厂方已关闭", at(TODAY, 12))
    assert owed("case_measure") == []
    assert Obligation.objects.get(kind="case_measure").waived_because == "the measure was dropped"


def test_a_review_records_the_effects_and_sets_the_next(world, case, clock):
    write(world, case, draft(review_on=LATER))
    plan = approve(world, case)
    row = Measure.objects.get()
    clock("2026-10-19T09:00")
    scope, now = world.scope("township_cadre"), at(date(2026, 10, 19))
    given = Review("孩子愿意回校", plan.version, {str(row.public_id): "better"})
    plan = plan_work.review(scope, case.public_id, given, now)
    assert Obligation.objects.get(kind="case_review", met_at__isnull=False).late is False
    assert [one.due_on for one in owed("case_review")] == [plan.review_on] == [date(2026, 11, 16)]
    row.refresh_from_db()
    assert (row.effect, row.done_on) == ("better", None)
    with pytest.raises(Conflict):
        plan_work.review(scope, case.public_id, given, now)
    wrong = Review(" ", plan.version, {"nonsense": "fine"}, date(2026, 10, 19))
    with pytest.raises(RuleBroken) as refused:
        plan_work.review(scope, case.public_id, wrong, now)
    assert codes(refused) == ["note", "next_past", "measure", "effect"]


def test_a_dismissed_or_closed_case_leaves_no_clock(world, case):
    write(world, case, draft())
    approve(world, case)
    duties.end_all(case, at(TODAY, 13))
    assert not Obligation.objects.open().filter(kind__startswith="case_").exists()


def test_the_next_episode_has_a_plan_of_its_own(world, case, clock):
    write(world, case, draft())
    approve(world, case)
    take(world, TODAY, {})
    act(world, case, "township_cadre", Action.RECORD_RETURN, TODAY)
    for day in (13, 14, 15, 16):
        take(world, date(2026, 10, day), {0: U})
    clock("2026-10-16T12:00")
    opening.open_from_runs(at(date(2026, 10, 16), 12))
    act(world, case, "township_cadre", Action.CONFIRM, date(2026, 10, 16))
    assert owed("case_measure") == []
    plan = plans.write(
        world.scope("township_cadre"), case.public_id, draft(), 0, at(date(2026, 10, 16), 13)
    )
    assert plan.episode.number == 2
    old = Measure.objects.earliest("pk")
    with pytest.raises(NotPossible) as refused:
        finish(world, case, old)
    assert codes(refused) == ["finished"]


def test_an_ended_cause_stays_in_the_plans_that_name_it_and_enters_no_new_one(world, case, clock):
    write(world, case, draft())
    causes.end(world.scope("bureau_leader"), "work.hired", date(2026, 10, 13), at(TODAY, 12))
    clock("2026-10-13T09:00")
    row = Measure.objects.get()
    plan = write(world, case, draft(measure(id=row.public_id)), 1)
    assert plan.causes.get().cause.name == "被用人单位非法招用（童工）"
    Plan.objects.all().update(version=1)
    with pytest.raises(RuleBroken) as refused:
        write(world, case, Draft([PlannedCause("faith.place", True), PlannedCause("faith.no")]), 1)
    assert codes(refused) == ["cause"]
    causes.end(world.scope("bureau_leader"), "faith", date(2026, 10, 14), at(date(2026, 10, 13)))
    clock("2026-10-14T09:00")
    with pytest.raises(RuleBroken) as refused:
        write(world, case, Draft([PlannedCause("faith.place", True)]), 1)
    assert codes(refused) == ["cause_ended"]
    assert Cause.objects.filter(code="faith.place").count() == 2  # one in each county

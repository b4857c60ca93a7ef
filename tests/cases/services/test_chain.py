"""The main job through the services: roll -> run -> case -> six -> visits -> return -> closure."""

import uuid
from datetime import date, timedelta

import pytest

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation
from cases.models import Case, CaseEvent, CaseGrant, CaseReport, TeamSeat
from cases.queries.facts import follow_up_of
from cases.rules.team import Seat
from cases.rules.workflow import Action, State
from cases.services import actions, opening, returns, visits
from cases.services.actions import Order
from cases.services.opening import ByHand
from cases.services.visits import Report
from students.models import Student
from tests.support.rolls import U, at, take
from tests.support.world import World

DAYS = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)]


def absent_for_four_days(world: World) -> Case:
    for day in DAYS:
        take(world, day, {0: U})
    opening.open_from_runs(at(DAYS[-1], 12))
    return Case.objects.get()


def act(world: World, case: Case, role: str, action: Action, on: date, note: str = "") -> Case:
    return actions.act(world.scope(role), case.public_id, action, Order(on, note), at(on, 12))


def test_four_days_open_a_case_with_six_people_and_two_reports(world):
    take(world, DAYS[0], {0: U})
    take(world, DAYS[1], {0: U})
    take(world, DAYS[2], {0: U})
    assert opening.open_from_runs(at(DAYS[2], 12)) == 0
    take(world, DAYS[3], {0: U})
    assert opening.open_from_runs(at(DAYS[3], 12)) == 1
    assert opening.open_from_runs(at(DAYS[3], 13)) == 0  # and only once
    case = Case.objects.get()
    assert (case.state, case.current.trigger_date) == (State.SUSPECTED, DAYS[3])
    assert case.number == "2026-0001"
    assert {seat.seat for seat in TeamSeat.objects.all()} == set(Seat)
    assert CaseGrant.objects.filter(content_object=case).count() == 6
    assert {report.recipient for report in CaseReport.objects.all()} == {
        world.bureau,
        world.town_hall,
    }
    owed = Obligation.objects.get(kind="case_verify")
    assert (owed.owed_by, owed.due_on) == (world.town_hall, date(2026, 10, 13))


def test_the_chain_to_closure(world, clock):
    case = absent_for_four_days(world)
    clock("2026-10-10T12:00")
    act(world, case, "township_cadre", Action.VERIFY, date(2026, 10, 10))
    act(world, case, "township_cadre", Action.CONFIRM, date(2026, 10, 10))
    sent = Report(uuid.uuid4(), at(date(2026, 10, 10), 11), "home", "guardian", "promised")
    first = visits.record(world.scope("village_cadre"), case.public_id, sent, at(DAYS[3], 12))
    assert visits.record(world.scope("village_cadre"), case.public_id, sent, at(DAYS[3])) == first
    case.refresh_from_db()
    assert case.state == State.PERSUADING
    back = date(2026, 10, 12)
    clock("2026-10-12T12:00")
    take(world, back, {})
    act(world, case, "township_cadre", Action.RECORD_RETURN, back)
    day, days = back, []
    while len(days) < 20:
        if day.weekday() < 5:
            take(world, day, {})
            days.append(day)
        day += timedelta(days=1)
    assert days[-1] == date(2026, 11, 6)
    clock("2026-11-05T18:00")
    case.refresh_from_db()
    assert follow_up_of(case, date(2026, 11, 5)).missing == 1
    with pytest.raises(NotPossible) as refused:
        act(world, case, "township_cadre", Action.REQUEST_CLOSURE, date(2026, 11, 5))
    assert [reason.code for reason in refused.value.reasons] == ["follow_up"]
    clock("2026-11-06T18:00")
    act(world, case, "township_cadre", Action.REQUEST_CLOSURE, date(2026, 11, 6))
    with pytest.raises(NotPermitted):
        act(world, case, "township_cadre", Action.APPROVE_CLOSURE, date(2026, 11, 6))
    act(world, case, "bureau_leader", Action.APPROVE_CLOSURE, date(2026, 11, 6))
    case.refresh_from_db()
    assert (case.state, case.current.ended_on) == (State.CLOSED, date(2026, 11, 6))
    assert not Obligation.objects.open().filter(kind__startswith="case").exists()
    assert CaseEvent.objects.get(action="approve_closure").detail["counted"] == 20


def test_a_new_run_after_closure_is_the_next_episode_of_the_same_case(world, clock):
    case = absent_for_four_days(world)
    clock("2026-10-12T12:00")
    take(world, date(2026, 10, 12), {})
    act(world, case, "township_cadre", Action.RECORD_RETURN, date(2026, 10, 12))
    for day in (13, 14, 15, 16):
        take(world, date(2026, 10, day), {0: U})
    opening.open_from_runs(at(date(2026, 10, 16), 12))
    case.refresh_from_db()
    assert (case.state, case.current.number) == (State.SUSPECTED, 2)
    assert case.current.trigger_date == date(2026, 10, 16)
    assert Case.objects.count() == 1


def test_a_correction_that_undoes_the_run_withdraws_only_with_a_persons_word(world, clock):
    case = absent_for_four_days(world)
    clock("2026-10-10T12:00")
    act(world, case, "township_cadre", Action.CONFIRM, date(2026, 10, 10))
    with pytest.raises(NotPossible):
        act(world, case, "township_cadre", Action.DISMISS, date(2026, 10, 10), "was here")
    take(world, DAYS[1], {}, now=at(DAYS[3], 15))
    opening.open_from_runs(at(DAYS[3], 16))
    case.refresh_from_db()
    assert case.state == State.CONFIRMED
    assert case.current.run_withdrawn
    act(world, case, "township_cadre", Action.DISMISS, date(2026, 10, 10), "was here")
    case.refresh_from_db()
    assert case.state == State.DISMISSED
    assert opening.open_from_runs(at(DAYS[3], 17)) == 0


def test_whereabouts_unknown_opens_at_once(world):
    student = Student.objects.get(pk=world.pupils[2].pk)
    scope = world.scope("teacher")
    case = opening.open_by_hand(
        scope, student, ByHand("whereabouts_unknown", date(2026, 10, 12), "gone"), at(DAYS[3])
    )
    assert case.state == State.SUSPECTED
    with pytest.raises(NotPossible):
        opening.open_by_hand(scope, student, ByHand("tip", date(2026, 10, 12)), at(DAYS[3]))


def test_no_case_begins_before_the_child_was_born(world):
    student = Student.objects.get(pk=world.pupils[2].pk)
    why = ByHand("whereabouts_unknown", student.born_on - timedelta(days=1), "gone")
    with pytest.raises(RuleBroken) as refused:
        opening.open_by_hand(world.scope("teacher"), student, why, at(DAYS[3]))
    assert [one.code for one in refused.value.reasons] == ["before_birth"]


def test_a_case_outside_the_scope_does_not_exist(world):
    case = absent_for_four_days(world)
    for role in ("other_cadre", "other_teacher", "agency_staff"):
        with pytest.raises(NotVisible):
            act(world, case, role, Action.VERIFY, date(2026, 10, 12))


def test_an_absence_after_the_return_moves_the_closure_that_is_owed(world, clock):
    case = absent_for_four_days(world)
    clock("2026-10-12T12:00")
    take(world, date(2026, 10, 12), {})
    act(world, case, "township_cadre", Action.RECORD_RETURN, date(2026, 10, 12))
    owed = Obligation.objects.open().get(kind="case_closure")
    assert owed.starts_on == date(2026, 11, 6)
    take(world, date(2026, 10, 13), {0: U})
    assert returns.follow(date(2026, 10, 13), at(date(2026, 10, 13), 18)) == 1
    assert returns.follow(date(2026, 10, 13), at(date(2026, 10, 13), 19)) == 0
    owed = Obligation.objects.open().get(kind="case_closure")
    assert owed.starts_on == date(2026, 11, 10)  # 20 school days from Wed 10-14

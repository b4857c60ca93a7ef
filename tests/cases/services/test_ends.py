"""Ends other than the return: asked for with a proof, decided by another person, reopened."""

from datetime import date

import pytest

from agencies.errors import NotPermitted, NotPossible, RuleBroken
from agencies.models import Obligation
from cases.models import Case, CaseEvent, CaseReport, TeamSeat
from cases.queries.ends import decisions
from cases.queries.worklist import Filters, next_act, next_page, rows_for
from cases.rules.workflow import Action, State
from cases.services import actions, opening
from cases.services.actions import Order
from cases.services.opening import ByHand
from reporting.queries.consistency import faults
from students.models import EnrollmentRecord, Placement, Student, Transfer
from students.rules.enrollment import PlacementFacts
from students.services import placements
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.rolls import U, at, take
from tests.support.world import World

TODAY = date(2026, 10, 12)
NOW = at(TODAY, 12)
SCHOOL_DAYS = [date(2026, 10, day) for day in (13, 14, 15, 16)]


@pytest.fixture
def case(world: World, clock) -> Case:
    """A confirmed dropout of the first class."""
    case = absent_for_four_days(world)
    clock("2026-10-12T12:00")
    return act(world, case, "township_cadre", Action.CONFIRM)


def act(world: World, case: Case, role: str, action: Action, note: str = "") -> Case:
    return actions.act(world.scope(role), case.public_id, action, Order(TODAY, note), NOW)


def ask(world: World, case: Case, role: str, ending: str, proof: str = "函〔2026〕3号") -> Case:
    order = Order(date(2026, 10, 10), "", None, ending, proof)
    return actions.act(world.scope(role), case.public_id, Action.REQUEST_END, order, NOW)


def approve(world: World, case: Case, role: str = "bureau_leader") -> Case:
    return act(world, case, role, Action.APPROVE_END)


def refused(call, *args) -> list[str]:
    with pytest.raises(NotPossible) as error:
        call(*args)
    return [reason.code for reason in error.value.reasons]


def died(world: World, student: Student) -> None:
    Student.objects.filter(pk=student.pk).update(died_on=date(2026, 10, 10))


def completed(world: World, student: Student) -> None:
    Student.objects.filter(pk=student.pk).update(completed_on=date(2026, 10, 10))


def away(kind: str):
    def place(world: World, student: Student) -> None:
        facts = PlacementFacts(kind, date(2026, 10, 10), date(2026, 12, 31), "a letter")
        placements.approve(student, facts, world.scope("school_leader").posts[0], TODAY)

    return place


def transferred(world: World, student: Student) -> None:
    EnrollmentRecord.objects.filter(student=student).update(ends_on=date(2026, 10, 9))
    Transfer.objects.create(
        county=world.county,
        student=student,
        school=world.school,
        asked_on=date(2026, 10, 9),
        to="温州市第二中学",
        confirmed_on=date(2026, 10, 10),
        proof="回执",
    )


def nothing(world: World, student: Student) -> None:
    """No record is needed beside the proof."""


GROUNDS = {
    "completed": completed,
    "elsewhere": transferred,
    "placement": away("hospital"),
    "abroad": nothing,
    "died": died,
    "mistake": nothing,
}


@pytest.mark.parametrize("ending", GROUNDS)
def test_every_end_is_asked_for_proved_decided_and_leaves_no_clock(world, case, ending):
    GROUNDS[ending](world, case.student)
    ask(world, case, "school_leader", ending)
    case.refresh_from_db()
    assert case.state == State.END_REQUESTED
    assert (case.current.ending, case.current.asked_from) == (ending, State.CONFIRMED)
    assert Obligation.objects.open().filter(kind="case_decide").count() == 1
    assert Obligation.objects.open().filter(kind="case_visit").count() == 1  # still out of school
    case = approve(world, case)
    assert (case.state, case.current.ended_on) == (State.CLOSED, TODAY)
    assert case.current.ending_proof == "函〔2026〕3号"
    assert not Obligation.objects.open().filter(kind__startswith="case").exists()
    event = CaseEvent.objects.get(action="approve_end")
    assert event.detail == {"ending": ending, "proof": "函〔2026〕3号"}
    assert not [fault.check.name for fault in faults(TODAY)]


@pytest.mark.parametrize("ending", ["completed", "elsewhere", "placement", "died"])
def test_an_end_without_its_ground_is_refused_and_nothing_written(world, case, ending):
    assert refused(ask, world, case, "school_leader", ending, " ") == ["proof", ending]
    case.refresh_from_db()
    assert (case.state, case.current.ending) == (State.CONFIRMED, "")
    assert CaseEvent.objects.filter(action="request_end").count() == 0


def test_who_asked_does_not_decide_and_the_ground_has_to_hold_until_then(world, case):
    away("hospital")(world, case.student)
    ask(world, case, "bureau_staff", "placement")
    assert refused(approve, world, case, "bureau_staff") == ["same_person"]
    with pytest.raises(NotPermitted):
        approve(world, case, "township_leader")
    Placement.objects.update(ends_on=date(2026, 10, 11))
    assert refused(approve, world, case, "bureau_staff") == ["placement", "same_person"]
    assert refused(approve, world, case, "bureau_leader") == ["placement"]


def test_refused_with_reasons_it_goes_back_and_can_be_asked_and_refused_again(world, case):
    for why in ("the letter is a copy", "the seal is missing"):
        ask(world, case, "township_cadre", "abroad")
        assert refused(act, world, case, "bureau_staff", Action.REFUSE_END) == ["note"]
        act(world, case, "bureau_staff", Action.REFUSE_END, why)
        case.refresh_from_db()
        assert (case.state, case.current.asked_by) == (State.CONFIRMED, None)
        assert (case.current.ending, case.current.asked_from) == ("", "")
        assert refused(approve, world, case) == ["state"]  # only a new request can be approved
    assert [(one.title, one.note) for one in decisions(case)] == [
        ("Ask for another end", ""),
        ("Refuse the end", "the letter is a copy"),
        ("Ask for another end", ""),
        ("Refuse the end", "the seal is missing"),
    ]
    assert decisions(case)[0].rests_on == ("moved abroad since 2026-10-10", "Proof: 函〔2026〕3号")
    assert not Obligation.objects.open().filter(kind="case_decide").exists()
    assert Obligation.objects.open().filter(kind="case_visit").count() == 1


def test_a_closure_can_be_refused_twice_and_is_asked_for_anew(world, case, clock):
    take(world, TODAY, {})
    act(world, case, "school_leader", Action.RECORD_RETURN)
    Case.objects.update(state=State.CLOSURE_REQUESTED)  # the follow-up itself: test_chain
    for why in ("no photo", "no plan"):
        act(world, case, "bureau_leader", Action.REFUSE_CLOSURE, why)
        approve_ = (act, world, case, "bureau_leader", Action.APPROVE_CLOSURE)
        assert refused(*approve_) == ["state"]
        Case.objects.update(state=State.CLOSURE_REQUESTED)
    case.refresh_from_db()
    assert [one.note for one in decisions(case)] == ["no photo", "no plan"]


def test_the_child_comes_back_before_the_decision(world, case):
    take(world, TODAY, {})
    ask(world, case, "township_cadre", "abroad")
    act(world, case, "school_leader", Action.RECORD_RETURN)
    case.refresh_from_db()
    assert (case.state, case.current.ending) == (State.RETURNED, "")
    waived = Obligation.objects.get(kind="case_decide")
    assert (waived.waived_because, waived.met_at) == ("the child is back", None)


def test_of_a_child_that_is_back_an_end_can_be_asked_for_and_its_return_stands(world, case):
    take(world, TODAY, {})
    act(world, case, "school_leader", Action.RECORD_RETURN)
    ask(world, case, "school_leader", "abroad")
    again = (act, world, case, "school_leader", Action.RECORD_RETURN)
    assert refused(*again) == ["returned"]
    act(world, case, "bureau_leader", Action.REFUSE_END, "no proof")
    case.refresh_from_db()
    assert (case.state, case.current.returned_on) == (State.RETURNED, TODAY)


@pytest.mark.parametrize(("ending", "episodes"), [("mistake", 2), ("placement", 2), ("abroad", 1)])
def test_a_relapse_reopens_with_team_and_papers_unless_the_child_is_gone(
    world, case, clock, ending, episodes
):
    if ending == "placement":
        away("hospital")(world, case.student)
    ask(world, case, "township_cadre", ending)
    approve(world, case)
    for one in Placement.objects.all():
        placements.returned(one, TODAY, fitness="出院证明")
    seats = set(TeamSeat.objects.values_list("pk", flat=True))
    take(world, TODAY, {})  # in class: the run before it is over
    for day in SCHOOL_DAYS:
        clock(f"{day}T12:00")
        take(world, day, {0: U})
        opening.open_from_runs(at(day, 12))
    case.refresh_from_db()
    assert case.current.number == episodes
    assert (case.state == State.SUSPECTED) is (episodes == 2)
    assert case.current.ending == ("" if episodes == 2 else ending)
    assert CaseReport.objects.filter(episode__case=case, episode__number=1).count() == 2
    assert set(TeamSeat.objects.filter(until__isnull=True).values_list("pk", flat=True)) == seats
    assert not [fault.check.name for fault in faults(SCHOOL_DAYS[-1])]


@pytest.mark.parametrize("gone", [died, completed])
def test_nobody_reopens_the_case_of_a_child_that_is_out_of_the_work(world, case, gone):
    gone(world, case.student)
    ask(world, case, "township_cadre", "died" if gone is died else "completed")
    approve(world, case)
    again = (act, world, case, "township_cadre", Action.REOPEN, "seen in town")
    assert refused(*again) == [gone.__name__]
    student = Student.objects.get(pk=case.student_id)
    why = ByHand("tip", TODAY, "seen in town")
    by_hand = (opening.open_by_hand, world.scope("township_cadre"), student, why, NOW)
    assert refused(*by_hand) == [gone.__name__]


def test_of_a_child_on_no_roster_the_decision_records_the_death(world, case):
    EnrollmentRecord.objects.filter(student=case.student).update(ends_on=date(2026, 10, 9))
    ask(world, case, "township_cadre", "died", "死亡医学证明")
    assert Student.objects.get(pk=case.student_id).died_on is None
    approve(world, case)
    student = Student.objects.get(pk=case.student_id)
    assert student.died_on == date(2026, 10, 10)  # the day that was asked about
    assert student.changes.get().note == "死亡医学证明"


def test_no_day_to_come(world, case):
    order = Order(date(2026, 10, 13), "why")
    for action in (Action.DISMISS, Action.VERIFY):
        with pytest.raises(RuleBroken) as error:
            actions.act(world.scope("township_cadre"), case.public_id, action, order, NOW)
        assert [reason.code for reason in error.value.reasons] == ["future"]
    order = Order(date(2026, 10, 13), "", None, "abroad", "a letter")
    request = (world.scope("township_cadre"), case.public_id, Action.REQUEST_END, order, NOW)
    assert refused(actions.act, *request) == ["future"]


def test_the_work_list_leads_to_the_page_that_answers_what_is_owed(world, case):
    """Without the visit the plan is owed first: who may write one is led there."""
    Obligation.objects.filter(kind="case_visit").update(waived_at=NOW)
    pages = {}
    for role in ("township_cadre", "teacher"):
        scope = world.scope(role)
        page = next_page(rows_for(scope, Filters(), NOW).get(), scope)
        pages[role] = page.route if page else ""
    assert pages == {"township_cadre": "case_plan", "teacher": ""}


def test_a_closure_that_waits_comes_before_whatever_else_is_owed(world, case):
    """The plan is overdue; who decides is led to the decision, who writes plans to the plan."""
    Obligation.objects.filter(kind="case_visit").update(waived_at=NOW)
    Case.objects.update(state=State.CLOSURE_REQUESTED)
    found = {}
    for role in ("bureau_leader", "township_cadre"):
        scope = world.scope(role)
        row = rows_for(scope, Filters(), NOW).get()
        page = next_page(row, scope)
        found[role] = page.route if page else next_act(row, scope)
    assert found == {"bureau_leader": Action.APPROVE_CLOSURE, "township_cadre": "case_plan"}


def test_the_work_list_leads_the_bureau_to_the_decision(world, case):
    ask(world, case, "township_cadre", "abroad")
    acts = {
        role: next_act(rows_for(world.scope(role), Filters(), NOW).get(), world.scope(role))
        for role in ("bureau_leader", "township_cadre", "teacher")
    }
    assert acts == {
        "bureau_leader": Action.APPROVE_END,
        "township_cadre": Action.VISIT,
        "teacher": Action.VISIT,
    }

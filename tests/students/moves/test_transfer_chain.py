"""A transfer with its two approvals; what is refused puts the child back on its roster."""

from datetime import date

import pytest

from agencies.errors import DomainError, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import AuditEvent, Obligation
from students.access import pupil_for
from students.models import (
    AbsenceRun,
    EnrollmentChange,
    EnrollmentRecord,
    Placement,
    RollMark,
    Transfer,
    TransferApplication,
)
from students.queries.transfers import application_for
from students.rules.transfer import Act, Step
from students.services import transfer_chain, transfers
from students.services.transfer_chain import Asked, Given
from tests.support.rolls import U, at, take
from tests.support.world import World, school_class

TODAY = date(2026, 10, 12)
ASKED_ON, LAST = date(2026, 10, 9), date(2026, 10, 12)


def asked(world: World, **changes) -> TransferApplication:
    scope = world.scope("school_leader")
    given = {
        "on": ASKED_ON,
        "to": "",
        "reason": "搬家",
        "by": "张某",
        "to_school": world.other_school,
    }
    pupil = pupil_for(scope, world.pupils[0].public_id)
    return transfer_chain.ask(scope, pupil, Asked(**{**given, **changes}), at(TODAY, 9))


def act(world: World, role: str, row: TransferApplication, what: Act, day=TODAY, **given):
    return transfer_chain.act(world.scope(role), row, what, Given(**given), at(day, 10))


def agreed(world: World, **changes) -> TransferApplication:
    return act(world, "school_leader", asked(world, **changes), Act.AGREE, on=LAST)


def duty(kind: str) -> Obligation:
    return Obligation.objects.get(kind=kind)


def stay(world: World) -> EnrollmentRecord:
    return EnrollmentRecord.objects.filter(student=world.pupils[0]).order_by("-starts_on")[0]


def code_of(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_asked_for_the_child_stays_on_its_roster_and_nothing_is_owed(world: World):
    row = asked(world)
    assert (row.step, row.to, row.transfer) == (Step.ASKED, world.other_school.name, None)
    assert stay(world).ends_on is None
    assert not Obligation.objects.exists()
    assert not Transfer.objects.exists()
    assert AuditEvent.objects.get(verb="transfer.ask").post == world.posts["school_leader"]


def test_agreed_the_bureau_decides_and_the_other_side_confirms(world: World):
    row = agreed(world)
    assert (row.step, row.agreed_on) == (Step.AGREED, TODAY)
    assert stay(world).ends_on == LAST
    decide, confirm = duty("transfer_decide"), duty("transfer_confirm")
    # Ten working days from the day of agreement, and from the day of the application (rule 13).
    assert (decide.starts_on, decide.due_on) == (TODAY, date(2026, 10, 26))
    assert (confirm.starts_on, confirm.due_on) == (ASKED_ON, date(2026, 10, 22))
    assert (decide.owed_by, confirm.owed_by) == (world.bureau, world.school)
    assert decide.clause == "S1-56"
    assert world.pupils[0].name not in decide.subject
    assert decide.href == f"/transfers/{row.public_id}/"


def test_no_last_day_after_the_school_year(world: World):
    row, leader = asked(world), world.scope("school_leader")
    with pytest.raises(RuleBroken) as refused:
        act(world, "school_leader", row, Act.AGREE, on=date(2027, 9, 1))
    [reason] = refused.value.reasons
    assert (reason.code, reason.pointer) == ("too_far", "/on")
    assert "2027-08-31" in str(reason.text)
    assert stay(world).ends_on is None
    transfer_chain.act(leader, row, Act.AGREE, Given(on=date(2027, 8, 31)), at(TODAY, 10))
    assert stay(world).ends_on == date(2027, 8, 31)


def test_approved_and_taken_into_a_class_in_one_step(world: World, clock):
    row = act(world, "bureau_staff", agreed(world), Act.APPROVE)
    assert (row.step, duty("transfer_decide").late) == (Step.APPROVED, False)
    clock("2026-10-13T09:00")
    came = date(2026, 10, 13)
    act(world, "other_leader", row, Act.RECEIVE, came, on=came, school_class=world.other_class)
    row.refresh_from_db()
    assert row.step == Step.CONFIRMED
    assert (row.transfer.confirmed_on, row.transfer.confirmed_by) == (
        came, world.posts["other_leader"]
    )  # fmt: skip
    assert row.transfer.proof == "百丈漈镇中心学校 2026-10-13"
    assert stay(world).school_class == world.other_class
    assert EnrollmentChange.objects.get(after=stay(world)).kind == "22"
    assert not Obligation.objects.open().exists()
    assert transfers.follow(at(came, 11)) == transfer_chain.follow(at(came, 11)) == 0


def test_refused_by_the_bureau_the_child_is_on_its_roster_as_it_was(world: World, clock):
    row = agreed(world)
    clock("2026-10-14T09:00")
    for day in (13, 14):
        take(world, date(2026, 10, day), {1: U}, now=at(date(2026, 10, 14)))
    on = date(2026, 10, 14)
    act(world, "bureau_leader", row, Act.REFUSE, on, reason="没有住房证明")
    row.refresh_from_db()
    assert (row.step, row.because, row.decided_on) == (Step.REFUSED, "没有住房证明", on)
    assert (stay(world).ends_on, stay(world).school_class) == (None, world.school_class)
    assert row.transfer.taken_back_on == on
    assert not Transfer.objects.unconfirmed().exists()
    assert (duty("transfer_decide").met_at, bool(duty("transfer_confirm").waived_at)) == (
        at(on, 10), True
    )  # fmt: skip
    # Nobody called the child on the days between: that is not known, and no run.
    marks = RollMark.objects.filter(student=world.pupils[0]).order_by("day")
    assert [(mark.day.day, mark.mark) for mark in marks] == [(13, "unknown"), (14, "unknown")]
    assert not AbsenceRun.objects.filter(student=world.pupils[0]).exists()


def test_after_a_refusal_it_can_be_asked_for_again_with_the_same_last_day(world: World):
    act(world, "bureau_staff", agreed(world), Act.REFUSE, reason="缺材料")
    again = agreed(world)
    assert (again.step, Transfer.objects.count()) == (Step.AGREED, 2)
    assert Transfer.objects.unconfirmed().get() == again.transfer


def test_refused_by_the_school_nothing_had_happened(world: World):
    row = act(world, "school_leader", asked(world), Act.REFUSE, reason="未满一学期")
    assert (row.step, stay(world).ends_on) == (Step.REFUSED, None)
    assert not EnrollmentChange.objects.filter(student=world.pupils[0]).exists()


def test_taken_back_by_the_guardian_after_the_approval(world: World):
    row = act(world, "bureau_staff", agreed(world), Act.APPROVE)
    act(world, "school_leader", row, Act.WITHDRAW, reason="不搬了")
    row.refresh_from_db()
    assert (row.step, stay(world).ends_on) == (Step.WITHDRAWN, None)
    assert not Obligation.objects.open().exists()


def test_who_is_already_elsewhere_is_not_put_back(world: World, clock):
    row = act(world, "bureau_staff", agreed(world), Act.APPROVE)
    clock("2026-10-14T09:00")
    on = date(2026, 10, 14)
    act(world, "other_leader", row, Act.RECEIVE, on, on=on, school_class=world.other_class)
    with pytest.raises(NotPossible) as refused:
        act(world, "school_leader", row, Act.WITHDRAW, on, reason="不搬了")
    assert code_of(refused) == ["step"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to_school": None, "to": " "}, "destination"),
        ({"reason": " "}, "reason"),
        ({"on": date(2026, 10, 13)}, "future"),
    ],
)
def test_refused_applications(world: World, changes, code):
    with pytest.raises(RuleBroken) as refused:
        asked(world, **changes)
    assert code_of(refused) == [code]


def test_one_application_at_a_time_and_not_to_the_own_school(world: World):
    with pytest.raises(RuleBroken) as refused:
        asked(world, to_school=world.school)
    assert code_of(refused) == ["same_school"]
    asked(world)
    with pytest.raises(RuleBroken) as refused:
        asked(world)
    assert code_of(refused) == ["open_application"]


def test_none_while_studies_are_suspended(world: World):
    Placement.objects.create(
        county=world.county, student=world.pupils[0], kind="suspension",
        starts_on=date(2026, 9, 20), ends_on=date(2027, 1, 20), proof="县医院证明",
        approved_by=world.posts["bureau_leader"],
    )  # fmt: skip
    with pytest.raises(RuleBroken) as refused:
        asked(world)
    assert code_of(refused) == ["suspended"]
    Placement.objects.update(returned_on=date(2026, 10, 9))
    assert asked(world).step == Step.ASKED


@pytest.mark.parametrize(
    ("role", "what", "error"),
    [
        ("bureau_staff", Act.AGREE, NotPermitted),
        ("other_leader", Act.AGREE, NotPermitted),
        ("school_leader", Act.APPROVE, NotPermitted),
        ("bureau_staff", Act.APPROVE, NotPossible),
        ("other_leader", Act.RECEIVE, NotPossible),
        ("teacher", Act.REFUSE, NotPermitted),
    ],
)
def test_who_may_not_and_what_is_not_yet_possible(world: World, role, what, error):
    row = asked(world)
    with pytest.raises(error):
        act(world, role, row, what, on=LAST, reason="x", school_class=world.other_class)


def test_no_refusal_without_a_reason(world: World):
    with pytest.raises(RuleBroken) as refused:
        act(world, "bureau_staff", agreed(world), Act.REFUSE, reason="  ")
    assert code_of(refused) == ["reason"]
    assert stay(world).ends_on == LAST


@pytest.mark.parametrize("day", [LAST, date(2026, 10, 15)])
def test_taken_in_after_the_last_day_and_not_in_the_future(world: World, clock, day):
    row = act(world, "bureau_staff", agreed(world), Act.APPROVE)
    clock("2026-10-14T09:00")
    with pytest.raises(RuleBroken) as refused:
        act(world, "other_leader", row, Act.RECEIVE, on=day, school_class=world.other_class)
    assert code_of(refused) == ["on"]


def test_taken_in_only_by_a_class_of_the_own_school(world: World, clock):
    row = act(world, "bureau_staff", agreed(world), Act.APPROVE)
    clock("2026-10-14T09:00")
    foreign = school_class(world.second_school, 7, 1)
    with pytest.raises(RuleBroken) as refused:
        act(world, "other_leader", row, Act.RECEIVE, on=date(2026, 10, 14), school_class=foreign)
    assert code_of(refused) == ["school_class"]


def test_the_receiver_sees_it_once_the_school_has_agreed(world: World):
    row = asked(world)
    with pytest.raises(NotVisible):
        application_for(world.scope("other_leader"), row.public_id)
    act(world, "school_leader", row, Act.AGREE, on=LAST)
    assert application_for(world.scope("other_leader"), row.public_id) == row
    for role in ("second_leader", "township_cadre", "teacher"):
        with pytest.raises(NotVisible):
            application_for(world.scope(role), row.public_id)


def test_confirmed_by_a_roster_before_the_decision_nothing_is_left_to_decide(world: World, clock):
    row = agreed(world, to_school=None, to="温州市第八中学")
    clock("2026-10-14T09:00")
    given = transfers.Given(date(2026, 10, 14), "接收函")
    transfers.confirm(world.scope("school_leader"), row.transfer, given, at(date(2026, 10, 14)))
    row.refresh_from_db()
    assert row.step == Step.CONFIRMED
    assert transfer_chain.follow(at(date(2026, 10, 14), 9)) == 1
    assert transfer_chain.follow(at(date(2026, 10, 14), 9)) == 0
    assert duty("transfer_decide").waived_because == "settled before the decision"


def test_withdrawal_and_expulsion_stay_unknown(world: World):
    row = asked(world)
    with pytest.raises(DomainError):
        transfer_chain.act(world.scope("school_leader"), row, "31", Given(on=LAST), at(TODAY))

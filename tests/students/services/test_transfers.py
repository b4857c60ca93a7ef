"""Transfers: ten working days for the confirmation, then to be verified; met by any roster here."""

from datetime import date

import pytest

from agencies.errors import NotPermitted, NotVisible, RuleBroken
from agencies.models import AuditEvent, Obligation
from students.access import student_for
from students.models import Transfer
from students.services import enrollment, transfers
from students.services.transfers import Given
from tests.support.clients import browser
from tests.support.rolls import at
from tests.support.world import World

ASKED = date(2026, 9, 14)
LATE = date(2026, 9, 29)


def sent(world: World, on: date = ASKED) -> Transfer:
    enrollment.leave(world.pupils[0], "21", on, None)
    return transfers.ask(world.pupils[0], world.school, on, "温州市第八中学", at(on, 12))


def owed(kind: str = "transfer_confirm") -> Obligation:
    return Obligation.objects.get(kind=kind)


def test_monday_14_september_is_due_on_monday_28(world: World):
    transfer = sent(world)
    row = owed()
    assert (row.due_on, row.due_at) == (date(2026, 9, 28), at(LATE, 0))
    assert (row.owed_by, row.owed_to, row.clause) == (world.school, world.bureau, "S1-56")
    assert row.href == f"/students/{world.pupils[0].public_id}/"
    assert "温州" not in row.subject
    assert world.pupils[0].name not in row.subject
    assert transfers.follow(at(ASKED, 13)) == 0
    assert Transfer.objects.get() == transfer


def test_without_confirmation_it_is_to_be_verified_the_day_after(world: World):
    sent(world)
    assert transfers.follow(at(date(2026, 9, 28), 23)) == 0
    assert transfers.follow(at(LATE, 1)) == 1
    assert transfers.follow(at(LATE, 2)) == 0
    row = owed("transfer_verify")
    assert (row.starts_on, row.due_on, row.clause) == (LATE, date(2026, 10, 12), "S1-54")


def test_the_clocks_follow_from_the_row_alone(world: World):
    enrollment.leave(world.pupils[0], "21", ASKED, None)
    Transfer.objects.create(
        county=world.county, student=world.pupils[0], school=world.school, asked_on=ASKED, to="县外"
    )
    assert transfers.follow(at(LATE, 8)) == 2
    assert transfers.follow(at(LATE, 8)) == 0
    assert owed().state(at(LATE, 8)) == "overdue"


def test_confirmed_in_time_and_late(world: World):
    transfer = sent(world)
    scope = world.scope("school_leader")
    given = Given(date(2026, 9, 21), " 接收函 2026-18 ")
    transfers.confirm(scope, transfer, given, at(date(2026, 9, 28), 18))
    transfer.refresh_from_db()
    assert (transfer.confirmed_on, transfer.proof) == (given.on, "接收函 2026-18")
    assert (owed().met_at, owed().late) == (at(date(2026, 9, 28), 18), False)
    assert AuditEvent.objects.get(verb="transfer.confirm").post == world.posts["school_leader"]
    with pytest.raises(RuleBroken):
        transfers.confirm(scope, transfer, given, at(LATE))


def test_a_late_confirmation_meets_both(world: World):
    transfer = sent(world)
    transfers.follow(at(LATE, 8))
    transfers.confirm(world.scope("bureau_staff"), transfer, Given(LATE, "接收函"), at(LATE, 9))
    assert (owed().late, owed("transfer_verify").late) == (True, False)


@pytest.mark.parametrize(
    ("on", "proof", "code"),
    [
        (date(2026, 9, 13), "接收函", "before_transfer"),
        (date(2026, 10, 13), "接收函", "future"),
        (ASKED, "  ", "no_proof"),
    ],
)
def test_refused_confirmations(world: World, on, proof, code):
    transfer = sent(world)
    with pytest.raises(RuleBroken) as refused:
        transfers.confirm(world.scope("school_leader"), transfer, Given(on, proof), at(LATE))
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert owed().met_at is None


@pytest.mark.parametrize("role", ["teacher", "other_leader", "township_cadre", "system_admin"])
def test_who_may_not_confirm(world: World, role):
    transfer = sent(world)
    with pytest.raises(NotPermitted):
        transfers.confirm(world.scope(role), transfer, Given(ASKED, "接收函"), at(LATE))


def test_another_school_of_the_county_confirms_by_itself(world: World):
    transfer = sent(world)
    came = date(2026, 9, 21)
    enrollment.enroll(world.pupils[0], world.other_class, came, None)
    assert transfers.follow(at(date(2026, 9, 22), 9)) == 1
    assert transfers.follow(at(date(2026, 9, 22), 10)) == 0
    transfer.refresh_from_db()
    assert (transfer.confirmed_on, transfer.confirmed_by) == (came, None)
    assert transfer.proof == "百丈漈镇中心学校 2026-09-21"
    assert (owed().met_at, owed().late) == (at(date(2026, 9, 22), 9), False)


def test_back_on_the_old_roster_nothing_is_owed(world: World):
    sent(world)
    enrollment.enroll(world.pupils[0], world.school_class, date(2026, 9, 18), None)
    transfers.follow(at(date(2026, 9, 18), 9))
    assert (owed().met_at, owed().waived_because) == (None, "back on the old roster")
    assert not Transfer.objects.unconfirmed().exists()


def test_a_child_that_died_owes_nothing(world: World):
    sent(world)
    world.pupils[0].died_on = date(2026, 9, 20)
    world.pupils[0].save()
    transfers.follow(at(LATE, 9))
    assert owed().waived_at
    assert not Obligation.objects.filter(kind="transfer_verify").exists()


def test_the_old_school_keeps_sight_until_it_is_confirmed(world: World):
    transfer = sent(world)
    child = world.pupils[0]
    assert student_for(world.scope("school_leader"), child.public_id) == child
    for role in ("teacher", "other_leader", "second_leader"):
        with pytest.raises(NotVisible):
            student_for(world.scope(role), child.public_id)
    transfers.confirm(world.scope("school_leader"), transfer, Given(ASKED, "接收函"), at(LATE))
    with pytest.raises(NotVisible):
        student_for(world.scope("school_leader"), child.public_id)


def test_the_form_asks_where_the_child_goes(world: World):
    client = browser(world, "school_leader")
    url = f"/students/{world.pupils[0].public_id}/change/"
    refused = client.post(url, {"kind": "21", "on": "2026-10-09"})
    assert refused.status_code == 422
    assert b"Say where the child goes" in refused.content
    assert not Transfer.objects.exists()
    answer = client.post(url, {"kind": "21", "on": "2026-10-09", "destination": "温州市第八中学"})
    assert answer.status_code == 302
    assert Transfer.objects.get().to == "温州市第八中学"
    assert owed().starts_on == date(2026, 10, 9)

"""Talks in the database: deadlines raised and met, the right of reply, who may do what."""

import uuid
from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation
from reporting.models import Talk, TalkStep
from reporting.queries.talks import full
from reporting.rules.talks import Outcome, TalkDeed, TalkState
from tests.reporting.accountability.steps import (
    DUE,
    ITEMS,
    NOW,
    alert,
    called,
    ordered,
    reported,
    take,
)
from tests.support.world import World

BOTH = frozenset({1, 2})


def owed(kind: str) -> Obligation:
    return Obligation.objects.filter(kind=kind).order_by("pk").last()


def test_a_talk_comes_from_an_alert_and_the_unit_owes_to_come(world: World) -> None:
    found = alert(world)
    talk = called(world, alert=found.public_id, unit=("", ""))
    assert (talk.name, talk.stage, talk.agency) == ("大峃镇", "junior", world.town_hall)
    assert talk.number == "约〔2026〕1号"
    come = owed("talk")
    assert (come.owed_by, come.owed_to, come.href) == (
        world.town_hall, world.bureau, f"/talks/{talk.public_id}/"
    )  # fmt: skip
    take(world, talk, TalkDeed.HOLD)
    assert owed("talk").met_at == NOW


def test_the_same_form_sent_twice_calls_once(world: World) -> None:
    once = uuid.uuid4()
    assert called(world, client_id=once) == called(world, client_id=once)
    assert Talk.objects.count() == 1


def test_from_the_order_to_the_outcome(world: World) -> None:
    talk = ordered(world, called(world))
    assert (talk.state, talk.reply_until) == (TalkState.ORDERED, date(2026, 10, 19))
    assert [item.text for item in talk.items.all()] == list(ITEMS)
    rectify = owed("talk_rectify")
    assert (rectify.owed_by, rectify.due_on) == (world.town_hall, DUE)
    reported(world, talk)
    assert owed("talk_rectify").late is False
    recheck = owed("talk_recheck")
    assert (recheck.owed_by, recheck.met_at) == (world.bureau, None)
    later = date(2026, 11, 2)
    again = take(world, talk, TalkDeed.RECHECK, put_right=frozenset({1}), due_on=later)
    assert again.state == TalkState.ORDERED
    assert owed("talk_recheck").met_at == NOW
    assert (owed("talk_rectify").due_on, owed("talk_rectify").met_at) == (later, None)
    assert [item.put_right for item in again.items.all()] == [True, False]
    reported(world, talk)
    assert take(world, talk, TalkDeed.RECHECK, put_right=BOTH).state == TalkState.PUT_RIGHT
    with pytest.raises(RuleBroken) as refused:
        take(world, talk, TalkDeed.OUTCOME, outcome=Outcome.DONE)
    assert [one.code for one in refused.value.reasons] == ["reply"]
    take(world, talk, TalkDeed.REPLY, "township_leader", text="无异议")
    ended = take(world, talk, TalkDeed.OUTCOME, outcome=Outcome.DONE)
    assert (ended.state, ended.outcome) == (TalkState.ENDED, Outcome.DONE)
    assert not Obligation.objects.open().filter(kind__startswith="talk").exists()
    with pytest.raises(NotPossible):
        take(world, talk, TalkDeed.REPLY, "township_leader")


def test_a_talk_names_no_person(world: World) -> None:
    child = world.pupils[0].name
    with pytest.raises(RuleBroken, match="person"):
        called(world, reason=f"{child}失学")
    talk = called(world)
    with pytest.raises(RuleBroken, match="person"):
        take(world, talk, TalkDeed.HOLD, text=f"谈到{child}。")
    take(world, talk, TalkDeed.HOLD)
    order = {"number": "文教约〔2026〕1号", "due_on": DUE}
    with pytest.raises(RuleBroken, match="person"):
        take(world, talk, TalkDeed.ORDER, **order, items=("公示名单", f"找到{child}"))
    take(world, talk, TalkDeed.ORDER, **order, items=("公示名单",))
    with pytest.raises(RuleBroken, match="person"):
        take(world, talk, TalkDeed.REPORT, reports={1: f"{child}已返校"})


def test_responsibility_ends_what_was_still_owed(world: World) -> None:
    talk = ordered(world, called(world))
    take(world, talk, TalkDeed.REPLY, "township_leader")
    take(world, talk, TalkDeed.OUTCOME, outcome=Outcome.RESPONSIBLE, number="文政〔2026〕9号")
    assert owed("talk_rectify").waived_because == "responsibility is pursued instead"


def test_a_talk_is_called_off_with_a_reason(world: World) -> None:
    talk = called(world)
    with pytest.raises(RuleBroken):
        take(world, talk, TalkDeed.CANCEL, text=" ")
    assert take(world, talk, TalkDeed.CANCEL).state == TalkState.CANCELLED
    assert owed("talk").waived_at == NOW


def test_who_sees_and_who_acts(world: World) -> None:
    talk = ordered(world, called(world))
    with pytest.raises(NotVisible):
        take(world, talk, TalkDeed.REPLY, "other_cadre")
    with pytest.raises(NotPermitted):
        take(world, talk, TalkDeed.RECHECK, "township_leader", put_right=BOTH)
    with pytest.raises(NotPermitted):
        take(world, talk, TalkDeed.OUTCOME, "township_leader", outcome=Outcome.RESPONSIBLE)
    assert set(full(world.scope("township_leader"), talk, NOW).deeds) == {
        TalkDeed.REPORT, TalkDeed.REPLY
    }  # fmt: skip


def test_a_school_answers_for_itself_and_its_township_only_reads(world: World) -> None:
    talk = called(world, unit=("school", world.school.code), position="school_leader")
    assert talk.agency == world.school
    talk = take(world, talk, TalkDeed.HOLD)
    assert full(world.scope("township_leader"), talk, NOW).deeds == []
    assert full(world.scope("school_leader"), talk, NOW).deeds == [TalkDeed.REPLY]
    with pytest.raises(NotVisible):
        take(world, talk, TalkDeed.REPLY, "second_leader")


def test_no_body_calls_itself(world: World) -> None:
    with pytest.raises(RuleBroken) as refused:
        called(world, unit=("county", "330328000000"), position="bureau_leader")
    assert [one.code for one in refused.value.reasons] == ["itself"]


def test_a_step_stays_as_it_was_written(world: World) -> None:
    take(world, called(world), TalkDeed.HOLD)
    with pytest.raises(ProgrammingError), transaction.atomic():
        TalkStep.objects.update(text="别的")

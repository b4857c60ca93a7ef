"""Sending what waits: robots that fail, several workers at once, a worker that was killed."""

from datetime import timedelta

import pytest
from django.db import connection

from agencies.channels.exchange import Timeouts
from agencies.models import ChannelTarget, Delivery, DeliveryAttempt
from agencies.rules.notices import Channel, NoticeKind
from agencies.services import claims, dispatch
from tests.flows.test_concurrency import at_once
from tests.support.receiver import receiving
from tests.support.told import NOON, census, reachable, robot, tell
from tests.support.world import build_or_load

State = Delivery.State
GOOD = {"errcode": 0, "errmsg": "ok"}


@pytest.fixture
def group(settings):
    """A group robot on this machine that takes everything."""
    with receiving() as receiver:
        settings.WEBHOOK_HOSTS = settings.WEBHOOK_PRIVATE_HOSTS = [receiver.host]
        receiver.answers(GOOD)
        yield receiver


def robot_told(world, group, count=1):
    """So many passed deadlines for the robot of the school; returns its deliveries."""
    target = robot(world.school, group.url)
    for number in range(count):
        owed = census(world, key=str(number))
        tell(world, NoticeKind.DEADLINE, obligation_id=owed.pk, level=1)
    dispatch.expand(NOON)
    return Delivery.objects.filter(target=target)


def test_a_robot_is_told_once_with_its_signature(world, group):
    rows = robot_told(world, group)
    assert dispatch.deliver(NOON) == 1
    assert dispatch.deliver(NOON) == 0
    (got,) = group.requests
    assert got.params["access_token"] == "token-of-the-group"
    assert got.params["sign"]
    assert got.body["text"]["content"].startswith("已逾期：")
    assert got.body["text"]["content"].endswith("https://county.example/duties/")
    assert rows.get().state == State.SENT


@pytest.mark.parametrize(("count", "says"), [(3, "大峃镇实验学校"), (40, "期限已过：40")])
def test_several_are_one_message_for_a_robot(world, group, count, says):
    rows = robot_told(world, group, count)
    assert dispatch.deliver(NOON) == count
    (got,) = group.requests
    assert got.body["text"]["content"].startswith(f"{count}条通知")
    assert says in got.body["text"]["content"]
    assert set(rows.values_list("state", flat=True)) == {State.SENT}
    assert set(DeliveryAttempt.objects.values_list("together", flat=True)) == {count}


def test_errors_of_a_robot_are_tried_again_with_pauses_and_given_up_after_eight(world, group):
    rows = robot_told(world, group)
    group.answers(b"", status=500)
    now, pauses = NOON, []
    for _nth in range(8):
        assert dispatch.deliver(now) == 1
        assert dispatch.deliver(now + timedelta(seconds=1)) == 0
        row = rows.get()
        if row.state == State.WAITING:
            pauses.append((row.next_try_at - now).total_seconds())
            now = row.next_try_at
    assert pauses == [30, 60, 120, 240, 480, 960, 1920]
    assert (row.state, row.tries, row.claimed_until) == (State.DEAD, 8, None)
    assert set(row.attempts.values_list("status", "ok")) == {("http_500", False)}
    assert row.attempts.count() == len(group.requests) == 8
    assert dispatch.deliver(now + timedelta(days=1)) == 0


def test_a_redirect_is_never_followed_and_not_tried_again(world, group):
    with receiving() as elsewhere:
        rows = robot_told(world, group)
        group.redirects(f"{elsewhere.url}/robot/send", 307)
        dispatch.deliver(NOON)
        assert elsewhere.requests == []
    row = rows.get()
    assert (row.state, row.attempts.get().status) == (State.DEAD, "redirect")


def test_a_robot_that_hangs_does_not_hold_up_the_others(world, group, settings, monkeypatch):
    monkeypatch.setattr(Timeouts, "total", 0.5)
    settings.SMS_GATEWAY = {"driver": "console"}
    reachable(world, "school_leader", phone="13800001111")
    rows = robot_told(world, group)
    group.hangs()
    dispatch.deliver(NOON)
    row = rows.get()
    assert (row.state, row.attempts.get().status) == (State.WAITING, "timeout")
    assert Delivery.objects.get(channel=Channel.SMS).state == State.SENT


def test_a_host_that_is_not_listed_is_not_called(world, group, settings):
    rows = robot_told(world, group)
    settings.WEBHOOK_HOSTS = []
    dispatch.deliver(NOON)
    row = rows.get()
    assert (row.state, row.attempts.get().status) == (State.DEAD, "not_allowed")
    assert group.requests == []


def test_a_robot_that_was_switched_off_meanwhile(world, group):
    rows = robot_told(world, group)
    ChannelTarget.objects.update(is_active=False)
    dispatch.deliver(NOON)
    assert rows.get().state == State.DROPPED
    assert group.requests == []


def test_a_token_sealed_with_another_key(world, group, settings):
    rows = robot_told(world, group)
    settings.SEAL_KEY = "another key that is long enough to be one"
    dispatch.deliver(NOON)
    assert rows.get().attempts.get().status == "sealed"


def test_not_more_than_the_platform_bears_in_a_minute(world, group):
    rows = robot_told(world, group, 21)
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(next_try_at=NOON + timedelta(days=1))
    for nth, pk in enumerate(pks):
        now = NOON + timedelta(seconds=nth)
        rows.filter(pk=pk).update(next_try_at=now)
        dispatch.deliver(now)
    assert len(group.requests) == 20
    last = rows.get(pk=pks[-1])
    assert (last.state, last.next_try_at - now) == (State.WAITING, timedelta(minutes=1))
    assert dispatch.deliver(last.next_try_at) == 1


def test_what_a_killed_worker_held_is_sent_after_the_lease(world, group):
    """It died between claim and record: the message may have gone, and goes again."""
    rows = robot_told(world, group)
    assert len(claims.claim(NOON, 10)) == 1
    assert dispatch.deliver(NOON + claims.LEASE - timedelta(seconds=1)) == 0
    assert dispatch.deliver(NOON + claims.LEASE) == 1
    assert rows.get().state == State.SENT


def test_the_mark_of_a_message_is_the_same_on_each_attempt(world, settings, group):
    """The gateway may drop by it what it got already; another receiver has another mark."""
    settings.SMS_GATEWAY = {"driver": "http", "url": f"{group.url}/sms", "token": "t"}
    for role, phone in (("school_leader", "13800001111"), ("deputy_leader", "13800002222")):
        reachable(world, role, phone=phone)
    tell(world, NoticeKind.DEADLINE, obligation_id=census(world).pk, level=1)
    dispatch.expand(NOON)
    group.answers(b"", status=503)
    dispatch.deliver(NOON)
    group.answers({"id": "1", "status": "accepted"})
    dispatch.deliver(NOON + timedelta(seconds=30))
    marks = [(got.body["phone"], got.body["id"]) for got in group.requests]
    assert len(marks) == 4
    assert len(set(marks)) == len({mark for _phone, mark in marks}) == 2
    text = group.requests[0].body["params"]["text"]
    assert text.startswith("已逾期：")
    assert "应于2026-09-07完成" in text


def test_a_fault_of_a_sender_is_written_down_and_the_next_one_is_served(world, settings):
    settings.SMS_GATEWAY = {"driver": "console"}
    settings.EMAIL_BACKEND = "no.such.Backend"
    reachable(world, "system_admin", phone="13800001111", email="a@bureau.example")
    tell(world, NoticeKind.ALARM, params={"what": "clock", "why": "apart"})
    dispatch.expand(NOON)
    assert dispatch.deliver(NOON) == 2
    attempts = DeliveryAttempt.objects.values_list("delivery__channel", "status", "detail")
    assert set(attempts) == {("mail", "error", "ModuleNotFoundError"), ("sms", "sent", "")}


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once(group, settings, mailoutbox):
    """Each line once in each inbox, one message to the robot, one to each person."""
    county = build_or_load()
    settings.SMS_GATEWAY = {"driver": "console"}
    reachable(county, "school_leader", phone="13800001111", email="a@school.example")
    target = robot(county.school, group.url)
    for number in range(60):
        owed = census(county, key=str(number))
        tell(county, NoticeKind.DEADLINE, obligation_id=owed.pk, level=1)

    def work() -> int:
        done = 0
        while step := dispatch.expand(NOON, 7):
            done += step
        return done

    results = at_once(*[work] * 4)
    assert sum(results) == 60
    inbox = Delivery.objects.filter(channel=Channel.INBOX)
    assert inbox.count() == inbox.values("user", "notice").distinct().count() == 120
    results = at_once(*[lambda: dispatch.deliver(NOON, 5)] * 4)
    assert sum(results) == 120
    assert len(group.requests) == 1
    assert Delivery.objects.filter(target=target, state=State.SENT).count() == 60
    assert DeliveryAttempt.objects.count() == 120
    assert not Delivery.objects.waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_a_recipient_belongs_to_one_worker(group):
    """New lines for somebody who is being served wait for the next pass."""
    county = build_or_load()
    robot_told(county, group)
    assert len(claims.claim(NOON, 5)) == 1
    owed = census(county, key="new")
    tell(county, NoticeKind.DEADLINE, obligation_id=owed.pk, level=1)
    dispatch.expand(NOON)
    assert claims.claim(NOON, 5) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)

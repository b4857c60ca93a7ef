"""Each gauge turns red when its fault is planted; page, JSON and Prometheus text agree."""

import os
import re
import time
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from agencies.models import ClockMark, Delivery, DeliveryAttempt, Notice, Obligation, TaskRun
from agencies.rules.deadlines import CHINA
from config.celery import BEATS
from config.gauges import gauges
from students.services import terms
from students.services.terms import TermDates
from tests.support.clients import browser

NOW = datetime(2026, 10, 12, 8, tzinfo=CHINA)


def run_all(now: datetime = NOW) -> None:
    TaskRun.objects.bulk_create([TaskRun(name=beat.task, succeeded_at=now) for beat in BEATS])


def red(now: datetime = NOW) -> set[str]:
    return {gauge.name for gauge in gauges(now) if not gauge.ok}


def owe(world) -> None:
    world.term.delete()
    dates = TermDates(2026, "autumn", date(2026, 9, 1), date(2027, 1, 29))
    terms.open_term(world.county, dates, NOW - timedelta(days=60))


def letter(world, state: str, **more: object) -> Delivery:
    notice = Notice.objects.create(
        county=world.county, kind="test", dedupe=f"{state}{more}", created_at=NOW, expanded_at=NOW
    )
    user = world.posts["bureau_staff"].user
    return Delivery.objects.create(
        notice=notice, user=user, channel="sms", state=state, created_at=NOW, **more
    )


def test_all_is_well(world):
    run_all()
    assert red() == set()
    answer = Client().get("/health/status")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)


def test_a_deadline_that_nobody_said_within_five_minutes(world):
    run_all()
    owe(world)
    Obligation.objects.update(next_check_at=NOW - timedelta(seconds=299))
    assert red() == set()
    Obligation.objects.update(next_check_at=NOW - timedelta(seconds=301))
    assert red() == {"deadline_unsaid"}
    assert Client().get("/health/status").status_code == 503


def test_messages_that_wait_or_were_given_up(world):
    run_all()
    letter(world, "waiting", next_try_at=NOW - timedelta(minutes=11))
    assert red() == {"message_unsent"}
    dead = letter(world, "dead")
    DeliveryAttempt.objects.create(delivery=dead, at=NOW, ok=False, status="http_500")
    assert red() == {"message_unsent", "dead_letters"}
    Notice.objects.create(
        county=world.county, kind="test", dedupe="x", created_at=NOW - timedelta(minutes=11)
    )
    assert "notice_unsent" in red()
    client = browser(world, "system_admin")
    assert b"http_500" in client.get("/status/").content
    client.post(f"/status/letters/{dead.public_id}/", {"act": "again"})
    dead.refresh_from_db()
    assert (dead.state, dead.tries, dead.next_try_at) == ("waiting", 0, NOW)
    again = client.post(f"/status/letters/{dead.public_id}/", {"act": "again"})
    assert again.status_code == 404
    other = letter(world, "dead", tries=8)
    client.post(f"/status/letters/{other.public_id}/", {"act": "aside"})
    other.refresh_from_db()
    assert other.state == "dropped"


@pytest.mark.parametrize("beat", BEATS, ids=lambda beat: beat.task)
def test_a_task_that_does_not_run_any_more(world, beat):
    run_all()
    limit = 30 * 3600 if beat.seconds >= 86400 else max(300, 3 * beat.seconds)
    late = NOW - timedelta(seconds=limit + 1)
    TaskRun.objects.filter(name=beat.task).update(succeeded_at=late)
    assert red() == {f"task:{beat.task}"}
    TaskRun.objects.filter(name=beat.task).delete()
    assert red() == (set() if 3 * beat.seconds > 900 else {f"task:{beat.task}"})


def test_the_clock_the_calendar_and_the_backup(world, settings, tmp_path):
    run_all()
    ClockMark.objects.create(now=NOW, boot="x", up=1, doubt="backward", doubted_at=NOW)
    assert red() == {"clock_doubt"}
    ClockMark.objects.all().delete()
    assert red(datetime(2026, 11, 20, tzinfo=CHINA)) >= {"calendar_missing"}
    settings.BACKUP_GLOB = str(tmp_path / "*.dump")
    assert red() == {"backup"}
    file = tmp_path / "county.dump"
    file.write_text("x")
    assert red() == set()
    os.utime(file, (time.time(), time.time() - 27 * 3600))
    assert red() == {"backup"}


def test_page_json_and_metrics_say_the_same(world):
    run_all()
    owe(world)
    Obligation.objects.update(next_check_at=NOW - timedelta(hours=1))
    said = {one["name"]: one for one in Client().get("/health/status").json()["gauges"]}
    text = Client().get("/metrics").content.decode()
    for gauge in gauges(NOW):
        assert said[gauge.name]["ok"] is gauge.ok
        assert f'nol_gauge_ok{{name="{gauge.name}"}} {float(gauge.ok)}' in text
    page = browser(world, "system_admin").get("/status/").content.decode()
    assert len(re.findall('class="kc-red"', page)) == sum(not gauge.ok for gauge in gauges(NOW))
    assert 'nol_obligations{kind="census",state="overdue"} 3.0' in text


def test_who_may_read_the_metrics(world, settings):
    assert Client(REMOTE_ADDR="10.0.0.9").get("/metrics").status_code == 404
    through_a_proxy = Client(headers={"X-Forwarded-For": "10.0.0.9"})
    assert through_a_proxy.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-token"
    assert Client().get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 200
    given = {"X-Forwarded-For": "10.0.0.9", "Authorization": "Bearer a-token"}
    assert Client(headers=given).get("/metrics").status_code == 200
    given["Authorization"] = "Bearer another"
    assert Client(headers=given).get("/metrics").status_code == 404


def test_only_who_looks_after_the_system_sees_the_page(world):
    assert browser(world, "bureau_staff").get("/status/").status_code == 200
    assert browser(world, "teacher").get("/status/").status_code == 403

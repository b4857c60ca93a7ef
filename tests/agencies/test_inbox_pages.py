"""The inbox, the settings of a person, and the same through the API."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from agencies.models import AuditEvent, Delivery, DeliveryAttempt, NoticePreference, User
from agencies.queries import inbox as queries
from agencies.rules.notices import NoticeKind
from agencies.services import dispatch
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.told import NOON, census, reachable, tell

SETTINGS = {"email": "", "phone": "", "language": ""}


@pytest.fixture(autouse=True)
def rested():
    """Nobody has tested within the last seconds."""
    cache.clear()


def fill(world, count: int = 1, kind=NoticeKind.PAPER_CONFIRMED, now=NOON, **more) -> None:
    for _nth in range(count):
        tell(world, kind, now, agency_id=world.school.pk, **more)
    dispatch.expand(now)


def test_empty_then_a_line_that_is_read_when_it_is_opened(world):
    client = browser(world, "school_leader")
    page = client.get("/inbox/").content.decode()
    assert "Nothing has been told yet." in page
    assert "kc-bell-count" not in page
    fill(world, href="/terms/")
    page = client.get("/inbox/").content.decode()
    assert "kc-unread" in page
    assert "Confirmed: a report – 大峃镇实验学校" in page
    assert '<span class="kc-bell-count">1<' in page
    line = Delivery.objects.get(user=world.posts["school_leader"].user)
    answer = client.get(f"/inbox/{line.public_id}/")
    assert (answer.status_code, answer.url) == (302, "/terms/")
    page = client.get("/inbox/").content.decode()
    assert "kc-unread" not in page
    assert "kc-bell-count" not in page


def test_a_line_of_somebody_else_does_not_exist(world):
    fill(world)
    line = Delivery.objects.get(user=world.posts["school_leader"].user)
    assert browser(world, "teacher").get(f"/inbox/{line.public_id}/").status_code == 404
    line.refresh_from_db()
    assert line.read_at is None


def test_a_flood_of_one_kind_and_day_is_one_line(world):
    fill(world, 5)
    fill(world, 6, NoticeKind.PAPER_BACK)
    fill(world, 2, NoticeKind.PAPER_BACK, NOON + timedelta(days=1))
    page = browser(world, "school_leader").get("/inbox/").content.decode()
    assert page.count("<details>") == 1
    assert "a report was sent back: 6 notices" in page
    assert page.count("Confirmed: a report") == 5
    assert page.index("2026-10-13") < page.index("<details>") < page.index("Confirmed: a report")


def test_mark_all_and_the_bell_counts_to_99(world):
    fill(world, 101)
    client = browser(world, "school_leader")
    assert '<span class="kc-bell-count">99+<' in client.get("/inbox/").content.decode()
    answer = client.post("/inbox/read/", follow=True)
    assert "101 lines are read now." in answer.content.decode()
    assert Delivery.objects.unread().filter(user__username="deputy_leader").count() == 101


def test_pages(world, monkeypatch):
    monkeypatch.setattr("agencies.views.inbox.PAGE", 4)
    fill(world, 9)
    client, seen, address = browser(world, "school_leader"), [], "/inbox/"
    while address:
        page = client.get(address)
        seen.append(sum(len(bundle.lines) for bundle in page.context["bundles"]))
        cursor = page.context["next_cursor"]
        address = f"/inbox/{cursor}" if cursor else ""
    assert seen == [4, 4, 1]
    assert client.get("/inbox/?before=nonsense").context["first_page"]


def test_the_number_of_queries_does_not_grow(world):
    client = browser(world, "school_leader")
    client.get("/inbox/")

    def queries_for(count: int) -> int:
        fill(world, count)
        with counted() as statements:
            client.get("/inbox/")
        return len(statements)

    assert queries_for(1) == queries_for(30)


def test_what_the_law_wants_told_is_locked(world):
    page = browser(world, "school_leader").get("/inbox/settings/").content.decode()
    assert 'name="deadlines-mail"' in page
    assert 'name="deadlines-sms"' not in page
    assert 'name="reminders-sms"' in page
    assert "S1-51 to S1-58" in page


def test_settings_keep_what_differs_and_leave_a_trace(world):
    client = browser(world, "school_leader")
    leader = world.posts["school_leader"].user
    usual = {
        "reminders-sms": "on",
        "papers-sms": "on",
        "oversight-sms": "on",
        "system-mail": "on",
        "system-sms": "on",
    }
    given = {**SETTINGS, "email": "a@school.example", "phone": "13800001111", "language": "en"}
    answer = client.post("/inbox/settings/", {**given, **usual, "deadlines-mail": "on"})
    assert answer.status_code == 302
    leader.refresh_from_db()
    assert (leader.email, leader.phone, leader.language) == (
        "a@school.example",
        "13800001111",
        "en",
    )
    chosen = NoticePreference.objects.values_list("user", "group", "channel", "wanted")
    assert set(chosen) == {
        (leader.pk, "deadlines", "mail", True),
        (leader.pk, "digest", "mail", False),
    }
    event = AuditEvent.objects.get(verb="notices.settings")
    assert event.detail["changed"] == [
        "email",
        "phone",
        "language",
        "deadlines.mail",
        "digest.mail",
    ]
    client.post("/inbox/settings/", {**given, **usual, "digest-mail": "on", "deadlines-sms": ""})
    assert set(chosen.all()) == {
        (leader.pk, "deadlines", "mail", False),
        (leader.pk, "digest", "mail", True),
    }


@pytest.mark.parametrize("wrong", [{"phone": "0577-67891234"}, {"email": "nobody"}, {"phone": ""}])
def test_refused_settings_keep_what_was_typed(world, wrong):
    reachable(world, "school_leader", phone="13800001111")
    given = {**SETTINGS, "phone": "13800001111", "email": "typed@x.example", **wrong}
    answer = browser(world, "school_leader").post("/inbox/settings/", given)
    assert answer.status_code == 422
    assert b"typed@x.example" in answer.content or "email" in wrong
    assert User.objects.get(username="school_leader").phone == "13800001111"


def test_a_test_message_is_sent_at_once_and_not_too_often(world, mailoutbox):
    leader = reachable(world, "school_leader", email="a@school.example", language="en")
    client = browser(world, "school_leader")
    answer = client.post("/inbox/test/mail/", follow=True)
    assert "Test by e-mail: sent." in answer.content.decode()
    assert mailoutbox[0].subject == "A test message"
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.ok, attempt.delivery.user, attempt.delivery.state) == (True, leader, "sent")
    answer = client.post("/inbox/test/mail/", follow=True)
    assert "Wait 10 seconds" in answer.content.decode()
    assert len(mailoutbox) == 1


def test_a_test_that_fails_says_why_and_is_not_tried_again(world):
    reachable(world, "school_leader", phone="13800001111")
    client = browser(world, "school_leader")
    answer = client.post("/inbox/test/sms/", follow=True)
    assert "Test by text message: not set up on this server." in answer.content.decode()
    assert dispatch.deliver(NOON + timedelta(days=1)) == 0
    answer = client.post("/inbox/test/mail/", follow=True)
    assert "Enter and save your e-mail address" in answer.content.decode()
    assert client.post("/inbox/test/inbox/").status_code == 404


def test_the_api_of_the_inbox(world):
    owed = census(world)
    tell(world, NoticeKind.DEADLINE, obligation_id=owed.pk, level=1)
    fill(world, href="/terms/")
    client = api(world, "school_leader")
    first, second = client.get("/api/v1/notices/?unread=1").json()["results"]
    assert first["href"] == "/terms/"
    assert (second["kind"], second["href"], second["read_at"]) == ("deadline", "/duties/", None)
    assert second["text"].startswith("Overdue: term-start full check – 大峃镇实验学校\n")
    assert second["created_at"] == "2026-10-12T12:00:00+08:00"
    theirs = str(Delivery.objects.filter(user__username="deputy_leader")[0].public_id)
    answer = client.post("/api/v1/notices/read/", {"ids": [first["id"], theirs]}, format="json")
    assert answer.json() == {"read": 1}
    assert [row["id"] for row in client.get("/api/v1/notices/?unread=1").json()["results"]] == [
        second["id"]
    ]
    assert client.post("/api/v1/notices/read/", {"all": True}, format="json").json() == {"read": 1}
    assert len(client.get("/api/v1/notices/").json()["results"]) == 2
    for wrong in ({}, {"ids": ["x"]}, {"ids": None}):
        assert client.post("/api/v1/notices/read/", wrong, format="json").status_code in (400, 422)


def test_bundles_stand_where_their_newest_line_stood(world):
    fill(world, 3, NoticeKind.PAPER_BACK)
    fill(world, 1)
    fill(world, 1, NoticeKind.PAPER_BACK)
    user = world.posts["school_leader"].user
    found = queries.bundles(queries.in_words(queries.lines_of(user.pk)), 3)
    assert [(one.kind, len(one.lines), one.unread) for one in found] == [
        ("paper_back", 4, 4),
        ("paper_confirmed", 1, 1),
    ]

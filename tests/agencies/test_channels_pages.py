"""The robots of agencies: who may, what is refused at once, secrets that are never shown."""

import pytest
from django.core.cache import cache

from agencies.models import AuditEvent, ChannelTarget
from agencies.services import sending
from tests.support.clients import browser
from tests.support.receiver import receiving
from tests.support.told import robot

GOOD = {"errcode": 0, "errmsg": "ok"}


@pytest.fixture
def group(settings):
    cache.clear()
    with receiving() as receiver:
        settings.WEBHOOK_HOSTS = settings.WEBHOOK_PRIVATE_HOSTS = [receiver.host]
        receiver.answers(GOOD)
        yield receiver


def given(world, group, **other: str) -> dict[str, str]:
    return {
        "agency": world.school.name,
        "channel": "dingtalk",
        "base_url": group.url,
        "token": "a-token-nobody-sees",
        "secret": "SEC-a-secret-nobody-sees",
        "is_active": "on",
        **other,
    }


@pytest.mark.parametrize("role", ["teacher", "school_leader", "bureau_leader", "bureau_staff"])
def test_only_the_system_administrator(world, role):
    for address in ("/channels/", "/channels/new/"):
        assert browser(world, role).get(address).status_code == 403


def test_enter_test_and_change_without_ever_showing_a_secret(world, group):
    client = browser(world, "system_admin")
    assert "No robot yet." in client.get("/channels/").content.decode()
    assert client.post("/channels/new/", given(world, group)).status_code == 302
    target = ChannelTarget.objects.get()
    assert "nobody-sees" not in target.token + target.secret
    opened = sending.robot_of(target)
    assert (opened.token, opened.secret) == ("a-token-nobody-sees", "SEC-a-secret-nobody-sees")
    address = f"/channels/{target.public_id}/"
    answer = client.post(f"{address}test/", follow=True)
    assert "Test by DingTalk robot: sent." in answer.content.decode()
    assert group.requests[0].params["access_token"] == "a-token-nobody-sees"
    changed = given(world, group, token="", secret="SEC-another-nobody-sees")
    del changed["is_active"]
    assert client.post(address, changed).status_code == 302
    target.refresh_from_db()
    opened = sending.robot_of(target)
    assert (opened.token, opened.secret) == ("a-token-nobody-sees", "SEC-another-nobody-sees")
    assert not target.is_active
    for page in (address, "/channels/"):
        assert "nobody-sees" not in client.get(page).content.decode()
    events = AuditEvent.objects.filter(verb="robot.save").order_by("pk")
    assert [event.detail["changed"] for event in events][1] == ["secret"]
    assert "nobody-sees" not in str(list(events.values()))


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"base_url": "https://elsewhere.example"}, "not on the list of this server"),
        ({"base_url": ""}, "not on the list of this server"),
        ({"base_url": "ftp://127.0.0.1/"}, "This is no address of a robot"),
        ({"agency": "学校"}, "Type the whole name of an agency"),
        ({"token": ""}, "A robot has a token."),
        ({"token": "含 空格"}, "Enter a valid value."),
        ({"channel": "telegram"}, "Select a valid choice"),
    ],
)
def test_what_is_refused_at_once(world, group, other, says):
    answer = browser(world, "system_admin").post("/channels/new/", given(world, group, **other))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert "nobody-sees" not in page
    assert not ChannelTarget.objects.exists()


def test_a_second_robot_of_a_kind_is_refused(world, group):
    robot(world.school, group.url)
    answer = browser(world, "system_admin").post("/channels/new/", given(world, group))
    assert answer.status_code == 422
    assert "a robot of this kind already" in answer.content.decode()


def test_a_test_that_fails_is_said_and_seen_in_the_list(world, group):
    target = robot(world.school, group.url)
    group.answers({"errcode": 310000, "errmsg": "sign not match"})
    client = browser(world, "system_admin")
    answer = client.post(f"/channels/{target.public_id}/test/", follow=True)
    page = answer.content.decode()
    assert "Test by DingTalk robot: refused by the other side." in page
    assert page.count("refused by the other side") == 2


def test_the_robot_of_another_county_does_not_exist(world, group):
    other = robot(world.school, group.url)
    ChannelTarget.objects.filter(pk=other.pk).update(county_id=world.township.pk)
    client = browser(world, "system_admin")
    for address in (f"/channels/{other.public_id}/", f"/channels/{other.public_id}/test/"):
        assert client.post(address, given(world, group)).status_code == 404

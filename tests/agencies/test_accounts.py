"""The system administrator enters people and posts; everybody changes the own password."""

import re
from datetime import date

import pytest
from django.test import Client

from agencies.models import AuditEvent, Post, User
from tests.support.clients import browser
from tests.support.world import PASSWORD

NEW = {
    "username": "chen.li", "name": "陈丽", "phone": "13800000000", "agency": "实验学校",
    "position": "teacher", "starts_on": "2026-10-12",
}  # fmt: skip


def test_a_new_account_logs_in_with_the_password_shown_once(world):
    client = browser(world, "system_admin")
    answer = client.post("/posts/new/", NEW)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = re.findall(r"<code>([A-Za-z0-9]{14})</code>", answer.content.decode())[0]
    user = User.objects.get(username="chen.li")
    assert (user.name, user.phone) == ("陈丽", "13800000000")
    post = Post.objects.get(user=user)
    assert (post.agency, post.position, post.starts_on) == (
        world.school, "teacher", date(2026, 10, 12)
    )  # fmt: skip
    entered = Client().post("/login/", {"username": "chen.li", "password": password})
    assert entered.status_code == 302
    event = AuditEvent.objects.get(verb="post.appoint")
    assert event.detail == {"new_account": True}
    assert password not in user.password
    assert password not in client.get("/posts/").content.decode()


def test_an_existing_account_gets_a_second_post(world):
    sent = NEW | {"username": "teacher", "name": "", "agency": "2133000002"}
    answer = browser(world, "system_admin").post("/posts/new/", sent)
    assert (answer.status_code, answer.url) == (302, "/posts/")
    held = Post.objects.filter(user__username="teacher").values_list("agency__name", flat=True)
    assert sorted(held) == sorted([world.school.name, world.second_school.name])


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"agency": "大峃镇"}, "Several agencies"),
        ({"agency": "没有"}, "no such agency"),
        ({"agency": "县教育局"}, "no such position"),
        ({"name": ""}, "needs the person"),
        ({"username": "teacher"}, "somebody else"),
        ({"username": "teacher", "name": ""}, "holds this post already"),
        ({"username": "two words"}, "Enter a valid value"),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_makes_no_account(world, wrong, reason):
    sent = NEW | wrong
    before = User.objects.count(), Post.objects.count()
    answer = browser(world, "system_admin").post("/posts/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert reason in page
    assert f'value="{sent["agency"]}"' in page
    assert (User.objects.count(), Post.objects.count()) == before


def test_candidates_are_listed_with_their_codes(world):
    answer = browser(world, "system_admin").post("/posts/new/", NEW | {"agency": "大峃镇"})
    page = answer.content.decode()
    assert world.school.code in page
    assert world.second_school.code in page
    assert world.other_school.code not in page


def test_relieve_from_the_list(world):
    client = browser(world, "system_admin")
    post = world.posts["second_teacher"]
    url = f"/posts/{post.public_id}/relieve/"
    page = client.get("/posts/").content.decode()
    assert url in page
    assert "/posts/new/" in page
    assert client.post(url).status_code == 302
    post.refresh_from_db()
    assert post.ends_on == date(2026, 10, 12)


def test_only_the_system_administrator(world):
    for role in ("school_leader", "bureau_leader", "teacher"):
        assert browser(world, role).post("/posts/new/", NEW).status_code == 403
    assert not User.objects.filter(username="chen.li").exists()


def test_a_password_is_changed_by_who_knows_the_old_one(world):
    client = browser(world, "teacher")
    assert "/password/" in client.get("/students/").content.decode()
    sent = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert client.post("/password/", sent).status_code == 422
    good = "three quiet rivers 9"
    sent |= {"new_password1": good, "new_password2": good}
    assert client.post("/password/", sent | {"old_password": "wrong"}).status_code == 422
    assert client.post("/password/", sent).status_code == 302
    assert User.objects.get(username="teacher").check_password(good)
    assert client.get("/students/").status_code == 200  # still logged in
    assert AuditEvent.objects.filter(verb="password.change").count() == 1

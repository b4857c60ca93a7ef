"""The team through HTTP: its form, its history, what the teacher arranges, and the same by API."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import AuditEvent
from cases.models import Case, CaseEvent
from cases.rules.workflow import Action
from cases.services import team
from tests.cases.services.test_chain import absent_for_four_days, act
from tests.cases.services.test_team import SECOND, held, open_for, sibling_of
from tests.support.rolls import at, take
from tests.support.world import World

DAY = date(2026, 10, 9)


@pytest.fixture
def two(world: World, clock) -> tuple[Case, Case]:
    clock("2026-10-09T14:00")
    first = absent_for_four_days(world)
    return first, open_for(world, sibling_of(world, first))


def browser(world: World, role: str) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(world.posts[role].user)
    return client


def page(name: str, case: Case) -> str:
    return reverse(name, args=(case.public_id,))


def chosen(world: World, case: Case, **other: str) -> dict[str, str]:
    case.refresh_from_db()
    by_id = {post.pk: str(post.public_id) for post in world.posts.values()}
    return {
        "version": str(case.version),
        **{key: by_id[post_id] for key, post_id in held(case).items()},
        **other,
    }


def test_the_form_has_a_place_for_each_seat_in_groups(world, two):
    first, _second = two
    shown = browser(world, "township_cadre").get(page("case_team", first)).content.decode()
    for title in ("Township and village", "Education bureau", world.school.name):
        assert f">{title}</h2>" in shown
    assert f'name="teacher@{SECOND}"' in shown
    assert "1 household" in shown


def test_an_empty_seat_comes_with_a_proposal_and_the_reason_for_none(world, two):
    first, _second = two
    team.put(first, {"teacher": None, "village_cadre": None}, team.Order(DAY, at(DAY, 14)))
    post = world.posts["village_cadre"]
    post.user.is_active = False
    post.user.save()
    shown = browser(world, "township_cadre").get(page("case_team", first)).content.decode()
    assert f'<option value="{world.posts["teacher"].public_id}" selected>' in shown
    assert "answers for this place" in shown
    assert "Nobody holds such a post now: a cadre of the household&#x27;s village." in shown


def test_a_saved_form_changes_the_seat_and_a_wrong_one_is_kept_with_its_reasons(world, two):
    first, _second = two
    client = browser(world, "township_cadre")
    deputy = str(world.posts["deputy_leader"].public_id)
    other = str(world.posts["school_leader"].public_id)
    before = held(first)["school_leader"]
    wanted = deputy if before == world.posts["school_leader"].pk else other
    sent = chosen(world, first, school_leader=wanted)
    assert client.post(page("case_team", first), sent).status_code == 302
    assert held(first)["school_leader"] != before
    stale = client.post(page("case_team", first), {**sent, "school_leader": ""})
    assert stale.status_code == 422
    shown = stale.content.decode()
    assert "Somebody else changed this case meanwhile." in shown
    assert "Held by" in shown
    again = {**sent, "school_leader": "", "version": stale.context["form"]["version"].value()}
    assert client.post(page("case_team", first), again).status_code == 302  # seen, and meant
    foreign = str(world.posts["second_teacher"].public_id)
    refused = client.post(page("case_team", first), chosen(world, first, teacher=foreign))
    assert refused.status_code == 422


def test_who_may_see_and_change(world, two):
    first, _second = two
    for role, form, history in (
        ("township_cadre", 200, 200),
        ("teacher", 403, 200),
        ("second_teacher", 403, 200),
        ("other_cadre", 404, 404),
        ("system_admin", 403, 403),
    ):
        client = browser(world, role)
        assert client.get(page("case_team", first)).status_code == form, role
        assert client.get(page("case_team_history", first)).status_code == history, role
    assert AuditEvent.objects.filter(verb="case.team_history").count() == 3


def test_the_history_names_everybody_who_ever_sat(world, two):
    first, _second = two
    team.put(first, {"bureau_leader": None}, team.Order(DAY, at(DAY, 14)))
    shown = browser(world, "teacher").get(page("case_team_history", first)).content.decode()
    for seat in ("bureau_leader", "village_cadre", "second_teacher"):
        assert world.posts[seat].user.name in shown
    assert shown.count("still held") == 7


def test_the_case_page_shows_what_each_seat_owes_and_leads_the_teacher_to_its_form(
    world, two, clock
):
    first, _second = two
    clock("2026-10-12T12:00")
    back = date(2026, 10, 12)
    take(world, back, {})
    act(world, first, "township_cadre", Action.RECORD_RETURN, back)
    client = browser(world, "teacher")
    shown = client.get(page("case", first)).content.decode()
    assert "teach what was missed: until 2026-10-19" in shown
    assert page("case_catch_up", first) in shown
    first.refresh_from_db()
    sent = {"version": first.version, "on": "2026-10-12", "what": "maths on Tuesdays"}
    url = page("case_catch_up", first)
    assert client.post(url, {**sent, "on": "2026-10-01"}).status_code == 422
    assert client.post(url, sent).status_code == 302
    shown = client.get(page("case", first)).content.decode()
    assert "teach what was missed: done 2026-10-12" in shown
    assert "maths on Tuesdays" in shown
    assert browser(world, "second_teacher").get(url).status_code == 403
    assert browser(world, "township_cadre").get(url).status_code == 403


def test_the_api_seats_by_school_and_says_what_is_owed_and_done(world, two):
    first, second = two
    client = browser(world, "township_cadre")
    team_url = reverse("api_case_team", args=(first.public_id,))
    case_url = reverse("api_case", args=(first.public_id,))
    answer = client.put(
        team_url,
        {"version": Case.objects.get(pk=first.pk).version, "seats": {f"teacher@{SECOND}": None}},
        content_type="application/json",
    )
    assert answer.status_code == 200
    body = answer.json()
    assert body["missing_seats"] == [f"teacher@{SECOND}"]
    rows = {row["seat"]: row for row in body["team"]}
    assert rows[f"school_leader@{SECOND}"]["school"] == SECOND
    assert rows["township_cadre"]["duties"][0]["kind"] == "case_verify"
    assert rows["township_cadre"]["duties"][0]["state"] == "open"
    assert rows["teacher"]["deeds"]["visits"] == 0
    refused = client.put(
        team_url,
        {"seats": {f"teacher@{SECOND}": str(world.posts["teacher"].public_id)}},
        content_type="application/json",
    )
    assert refused.status_code == 422
    assert world.second_school.name in refused.content.decode()
    assert client.get(case_url).json()["missing_seats"] == [f"teacher@{SECOND}"]
    past = client.get(reverse("api_case_team_history", args=(second.public_id,))).json()["results"]
    assert [row["until"] for row in past if row["seat"] == "teacher"] == [None, "2026-10-09"]


def test_the_api_takes_what_was_arranged_once(world, two, clock):
    first, _second = two
    url = reverse("api_case_catch_up", args=(first.public_id,))
    client = browser(world, "teacher")
    early = client.post(url, {"what": "maths"}, content_type="application/json")
    assert early.status_code == 409
    clock("2026-10-12T12:00")
    take(world, date(2026, 10, 12), {})
    act(world, first, "township_cadre", Action.RECORD_RETURN, date(2026, 10, 12))
    key = {"Idempotency-Key": "01999999-0000-7000-8000-000000000001"}
    for _again in range(2):
        sent = client.post(url, {"what": "maths"}, content_type="application/json", headers=key)
        assert sent.status_code == 201
    assert CaseEvent.objects.filter(action="catch_up").count() == 1

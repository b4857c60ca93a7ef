"""The fifteen rules through the API with the clock set, as a school's own system would see them."""

import io
import uuid
from datetime import date

import pytest
from django.core.management import call_command

from agencies import clock as the_clock
from students.services import terms
from students.services.terms import TermDates
from tests.support.clients import api
from tests.support.world import World

U = "unexcused"


def put_roll(world: World, day: str, marks: dict[int, str], role: str = "teacher", **more: object):
    client = api(world, role)
    url = f"/api/v1/classes/{world.school_class.public_id}/roll/{day}/"
    version = client.get(url).json()["version"]
    body = {
        "version": version,
        "state": "taken",
        "reason": "entered late",
        "marks": [
            {"student": str(world.pupils[i].public_id), "mark": mark} for i, mark in marks.items()
        ],
        **more,
    }
    return client.put(url, body, format="json")


def run_of(response, student) -> dict:
    return next(
        p["run"] for p in response.json()["pupils"] if p["student"] == str(student.public_id)
    )


def cases(world: World, role: str = "bureau_staff") -> list[dict]:
    call_command("tick", json=True, stdout=io.StringIO())
    return api(world, role).get("/api/v1/cases/").json()["results"]


def test_rule_1_strictly_more_than_three(world, clock):
    clock("2026-10-12T08:00")
    for day in ("2026-09-29", "2026-09-30", "2026-10-08"):
        answer = put_roll(world, day, {0: U})
        assert answer.status_code == 200
    assert run_of(answer, world.pupils[0]) == {
        "days": 3,
        "at_least": False,
        "since": "2026-09-29",
        "unknown_days": 0,
    }
    assert cases(world) == []
    answer = put_roll(world, "2026-10-09", {0: U})
    assert run_of(answer, world.pupils[0])["days"] == 4
    (case,) = cases(world)
    assert (case["state"], case["trigger_date"]) == ("suspected", "2026-10-09")
    assert case["next_due"]["kind"] == "case_verify"
    assert case["next_due"]["due_on"] == "2026-10-15"
    assert case["student"] == str(world.pupils[0].public_id)


@pytest.mark.parametrize("mark", ["sick_leave", "personal_leave", "late", "left_early"])
def test_rule_1_a_present_or_excused_day_ends_the_run(world, clock, mark):
    clock("2026-10-16T08:00")
    for day, said in ((12, U), (13, U), (14, mark), (15, U), (16, U)):
        answer = put_roll(world, f"2026-10-{day}", {0: said})
    assert run_of(answer, world.pupils[0])["days"] == 2
    assert cases(world) == []


def test_rule_1_an_untaken_roll_neither_counts_nor_ends(world, clock):
    clock("2026-10-16T18:00")
    for day in (12, 14, 15):
        answer = put_roll(world, f"2026-10-{day}", {0: U})
    assert run_of(answer, world.pupils[0]) == {
        "days": 3,
        "at_least": True,
        "since": "2026-10-12",
        "unknown_days": 1,
    }
    put_roll(world, "2026-10-16", {0: U})
    (case,) = cases(world)
    detail = api(world, "bureau_staff").get(f"/api/v1/cases/{case['id']}/").json()
    assert detail["rests_on_untaken_roll"] is True
    assert detail["trigger_date"] == "2026-10-16"
    put_roll(world, "2026-10-13", {0: U})
    (case,) = cases(world)
    assert case["trigger_date"] == "2026-10-15"
    put_roll(world, "2026-10-13", {})
    detail = api(world, "bureau_staff").get(f"/api/v1/cases/{case['id']}/").json()
    call_command("tick", json=True, stdout=io.StringIO())
    detail = api(world, "bureau_staff").get(f"/api/v1/cases/{case['id']}/").json()
    assert (detail["state"], detail["run_withdrawn"]) == ("suspected", True)


def test_rule_2_make_up_sunday_counts(world, clock):
    clock("2026-09-22T18:00")
    for day in (18, 20, 21, 22):
        assert put_roll(world, f"2026-09-{day}", {1: U}).status_code == 200
    assert put_roll(world, "2026-09-19", {1: U}).status_code == 422  # a plain Saturday
    (case,) = cases(world)
    assert case["trigger_date"] == "2026-09-22"


def test_rules_3_and_4_the_term_start_periods(world, clock):
    world.term.delete()
    dates = TermDates(2026, "autumn", date(2026, 9, 1), date(2027, 1, 29))
    terms.open_term(world.county, dates, the_clock.now())
    rows = api(world, "bureau_staff").get("/api/v1/obligations/?kind=census").json()["results"]
    assert {row["due_on"] for row in rows} == {"2026-09-07"}
    assert {row["due_at"] for row in rows} == {"2026-09-08T00:00:00+08:00"}
    rows = api(world, "bureau_staff").get("/api/v1/obligations/?kind=term_report").json()["results"]
    assert {row["due_on"] for row in rows} == {"2026-09-11"}
    assert not any(row["provisional"] for row in rows)


def test_rule_11_the_seats(world, clock):
    clock("2026-10-12T08:00")
    for day in ("2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09"):
        put_roll(world, day, {0: U})
    (case,) = cases(world)
    client = api(world, "township_cadre")
    url = f"/api/v1/cases/{case['id']}/"
    detail = client.get(url).json()
    assert {seat["seat"] for seat in detail["team"] if seat["holder"]} == {
        "township_leader",
        "township_cadre",
        "village_cadre",
        "bureau_leader",
        "school_leader",
        "teacher",
    }
    assert detail["missing_seats"] == []
    wrong = str(world.posts["other_cadre"].public_id)
    answer = client.put(
        url + "team/",
        {"version": detail["version"], "seats": {"township_cadre": wrong}},
        format="json",
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "wrong_body"
    for post, status in (("no id at all", 400), (str(uuid.uuid4()), 422)):
        unknown = client.put(url + "team/", {"seats": {"teacher": post}}, format="json")
        assert unknown.status_code == status
        visit = {
            "client_id": str(uuid.uuid4()),
            "at": "2026-10-12T07:00:00+08:00",
            "place": "home",
            "reached": "nobody",
            "outcome": "not_found",
            "present": [post],
        }
        assert client.post(url + "visits/", visit, format="json").status_code == status
    answer = client.put(
        url + "team/",
        {"version": detail["version"], "seats": {"village_cadre": None}},
        format="json",
    )
    assert answer.json()["missing_seats"] == ["village_cadre"]
    newest = client.get(url).json()["timeline"][0]
    assert newest["title"] == "The six seats were changed"
    assert newest["by"].startswith("township_cadre")


def test_the_same_key_gets_the_first_answer_and_another_body_is_refused(world, clock):
    client = api(world, "teacher")
    url = f"/api/v1/classes/{world.school_class.public_id}/roll/2026-10-12/"
    key = str(uuid.uuid4())
    body = {"version": 0, "marks": []}
    first = client.put(url, body, format="json", headers={"Idempotency-Key": key})
    again = client.put(url, body, format="json", headers={"Idempotency-Key": key})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    other = {"version": 1, "reason": "x", "marks": []}
    refused = client.put(url, other, format="json", headers={"Idempotency-Key": key})
    assert refused.status_code == 422


def test_a_stale_version_is_told_with_the_current_roll(world, clock):
    put_roll(world, "2026-10-12", {0: U})
    client = api(world, "teacher")
    url = f"/api/v1/classes/{world.school_class.public_id}/roll/2026-10-12/"
    answer = client.put(url, {"version": 0, "reason": "x", "marks": []}, format="json")
    assert answer.status_code == 409
    assert answer.json()["current"]["version"] == 1
    assert answer["Content-Type"] == "application/problem+json"


def test_what_one_may_not_see_is_404(world, clock):
    url = f"/api/v1/classes/{world.school_class.public_id}/roll/2026-10-12/"
    assert api(world, "other_teacher").get(url).status_code == 404
    missing = f"/api/v1/classes/{uuid.uuid4()}/roll/2026-10-12/"
    assert api(world, "teacher").get(missing).status_code == 404
    child = f"/api/v1/students/{world.pupils[0].public_id}/"
    assert api(world, "other_cadre").get(child).status_code == 404
    assert api(world, "teacher").get("/api/v1/nothing/").status_code == 404


def test_numbers_are_masked_and_found_only_whole(world):
    client = api(world, "teacher")
    number = world.pupils[0].id_number
    (row,) = client.get("/api/v1/students/", {"q": number}).json()["results"]
    assert row["id"] == str(world.pupils[0].public_id)
    assert number not in str(row)
    assert client.get("/api/v1/students/", {"q": number[:12]}).json()["results"] == []
    (row,) = client.get("/api/v1/students/", {"q": "shanyut"}).json()["results"]
    assert row["name"] == "单雨桐"
    detail = client.get(f"/api/v1/students/{row['id']}/").json()
    assert detail["disposition"] == "in_school"
    assert "138****" in detail["guardians"][0]["phone"]


def test_tokens_and_me(world):
    client = api(world, "teacher")
    client.credentials()
    answer = client.post(
        "/api/v1/tokens/",
        {"username": "teacher", "password": "a-password-for-tests", "device": "d"},
        format="json",
    )
    assert answer.status_code == 201
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    me = client.get("/api/v1/me/").json()
    assert me["posts"][0]["position"] == "teacher"
    assert "take_roll" in me["duties"]
    client.credentials()
    assert client.get("/api/v1/me/").status_code == 401
    wrong = client.post("/api/v1/tokens/", {"username": "teacher", "password": "no"}, format="json")
    assert wrong.status_code == 401

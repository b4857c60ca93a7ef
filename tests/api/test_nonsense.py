"""Nonsense in an address or a query gets an answer, never a failure."""

import base64

import pytest
from django.test import Client

from tests.support.clients import api, browser


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "query",
    [
        "students/?q=%00",
        "students/?q=" + "9" * 400,
        f"students/?cursor={cursor('-5')}",
        f"students/?cursor={cursor('9' * 30)}",
        "students/?cursor=%00",
        "cases/?region=abc",
        "cases/?state=nothing",
        "classes/?school=%00",
        "obligations/?owed_by=%00",
        "obligations/?due_before=0001-01-01",
        "dashboard/?region=abc",
        "dashboard/?class=abc",
        "dashboard/?school=%00",
        "dashboard/?on=9999-12-31",
        "dashboard/rows/?figure=nothing",
        "dashboard/rows/?figure=%00",
        "admission/3133000001/0/grades/1/",
        "admission/3133000001/99999/notices/",
        "balance/?on=0001-01-01",
        "balance/flow/?since=9999-12-31",
        "balance/names/?part=nothing",
    ],
)
def test_queries_of_the_api(world, query):
    assert api(world, "bureau_staff").get(f"/api/v1/{query}").status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/students/?from=" + "9" * 30,
        "/cases/?region=%00&state=x",
        "/board/?on=9999-12-31",
        "/board/class/abc/",
        "/board/region/%00/",
        "/board/list/?figure=%00",
        "/board/list/?figure=enrolled&page=" + "9" * 30,
        "/posts/?q=%00",
    ],
)
@pytest.mark.parametrize("role", ["bureau_leader", "system_admin"])
def test_addresses_of_pages(world, role, path):
    assert browser(world, role).get(path).status_code < 500


def test_searching_for_nothing_that_can_be_typed(world):
    answer = browser(world, "teacher").post("/students/", {"q": "\x00张"}, follow=True)
    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["students/?q=%00", "students/%00/", "cases/?q=a%00b"])
def test_the_api_says_as_a_problem_that_an_address_is_malformed(world, query):
    answer = api(world, "teacher").get(f"/api/v1/{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == "The request is not well-formed"
    assert answer.json()["errors"][0]["code"] == "malformed"


def test_a_post_to_an_address_that_is_none_answers_like_every_error(world):
    answer = Client(enforce_csrf_checks=True).post("/api/v1/nothing/", {})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    ("role", "path", "field", "body"),
    [
        ("bureau_staff", "moves/", "first_day", {"kind": "merger", "target": "OTHER"}),
        ("school_leader", "students/STUDENT/transfers/", "on", {"by": "母", "reason": "x"}),
        ("bureau_staff", "migrants/", "born_on", {"name": "甲", "grade": 1}),
        ("bureau_staff", "migrants/", "on", {"name": "甲", "grade": 1}),
    ],
)
def test_a_slip_in_the_year_is_told(world, role, path, field, body, day):
    path = path.replace("STUDENT", str(world.pupils[0].public_id))
    answer = api(world, role).post(f"/api/v1/{path}", {**body, field: day}, format="json")
    assert answer.status_code == 400
    assert (f"/{field}", "invalid") in {(e["pointer"], e["code"]) for e in answer.json()["errors"]}

"""Every address: classified, closed to strangers, and never a 500 for any role."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from agencies.rules.duties import Duty
from cases.models import Case
from cases.services import opening
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.clients import api, browser

PUBLIC = {
    "login", "language", "health_live", "health_ready", "health_status", "metrics", "api_tokens",
    "schema", "tips", "tip_status", "public_inspections",
}  # fmt: skip
ROLES = (
    "teacher",
    "school_leader",
    "township_cadre",
    "other_cadre",
    "village_cadre",
    "bureau_staff",
    "bureau_leader",
    "agency_staff",
    "system_admin",
)


def walk(patterns: list, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += walk(pattern.url_patterns, route)
        else:
            found.append((route, pattern))
    return found


ROUTES = walk(get_resolver().url_patterns)


def test_every_route_names_its_duty_or_is_public():
    unclassified = []
    for route, pattern in ROUTES:
        view = pattern.callback
        named = hasattr(view, "duty") or hasattr(getattr(view, "view_class", None), "duty")
        classified = named or hasattr(getattr(view, "cls", None), "duty")
        if not classified and pattern.name not in {*PUBLIC, "logout", "demo_clock", None}:
            unclassified.append(route)
    assert unclassified == []


def addresses(world, case: Case) -> dict[str, tuple[str, ...]]:
    """Each route with the ids of one child, class, case and post of the first school, and the
    methods to try: a page takes any form, a view of the API only what it has (else 405)."""
    ids = {
        "class_id": world.school_class.public_id,
        "student_id": world.pupils[0].public_id,
        "case_id": case.public_id,
        "post_id": world.posts["teacher"].public_id,
        "day": "2026-10-12",
        "last": "2026-09-30",
        "term_id": world.term.public_id,
        "term": "current",
        "code": world.school.code,
        "action": "verify",
        "role": "bureau",
        "year": "2026",
        "grade": "1",
        "number": "1",
    }

    def filled(route: str) -> str:
        named = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(ids.get(m.group(1), uuid.uuid4())), route)
        return "/" + named

    return {filled(route): _methods(pattern) for route, pattern in ROUTES if "(?P" not in route}


def _methods(pattern: URLPattern) -> tuple[str, ...]:
    api = getattr(pattern.callback, "cls", None)
    if api is None:
        return ("get", "post")
    return tuple(name for name in ("get", "post", "put", "delete") if hasattr(api, name))


def test_a_stranger_is_sent_to_the_login_and_the_api_says_401(world):
    case = absent_for_four_days(world)
    for address in addresses(world, case):
        answer = Client().get(address)
        if address.startswith("/api/"):
            public = address == "/api/v1/schema/"
            assert public or answer.status_code in (401, 404, 405), address
        elif address in ("/tips/", "/tips/status/", "/public/inspections/"):
            # Anyone may report (义务教育法 9) and read what inspections found (S1-73).
            answered = Client().get(address)
            assert (answered.status_code, dict(answered.cookies)) == (200, {}), address
        elif not re.match(r"/(login|health|language|metrics)", address):
            assert answer.status_code in (302, 405), address
            assert answer.status_code == 405 or "/login/" in answer.url, address


OBJECT = re.compile(r"/(classes|students|cases)/[0-9a-f]{8}-")
SEES = {
    "classes": {"teacher", "school_leader", "township_cadre", "bureau_staff", "bureau_leader"},
    "students": {
        "teacher", "school_leader", "township_cadre", "village_cadre", "bureau_staff",
        "bureau_leader",
    },
    "cases": {
        "teacher", "school_leader", "township_cadre", "village_cadre", "bureau_staff",
        "bureau_leader",
    },
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_address_for_every_role(world, clock, role):
    """Never a 500; outside the scope 404 like what does not exist, and no name in the answer."""
    case = absent_for_four_days(world)
    name = case.student.name.encode()
    program, person = api(world, role), browser(world, role)
    for address, methods in addresses(world, case).items():
        if address == "/api/v1/schema/" and role != ROLES[0]:
            continue  # the same for everybody, and slow to make
        is_api = address.startswith("/api/")
        for method in methods:
            if is_api:
                answer = getattr(program, method)(address, format="json")
            else:
                answer = getattr(person, method)(address)
            unwell = address == "/health/status" and answer.status_code == 503  # no task ever ran
            assert answer.status_code < 500 or unwell, (role, method, address)
            found = OBJECT.match(address.replace("/api/v1", ""))
            if found and role not in SEES[found.group(1)]:
                assert answer.status_code in (400, 403, 404, 405), (role, method, address)
                assert name not in answer.content, (role, method, address)
        if address == "/logout/":
            person = browser(world, role)


@pytest.mark.parametrize("role", ["other_teacher", "other_cadre", "agency_staff"])
def test_what_exists_and_what_does_not_answer_alike(world, clock, role):
    case = absent_for_four_days(world)
    client = api(world, role)
    there = client.get(f"/api/v1/cases/{case.public_id}/")
    nowhere = client.get(f"/api/v1/cases/{uuid.uuid4()}/")
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)


def test_a_grant_opens_one_case_and_nothing_else(world, clock):
    """A seat outside the scope sees this case; when the seat ends, nothing any more."""
    case = absent_for_four_days(world)
    assert Duty.SEE_CASES in {d for post in world.scope("bureau_leader").posts for d in post.duties}
    other = world.posts["other_teacher"]
    client = api(world, "other_teacher")
    url = f"/api/v1/cases/{case.public_id}/"
    assert client.get(url).status_code == 404
    opening.team.grants.give(opening.team.CaseGrant, [other.user_id], case, "work_case")
    assert client.get(url).status_code == 200
    assert client.get(f"/api/v1/students/{case.student.public_id}/").status_code == 404
    opening.team.grants.keep_only(opening.team.CaseGrant, [], case)
    assert client.get(url).status_code == 404

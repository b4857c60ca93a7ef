"""GET /api/v1/dashboard/ and the rows behind its figures."""

from collections.abc import Callable

import pytest
from django.test import Client

from agencies.models import User
from reporting.rules.indicators import CATALOGUE
from tests.reporting.county import Morning, morning
from tests.support.world import World

BOARD = "/api/v1/dashboard/"


@pytest.fixture
def day(world: World) -> Morning:
    return morning(world)


@pytest.fixture
def get(world: World, clock: Callable[[str], None]) -> Callable[..., dict]:
    clock("2026-10-12T10:00:00+08:00")

    def answer(role: str, address: str, status: int = 200) -> dict:
        client = Client(headers={"accept-language": "en"})
        client.force_login(User.objects.get(pk=world.posts[role].user_id))
        response = client.get(address)
        assert response.status_code == status, (address, response.content)
        return response.json()

    return answer


def test_a_figure_comes_with_everything_that_explains_it(
    day: Morning, get: Callable[..., dict]
) -> None:
    found = get("bureau_staff", f"{BOARD}?region=330328000000&on=2026-10-12")
    assert (found["region"], found["name"], found["level"]) == ("330328000000", "文成县", "county")
    assert found["as_of"] == "2026-10-12T10:00:00+08:00"
    assert [figure["key"] for figure in found["figures"]] == list(CATALOGUE)
    absent = next(figure for figure in found["figures"] if figure["key"] == "absent")
    assert (absent["numerator"], absent["denominator"], absent["unknown"]) == (3, 6, 3)
    assert absent["definition"].startswith("Pupils on sick leave")
    assert absent["as_of"] == found["as_of"]
    assert get("bureau_staff", absent["href"])["count"] == 3


@pytest.mark.parametrize("role", ["teacher", "township_cadre", "bureau_staff"])
def test_every_href_leads_to_as_many_rows(
    day: Morning, get: Callable[..., dict], role: str
) -> None:
    found = get(role, BOARD)
    for figure in found["figures"]:
        behind = get(role, figure["href"])
        assert behind["count"] == figure["numerator"] == len(behind["results"]), figure["key"]
    for unit in found["rows"]:
        for key, number in unit["figures"].items():
            if number:
                assert get(role, unit["hrefs"][key])["count"] == number, (unit["unit"], key)


def test_units_lead_on(day: Morning, get: Callable[..., dict]) -> None:
    rows = get("township_cadre", BOARD)["rows"]
    assert [row["kind"] for row in rows] == ["school", "school", "school"]
    assert (rows[-1]["rest"], rows[-1]["href"]) == (True, None)
    school = get("township_cadre", rows[1]["href"])
    assert (school["school"], school["level"]) == (day.world.school.code, "school")
    of_class = get("township_cadre", school["rows"][0]["href"])
    assert of_class["class"] == str(day.world.school_class.public_id)


def test_rows_name_the_child_and_where_to_read_on(day: Morning, get: Callable[..., dict]) -> None:
    (row,) = get("teacher", f"{BOARD}rows/?figure=unexcused")["results"]
    child = day.world.pupils[0]
    assert row["name"] == child.name
    assert row["href"] == f"/api/v1/students/{child.public_id}/"
    (case,) = get("teacher", f"{BOARD}rows/?figure=overdue")["results"]
    assert case["href"] == f"/api/v1/cases/{day.cases[0].public_id}/"


def test_not_a_school_day_has_no_numbers_from_rolls(day: Morning, get: Callable[..., dict]) -> None:
    found = get("bureau_staff", f"{BOARD}?on=2026-10-11")
    numbers = {figure["key"]: figure["numerator"] for figure in found["figures"]}
    assert not found["is_school_day"]
    assert (numbers["rolls_taken"], numbers["unknown"], numbers["enrolled"]) == (None, None, 11)


REFUSED = [
    ("system_admin", "", 403),
    ("agency_staff", "", 403),
    ("township_cadre", "?region=330328101000", 404),
    ("township_cadre", "?region=330328000000", 404),
    ("school_leader", "?school=3133000003", 404),
    ("bureau_staff", "?region=140521000000", 404),
    ("bureau_staff", "?region=999999000000", 404),
    ("bureau_staff", "?class=01890000-0000-7000-8000-000000000000", 404),
    ("bureau_staff", "?region=33", 400),
    ("bureau_staff", "?class=7", 400),
    ("bureau_staff", "?on=2026-02-30", 400),
    ("bureau_staff", "?on=2026-10-13", 400),
    ("bureau_staff", "?on=20261012", 400),
    ("bureau_staff", "rows/", 400),
    ("bureau_staff", "rows/?figure=happiness", 400),
    ("township_cadre", "rows/?figure=enrolled&region=330328101000", 404),
]


def test_refusals(world: World, get: Callable[..., dict]) -> None:
    for role, query, status in REFUSED:
        assert get(role, BOARD + query, status)["status"] == status, query

"""Dropouts x poor households: who is both, by township, by name, with an owner."""

import pytest

from agencies.models import AuditEvent
from students.models import PersonList
from students.rules.focus import FocusGroup
from tests.reporting.county import FRIDAY, Morning, case, morning
from tests.reporting.test_tags import tagged
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.registers import register
from tests.support.world import World, pupil


@pytest.fixture
def day(world: World) -> Morning:
    """Poor: 张 (suspected), 李 (in class), the one who is back, and the child without a school."""
    made = morning(world)
    returned, nowhere = made.cases[1].student, made.cases[2].student
    tagged(world, FocusGroup.POOR, *world.pupils[:2], returned, nowhere)
    tagged(world, FocusGroup.ORPHAN, world.pupils[2])
    case(world.pupils[2], "confirmed", FRIDAY)
    return made


def test_who_is_both_stands_there_by_name_with_an_owner(day: Morning) -> None:
    client = browser(day.world, "bureau_staff")
    page = client.get("/dropouts/poor/").content.decode()
    for one in (day.cases[0], day.cases[2]):
        assert f"/cases/{one.public_id}/" in page
    for not_both in (day.cases[1].student, day.world.pupils[1], day.world.pupils[2]):
        assert not_both.name not in page
    assert day.world.town_hall.name in page  # owes the verification of 张
    assert "No list of poor households" in page
    assert AuditEvent.objects.filter(verb="case.poor", detail__shown=2).exists()
    register(day.world, PersonList.State.APPLIED, kind="poverty")
    assert "No list of poor households" not in client.get("/dropouts/poor/").content.decode()


def test_the_numbers_by_township_add_up_and_open_their_names(day: Morning) -> None:
    client = api(day.world, "bureau_staff")
    found = client.get("/api/v1/dropouts/poor/").json()
    assert (found["poor"], found["dropouts"], found["both"]) == (4, 3, 2)
    rows = {row["name"]: (row["poor"], row["dropouts"], row["both"]) for row in found["townships"]}
    assert rows == {"大峃镇": (3, 3, 2), "百丈漈镇": (1, 0, 0)}
    [first, second] = client.get("/api/v1/dropouts/poor/rows/").json()["results"]
    assert (first["number"], first["owner"], first["owed"]) == (
        day.cases[0].number, day.world.town_hall.name, "case_verify",
    )  # fmt: skip
    assert (second["owner"], second["owed"]) == ("大峃镇", None)
    other = day.world.other_township.code
    assert client.get(f"/api/v1/dropouts/poor/rows/?township={other}").json()["results"] == []


@pytest.mark.parametrize(
    ("role", "status", "both"),
    [("school_leader", 200, 1), ("township_cadre", 200, 2), ("other_cadre", 200, 0),
     ("teacher", 403, None), ("village_cadre", 403, None)],
)  # fmt: skip
def test_each_sees_the_own_children_and_only_who_may_see_the_group(
    day: Morning, role: str, status: int, both: int | None
) -> None:
    answer = api(day.world, role).get("/api/v1/dropouts/poor/")
    assert answer.status_code == status
    assert answer.json().get("both") == both
    assert browser(day.world, role).get("/dropouts/poor/").status_code == status
    rows = api(day.world, role).get("/api/v1/dropouts/poor/rows/")
    assert (rows.status_code, len(rows.json().get("results", ()))) == (status, both or 0)


def test_fifty_a_page_and_the_same_number_of_queries(day: Morning) -> None:
    world = day.world
    client = browser(world, "bureau_staff")
    with counted() as few:
        client.get("/dropouts/poor/")
    several = [pupil(world.school_class, f"贫困{number}", world.village) for number in range(51)]
    tagged(world, FocusGroup.POOR, *several)
    for one in several:
        case(one, "confirmed", FRIDAY)
    with counted() as many:
        page = client.get("/dropouts/poor/").content.decode()
    assert page.count('data-label="State"') == 50
    assert "?from=50" in page
    assert client.get("/dropouts/poor/?from=50").content.decode().count('data-label="State"') == 3
    assert len(many) == len(few)

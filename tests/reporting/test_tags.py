"""Statistics split by focus group: board, work list and balance, each with the names behind it."""

from datetime import date

import pytest

from agencies.models import AuditEvent
from reporting.queries import areas
from reporting.queries.board import board_for
from students.models import FocusTag, Student
from students.rules.focus import FocusGroup
from tests.reporting.county import FRIDAY, NOW, TODAY, Morning, morning
from tests.reporting.test_behind import walk
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.world import World


def tagged(world: World, group: FocusGroup, *children: Student, since: date = FRIDAY) -> None:
    for child in children:
        FocusTag.objects.create(
            county=world.county, student=child, group=group, source="县名单", starts_on=since,
            by=world.posts["bureau_staff"],
        )  # fmt: skip


@pytest.fixture
def poor(world: World) -> Morning:
    """Poor: 张 (absent, suspected), 李 (ill), 赵一 (followed up), the child without a school."""
    day = morning(world)
    returned, nowhere = day.cases[1].student, day.cases[2].student
    tagged(world, FocusGroup.POOR, *world.pupils[:2], returned, nowhere)
    return day


def test_the_board_counts_the_children_of_a_group_and_their_classes(poor: Morning) -> None:
    scope = poor.world.scope("bureau_staff")
    found = board_for(scope, areas.own(scope, TODAY), TODAY, NOW, FocusGroup.POOR)
    assert {key: one.number for key, one in found.by_key.items() if one.number} == {
        "enrolled": 3,
        "classes": 2,
        "rolls_taken": 1,
        "rolls_not_held": 1,
        "absent": 2,
        "sick_leave": 1,
        "unexcused": 1,
        "runs_4plus": 1,
        "cases_suspected": 1,
        "cases_confirmed": 1,
        "cases_returned": 1,
        "cases_open": 3,
        "overdue": 1,
        "returned_staying": 1,
    }
    assert found.by_key["absent"].denominator == 2
    before = board_for(scope, areas.own(scope, FRIDAY), date(2026, 10, 8), NOW, FocusGroup.POOR)
    assert before.by_key["enrolled"].number == 0  # nobody was on the list yet


@pytest.mark.parametrize("on", [FRIDAY], ids=str)
@pytest.mark.parametrize("role", ["school_leader", "township_cadre", "bureau_staff"])
def test_every_number_of_a_group_is_the_length_of_its_list(poor: Morning, role, on) -> None:
    assert walk(poor.world.scope(role), on, FocusGroup.POOR) >= 14


def test_the_page_keeps_the_group_in_every_address(poor: Morning) -> None:
    client = browser(poor.world, "bureau_staff")
    text = client.get(f"/board/?on={TODAY}&tag=poor").content.decode()
    assert '<option value="poor" selected>' in text
    hrefs = [part.split('"')[0] for part in text.split('href="/board/')[1:]]
    inside = [href for href in hrefs if "?" in href]
    assert len(inside) > 40
    assert [href for href in inside if "tag=poor" not in href] == []
    listed = client.get(f"/board/list/?on={TODAY}&figure=cases_open&tag=poor").content.decode()
    assert listed.count('scope="row"') == 3
    assert "registered poor household" in listed
    assert AuditEvent.objects.filter(verb="board.list", detail__tag="poor").count() == 1


def test_the_same_over_the_api(poor: Morning) -> None:
    client = api(poor.world, "bureau_staff")
    found = client.get("/api/v1/dashboard/?tag=poor").json()
    figures = {one["key"]: one for one in found["figures"]}
    assert (found["tag"], figures["absent"]["numerator"]) == ("poor", 2)
    behind = client.get(figures["absent"]["href"]).json()
    assert {row["name"] for row in behind["results"]} == {p.name for p in poor.world.pupils[:2]}
    [row] = [one for one in found["rows"] if one["unit"] == "百丈漈镇"]
    assert client.get(row["hrefs"]["enrolled"]).json()["count"] == 1
    assert client.get(row["href"]).json()["tag"] == "poor"


def test_the_work_list_is_narrowed(poor: Morning) -> None:
    tagged(poor.world, FocusGroup.ORPHAN, poor.cases[0].student)
    client, program = browser(poor.world, "bureau_staff"), api(poor.world, "bureau_staff")
    page = client.get("/cases/?tag=orphan").content.decode()
    assert poor.cases[0].number in page
    assert poor.cases[2].number not in page
    assert len(program.get("/api/v1/cases/?tag=poor").json()["results"]) == 3
    [only] = program.get("/api/v1/cases/?tag=orphan&state=suspected").json()["results"]
    assert only["number"] == poor.cases[0].number


@pytest.mark.parametrize("word", ["poor", "no_such_group"])
def test_a_group_of_others_is_not_offered_and_answers_like_an_unknown_word(
    poor: Morning, word: str
) -> None:
    world = poor.world
    page, program = browser(world, "teacher"), api(world, "teacher")
    for address in ("/cases/", "/board/"):
        text = page.get(address).content.decode()
        assert 'value="left_behind_one"' in text
        assert 'value="poor"' not in text
    assert page.get(f"/board/?tag={word}").status_code == 404
    assert page.get(f"/board/list/?figure=enrolled&tag={word}").status_code == 404
    ignored = page.get(f"/cases/?tag={word}").content.decode()
    assert poor.cases[0].number in ignored
    for address in ("cases/?", "dashboard/?", "dashboard/rows/?figure=enrolled&"):
        assert program.get(f"/api/v1/{address}tag={word}").status_code == 400, address
    village, machine = browser(world, "village_cadre"), api(world, "village_cadre")
    assert 'value="poor"' not in village.get("/balance/").content.decode()
    assert village.get(f"/balance/?tag={word}").status_code == 400
    for address in ("?", "names/?part=in_school&", "flow/?since=2026-09-30&"):
        assert machine.get(f"/api/v1/balance/{address}tag={word}").status_code == 400, address


@pytest.mark.parametrize("address", ["/board/", "/cases/", "/api/v1/dashboard/", "/api/v1/cases/"])
def test_a_group_costs_no_query_more(poor: Morning, address: str) -> None:
    client = (api if "api" in address else browser)(poor.world, "bureau_staff")
    client.get(address)
    with counted() as plain:
        client.get(address)
    with counted() as narrowed:
        client.get(f"{address}?tag=poor")
    assert len(narrowed) <= len(plain) + 1

"""Enrollment x attendance: each enrolled child in one part, by school, with the names behind."""

from datetime import timedelta

import pytest

from agencies.models import AuditEvent
from reporting.models import ConsistencyFinding
from reporting.services import records
from students.models import EnrollmentRecord
from tests.reporting.county import FRIDAY, case
from tests.students.consistency.test_sweep import TODAY, placed, rolls
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World, pupil

PAGE = "/records/attendance/"
API = "/api/v1/records/attendance/"


@pytest.fixture
def called(world: World) -> World:
    """20 rolls of 7(3): 0 and 1 never there, 1 with a placement, 2 with a case, 3 came lately.

    8(1) of the other school was never called.
    """
    rolls(world, 20, {0: "sick_leave", 1: "sick_leave", 2: "unexcused", 3: "unknown"})
    placed(world, world.pupils[1], "hospital")
    case(world.pupils[2], "suspected", FRIDAY)
    late = TODAY - timedelta(days=5)
    EnrollmentRecord.objects.filter(student=world.pupils[3]).update(starts_on=late)
    pupil(world.other_class, "赵一", world.other_village)
    return world


def test_the_parts_of_each_school_add_up_to_the_enrolled(called: World) -> None:
    found = api(called, "bureau_staff").get(API).json()
    assert (found["total"], found["parts"]) == (
        7, {"case": 1, "away": 1, "seen": 2, "unseen": 1, "uncalled": 2},
    )  # fmt: skip
    first, second = found["schools"]
    assert (first["code"], first["total"]) == (called.school.code, 6)
    assert second["parts"] == {"case": 0, "away": 0, "seen": 0, "unseen": 0, "uncalled": 1}
    assert EnrollmentRecord.objects.on(TODAY).count() == found["total"]


def test_the_names_behind_a_part_have_an_owner_and_their_follow_up(called: World) -> None:
    client = api(called, "bureau_staff")

    def names(part: str, more: str = "") -> list[dict]:
        return client.get(f"{API}names/?part={part}{more}").json()["results"]

    [ghost] = names("unseen")
    assert (ghost["name"], ghost["owner_name"]) == (called.pupils[0].name, called.school.name)
    assert (ghost["finding"], ghost["seen_on"]) == (None, None)
    records.sweep(at(TODAY))
    finding = ConsistencyFinding.objects.get(kind="ghost")
    assert names("unseen")[0]["finding"] == str(finding.public_id)
    [followed] = names("case")
    assert followed["case"] == str(called.pupils[2].case.public_id)
    assert {row["seen_on"] for row in names("seen")} == {TODAY.isoformat()}
    assert [row["name"] for row in names("uncalled", f"&school={called.other_school.code}")] == [
        "赵一"
    ]
    page = browser(called, "bureau_staff").get(PAGE).content.decode()
    assert called.pupils[0].name in page
    assert f"/records/{finding.public_id}/" in page
    assert "?part=uncalled&amp;school=" in page
    assert AuditEvent.objects.filter(verb="record.attendance", subject="part:unseen").count() == 3


def test_the_page_has_figures_of_all_beside_the_names_of_some_in_one_statement(
    called: World,
) -> None:
    client = browser(called, "bureau_staff")

    def shown(address: str) -> tuple[list[str], list[str]]:
        with counted() as taken:
            context = client.get(f"{PAGE}?{address}").context
        assert sum("recent AS MATERIALIZED" in one for one in taken) == 1
        assert context["whole"][0].total == 7
        return [line.code for line, _ in context["lines"]], [one.name for one in context["rows"]]

    schools = [called.school.code, called.other_school.code]
    late = called.pupils[3].name
    assert shown("part=uncalled") == (schools, [late, "赵一"])
    assert shown(f"part=uncalled&school={called.other_school.code}") == (schools, ["赵一"])
    assert shown(f"part=unseen&school={called.other_school.code}") == (schools, [])


@pytest.mark.parametrize(
    ("role", "status", "total"),
    [("bureau_staff", 200, 7), ("school_leader", 200, 6), ("other_leader", 200, 1),
     ("teacher", 403, None), ("township_cadre", 403, None)],
)  # fmt: skip
def test_each_school_sees_its_own(called: World, role: str, status: int, total: int | None) -> None:
    answer = api(called, role).get(API)
    assert (answer.status_code, answer.json().get("total")) == (status, total)
    assert browser(called, role).get(PAGE).status_code == status
    other = api(called, "other_leader")
    assert other.get(f"{API}names/?part=seen").json()["results"] == []
    assert other.get(f"{API}names/?part=seen&school={called.school.code}").status_code == 404


@pytest.mark.parametrize(
    ("address", "html", "program"),
    [("part=x", 404, 400), ("part=seen&school=x", 404, 404), ("part=seen&from=x", 200, 200)],
)
def test_an_address_that_is_none(called: World, address: str, html: int, program: int) -> None:
    assert browser(called, "bureau_staff").get(f"{PAGE}?{address}").status_code == html
    assert api(called, "bureau_staff").get(f"{API}names/?{address}").status_code == program


def test_seen_is_who_was_there_once_even_if_the_class_was_called_seldom(world: World) -> None:
    rolls(world, 1, {0: "sick_leave"})
    parts = api(world, "school_leader").get(API).json()["parts"]
    assert (parts["seen"], parts["uncalled"], parts["unseen"]) == (5, 1, 0)


def test_fifty_a_page_with_the_same_number_of_queries(called: World) -> None:
    client = browser(called, "bureau_staff")
    address = f"{PAGE}?part=uncalled"
    with counted() as few:
        client.get(address)
    for number in range(51):
        pupil(called.other_class, f"学生{number}", called.other_village)
    with counted() as many:
        page = client.get(address).content.decode()
    assert page.count('data-label="Class"') == 50
    assert "from=50" in page
    assert client.get(f"{address}&from=50").content.decode().count('data-label="Class"') == 3
    assert len(many) == len(few)


def test_the_three_comparisons_stand_side_by_side_for_whoever_may_see_them(world: World) -> None:
    def tabs(role: str) -> list[str]:
        text = browser(world, role).get("/dropouts/poor/").content.decode()
        nav = text.split('aria-label="Comparisons"')[1].split("</nav>")[0]
        return [part.split('"')[0] for part in nav.split('href="')[1:]]

    assert tabs("bureau_staff") == ["/comparison/", PAGE, "/dropouts/poor/"]
    assert tabs("township_cadre") == ["/comparison/", "/dropouts/poor/"]
    assert tabs("school_leader") == [PAGE, "/dropouts/poor/"]
    elsewhere = browser(world, "bureau_staff").get("/records/").content.decode()
    assert 'aria-label="Comparisons"' not in elsewhere

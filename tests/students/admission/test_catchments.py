"""Zones of the schools: drawn by the bureau from a day on, what held stays as history."""

from datetime import date

import pytest

from agencies.errors import NotPermitted, NotPossible, RuleBroken
from agencies.models import AuditEvent
from students.models import Catchment
from students.queries import catchments as queries
from students.rules.admission import takes_in
from students.services import catchments
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import START, World

TODAY, NEXT = date(2026, 10, 12), date(2027, 9, 1)
NOW = at(TODAY, 9)


@pytest.fixture
def drawn(world: World, clock) -> World:
    clock("2026-10-12T09:00")
    Catchment.objects.create(
        county=world.county, region=world.township, school=world.school, grade=1, starts_on=START
    )
    return world


def schools(world: World, on: date) -> list[tuple[str, str | None, bool]]:
    """Of the township and the village: place, school of grade 1, own row."""
    rows = queries.places(world.county.pk, on, world.township.path)
    return [
        (row.region.name, zone.school and zone.school.name, zone.own is not None)
        for row in rows
        if row.region in (world.township, world.village)
        for zone in row.zones[:1]
    ]


@pytest.mark.parametrize(
    ("first", "last", "grade", "expected"),
    [
        (1, 6, 1, True),
        (1, 6, 7, False),
        (7, 9, 1, False),
        (7, 9, 7, True),
        (1, 9, 7, True),
        (None, None, 7, True),
        (None, 6, 7, False),
        (7, None, 1, False),
    ],
)
def test_a_school_takes_in_the_grades_it_has(first, last, grade, expected):
    assert takes_in(first, last, grade) is expected


def test_a_village_follows_its_township_until_it_has_a_school_of_its_own(drawn: World):
    town, village = drawn.township.name, drawn.village.name
    one, two = drawn.school.name, drawn.second_school.name
    assert schools(drawn, TODAY) == [(town, one, True), (village, one, False)]
    scope = drawn.scope("bureau_staff")
    catchments.draw(scope, drawn.village, 1, drawn.second_school, NEXT, NOW)
    assert schools(drawn, TODAY) == [(town, one, True), (village, one, False)]
    assert schools(drawn, NEXT) == [(town, one, True), (village, two, True)]
    catchments.draw(scope, drawn.village, 1, None, NEXT, NOW)
    assert schools(drawn, NEXT) == [(town, one, True), (village, one, False)]


def test_what_held_stays_as_history(drawn: World):
    scope = drawn.scope("bureau_staff")
    catchments.draw(scope, drawn.township, 1, drawn.second_school, NEXT, NOW)
    periods = Catchment.objects.order_by("starts_on").values_list("school", "starts_on", "ends_on")
    assert list(periods) == [
        (drawn.school.pk, START, date(2027, 8, 31)),
        (drawn.second_school.pk, NEXT, None),
    ]
    (event,) = AuditEvent.objects.filter(verb="catchment.draw")
    assert event.subject == f"region:{drawn.township.code}"


def test_refusals(drawn: World):
    scope = drawn.scope("bureau_staff")
    drawn.second_school.first_grade, drawn.second_school.last_grade = 1, 6
    with pytest.raises(RuleBroken, match="grade"):
        catchments.draw(scope, drawn.village, 7, drawn.second_school, NEXT, NOW)
    with pytest.raises(RuleBroken, match="past"):
        catchments.draw(scope, drawn.village, 1, drawn.school, date(2026, 10, 11), NOW)
    catchments.draw(scope, drawn.village, 1, drawn.second_school, NEXT, NOW)
    with pytest.raises(NotPossible, match="later"):
        catchments.draw(scope, drawn.village, 1, drawn.school, TODAY, NOW)
    with pytest.raises(NotPermitted):
        catchments.draw(drawn.scope("school_leader"), drawn.village, 1, drawn.school, NEXT, NOW)
    assert Catchment.objects.count() == 2


def test_the_page_changes_a_zone_and_keeps_what_was_typed(drawn: World):
    client = browser(drawn, "bureau_staff")
    list_ = client.get("/admission/zones/", {"township": drawn.township.code})
    assert drawn.village.name in list_.content.decode()
    town = client.get(f"/admission/zones/{drawn.township.code}/1/").content.decode()
    assert f'value="{drawn.school.public_id}" selected' in town  # what holds now
    url = f"/admission/zones/{drawn.village.code}/1/"
    refused = client.post(url, {"school": str(drawn.second_school.public_id), "on": "2026-02-30"})
    assert refused.status_code == 422
    assert f'value="{drawn.second_school.public_id}" selected' in refused.content.decode()
    saved = client.post(url, {"school": str(drawn.second_school.public_id), "on": "2027-09-01"})
    assert saved.status_code == 302
    shown = client.get(saved["Location"]).content.decode()
    assert "2027-09-01" in shown
    assert client.get(f"/admission/zones/{drawn.village.code}/3/").status_code == 404
    assert client.get("/admission/zones/999999999999/1/").status_code == 404


def test_the_api_shows_and_sets(drawn: World):
    client = api(drawn, "bureau_staff")
    given = {
        "region": drawn.village.code,
        "grade": 1,
        "school": drawn.second_school.code,
        "on": "2026-10-12",
    }
    made = client.post("/api/v1/catchments/", given, format="json")
    assert made.status_code == 201
    zone = made.json()["zones"][0]
    assert (zone["school"], zone["is_own"]) == (drawn.second_school.code, True)
    rows = {row["region"]: row for row in client.get("/api/v1/catchments/").json()["results"]}
    assert rows[drawn.village.code]["zones"][0]["school"] == drawn.second_school.code
    unknown = client.post("/api/v1/catchments/", given | {"school": "0"}, format="json")
    assert unknown.status_code == 404
    assert api(drawn, "school_leader").get("/api/v1/catchments/").status_code == 403

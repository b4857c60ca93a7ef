"""Promotion through the pages and the API: prepared, looked at twice, applied, undone."""

import uuid

import pytest

from students.models import EnrollmentRecord, RosterMove
from tests.support.clients import api, browser
from tests.support.world import World


@pytest.fixture
def summer(world: World, clock) -> World:
    clock("2027-08-20T09:00")
    return world


def test_a_promotion_through_the_pages(summer: World):
    client = browser(summer, "school_leader")
    sent = {"kind": "promotion", "school": str(summer.school.public_id), "first_day": "2027-09-01"}
    answer = client.post("/moves/", sent)
    move = RosterMove.objects.get()
    page = f"/moves/{move.public_id}/"
    assert (answer.status_code, answer.url) == (302, page)
    shown = client.get(page).content.decode()
    assert "Grade 8 (3)" in shown
    of_class = f"{page}classes/{summer.school_class.public_id}/"
    assert summer.pupils[0].name in client.get(of_class).content.decode()
    stays = {"stays": [str(summer.pupils[0].public_id), str(uuid.uuid4())]}
    assert client.post(of_class, stays).status_code == 302
    assert "stays back" in client.get(page).content.decode()
    assert client.post(f"{page}apply/", {}).status_code == 422  # without the second look
    assert not EnrollmentRecord.objects.filter(starts_on__year=2027).exists()
    assert client.post(f"{page}apply/", {"sure": "on"}).status_code == 302
    assert EnrollmentRecord.objects.filter(starts_on__year=2027).count() == 6
    again = client.post(f"{page}apply/", {"sure": "on"})
    assert again.status_code == 422
    assert b"This was done already" in again.content
    assert client.post(f"{page}undo/", {"sure": "on"}).status_code == 302
    assert not EnrollmentRecord.objects.filter(starts_on__year=2027).exists()


@pytest.mark.parametrize(("role", "status"), [("teacher", 403), ("other_leader", 404)])
def test_who_sees_it(summer: World, role, status):
    bureau = api(summer, "bureau_staff")
    sent = {"kind": "promotion", "school": summer.school.code, "first_day": "2027-09-01"}
    made = bureau.post("/api/v1/moves/", sent, format="json")
    assert made.status_code == 201
    assert browser(summer, role).get(f"/moves/{made.data['id']}/").status_code == status
    assert api(summer, role).get(f"/api/v1/moves/{made.data['id']}/").status_code == status


def test_over_the_api(summer: World):
    client = api(summer, "school_leader")
    sent = {"kind": "promotion", "school": summer.school.code, "first_day": "2027-09-01"}
    assert client.post("/api/v1/moves/", {**sent, "school": "x"}, format="json").status_code == 404
    made = client.post("/api/v1/moves/", sent, format="json").data
    assert [(line["fate"], line["pupils"]) for line in made["classes"]] == [("moves", 6)]
    url = f"/api/v1/moves/{made['id']}/"
    assert client.get(url).data["classes"] == made["classes"]
    assert client.post(f"{url}apply/").data["state"] == "applied"
    assert client.post(f"{url}apply/").status_code == 409
    assert client.post(f"{url}undo/").data["state"] == "undone"
    assert client.post(f"{url}split/").status_code == 404

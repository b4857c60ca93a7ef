"""Findings on pages, in the workbook and over the API."""

import io
import uuid

import openpyxl
import pytest

from reporting.models import ConsistencyFinding
from reporting.services import records
from tests.students.consistency.test_sweep import TODAY, placed
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World, pupil


@pytest.fixture
def finding(world: World) -> ConsistencyFinding:
    placed(world, world.pupils[0])
    records.sweep(at(TODAY))
    return ConsistencyFinding.objects.get()


def test_listed_explained_and_gone_from_the_list(world: World, finding):
    client = browser(world, "school_leader")
    page = f"/records/{finding.public_id}/"
    assert page.encode() in client.get("/records/").content
    assert "an approved stay elsewhere" in client.get(page).content.decode()
    refused = client.post(f"{page}explain/", {"explanation": "  "})
    assert refused.status_code == 422
    assert b"An explanation in writing is missing" in refused.content
    assert client.post(f"{page}explain/", {"explanation": "借读证明"}).status_code == 302
    assert page.encode() not in client.get("/records/").content
    assert page.encode() in client.get("/records/?state=explained&kind=elsewhere").content
    assert page.encode() not in client.get("/records/?state=all&kind=ghost").content
    assert "借读证明" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [("teacher", 403), ("other_leader", 404), ("township_cadre", 403), ("bureau_staff", 200)],
)
def test_who_sees_it(world: World, finding, role, status):
    answer = browser(world, role).get(f"/records/{finding.public_id}/")
    assert answer.status_code == status
    assert (world.pupils[0].name in answer.content.decode()) == (status == 200)


def test_the_workbook_holds_texts_and_no_numbers_of_children(world: World, finding):
    finding.student.name = "=1+1"
    finding.student.save()
    answer = browser(world, "bureau_staff").get("/records/list.xlsx?state=all")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.values)
    assert [len(rows), rows[1][0], rows[1][3]] == [2, "=1+1", world.school.name]
    assert sheet["A2"].data_type == "s"
    assert finding.student.id_number not in str(rows)
    empty = browser(world, "other_leader").get("/records/list.xlsx?state=all")
    assert len(list(openpyxl.load_workbook(io.BytesIO(empty.content)).active.values)) == 1


def test_pages_of_fifty(world: World):
    for number in range(51):
        placed(world, pupil(world.school_class, f"学生{number}", world.village))
    records.sweep(at(TODAY))
    client = browser(world, "school_leader")
    first, second = client.get("/records/").content, client.get("/records/?from=50").content
    assert (first.count(b"/records/0"), second.count(b"/records/0")) == (50, 1)
    assert b"from=50" in first
    assert b"from=100" not in second


def test_over_the_api(world: World, finding):
    client = api(world, "school_leader")
    listed = client.get("/api/v1/records/").data["results"]
    assert [(row["id"], row["kind"], row["owner"]) for row in listed] == [
        (str(finding.public_id), "elsewhere", world.school.code)
    ]
    url = f"/api/v1/records/{finding.public_id}/explain/"
    assert (
        api(world, "other_leader").post(url, {"explanation": "x"}, format="json").status_code == 404
    )
    assert client.post(url, {"explanation": ""}, format="json").status_code == 422
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    for _ in range(2):
        done = client.post(url, {"explanation": "借读"}, format="json", **key)
        assert (done.status_code, done.data["closing"]) == (200, "explained")

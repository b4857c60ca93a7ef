"""POST /imports/rosters/ and what follows, as a script would use it."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from students.imports.run import run_waiting
from students.models import Student
from tests.support.clients import api
from tests.support.rosters import NOW, roster, row, table, xlsx

URL = "/api/v1/imports/rosters/"


def send(world, content: bytes, role="school_leader", school="3133000001", **headers):
    file = SimpleUploadedFile("名单.xlsx", content)
    return api(world, role).post(
        URL, {"file": file, "school": school}, format="multipart", **headers
    )


def of(*rows) -> bytes:
    return xlsx(table(rows))


def test_from_dry_run_to_undo(world):
    bad = row("林小雨", 904, 性别="2")
    answer = send(world, of(*roster(world, row("林小满", 902), bad)))
    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["school"], body["file_name"]) == (
        "checked",
        "3133000001",
        "名单.xlsx",
    )
    found = {name: body[name] for name in ("new", "changed", "unchanged", "missing", "duplicates")}
    assert found == {"new": 1, "changed": 0, "unchanged": 6, "missing": 0, "duplicates": 0}
    assert body["errors"] == [
        {
            "row": 9,
            "column": "性别",
            "value_shown": "2",
            "reason": "Write the name, not a code.",
            "code": "code_not_label",
        }
    ]
    client, one = api(world, "school_leader"), f"{URL}{body['id']}/"
    assert client.get(one).json() == body
    assert client.post(one + "apply/").json()["state"] == "applying"
    assert client.post(one + "apply/").json()["state"] == "applying"
    run_waiting(NOW)
    assert client.get(one).json()["state"] == "applied"
    assert Student.objects.filter(name="林小满").exists()
    again = client.post(one + "apply/")
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
    assert client.post(one + "undo/").json()["state"] == "undone"
    assert not Student.objects.filter(name="林小满").exists()


def test_a_broken_file_is_422_with_the_reason(world):
    answer = send(world, b"")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"code": "empty", "detail": "The file is empty.", "pointer": "/file"}
    ]
    assert answer.json()["current"]["state"] == "refused"


def test_what_is_missing_in_the_request_is_400(world):
    answer = api(world, "school_leader").post(URL, {}, format="multipart")
    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/file", "/school"}


@pytest.mark.parametrize(
    ("role", "status"),
    [("teacher", 403), ("township_cadre", 403), ("other_leader", 404), ("bureau_staff", 201)],
)
def test_who_may_upload(world, role, status):
    assert send(world, of(*roster(world)), role).status_code == status


@pytest.mark.parametrize("act", ["", "apply/", "undo/"])
def test_the_file_of_another_school_does_not_exist(world, act):
    one = send(world, of(*roster(world))).json()["id"]
    client = api(world, "other_leader")
    call = client.post if act else client.get
    assert call(f"{URL}{one}/{act}").status_code == 404
    assert call(f"{URL}{uuid.uuid4()}/{act}").status_code == 404


def test_missing_pupils_are_named_and_a_second_person_decides(world):
    body = send(world, of(*roster(world)[:4])).json()
    assert [one["name"] for one in body["missing_pupils"]] == ["陈宇航", "单雨桐"]
    one = f"{URL}{body['id']}/apply/"
    assert api(world, "school_leader").post(one).json()["state"] == "needs_second"
    refused = api(world, "school_leader").post(one)
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["code"] == "second_person"
    assert api(world, "deputy_leader").post(one).json()["state"] == "applying"

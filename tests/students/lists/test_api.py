"""POST /imports/lists/ and what follows, as a script would use it; and the command."""

import io
import json
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from students.imports.run import run_waiting
from students.models import Student
from tests.support.clients import api
from tests.support.lists import AS_OF, PURPOSE, of_child, person, provider
from tests.support.rosters import NOW, table, text, xlsx

URL = "/api/v1/imports/lists/"


def send(world, rows, role="bureau_staff", **changed):
    given = {
        "file": SimpleUploadedFile("名单.xlsx", xlsx(table(rows))),
        "kind": "register",
        "provider": provider(world, "register").name,
        "as_of": AS_OF.isoformat(),
        "purpose": PURPOSE,
    }
    return api(world, role).post(URL, given | changed, format="multipart")


def test_from_dry_run_to_applied(world):
    answer = send(world, [of_child(world.pupils[0]), person("林小满", 902)])
    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["kind"], body["provider"], body["as_of"], body["purpose"]) == (
        "checked", "register", "大峃派出所", "2026-09-20", PURPOSE,
    )  # fmt: skip
    found = {name: body[name] for name in ("rows", "new", "gone", "known_by_number")}
    assert found == {"rows": 2, "new": 2, "gone": 0, "known_by_number": 1}
    client, one = api(world, "bureau_staff"), f"{URL}{body['id']}/"
    assert client.get(one).json() == body
    key = str(uuid.uuid4())
    assert (
        client.post(one + "apply/", headers={"Idempotency-Key": key}).json()["state"] == "applying"
    )
    run_waiting(NOW)
    again = client.post(one + "apply/", headers={"Idempotency-Key": key})
    assert (again.status_code, again.json()["state"]) == (200, "applying")
    applied = client.get(one).json()
    assert (applied["state"], applied["found"]["entered"], applied["done_rows"]) == (
        "applied",
        1,
        2,
    )
    late = client.post(one + "apply/")
    assert (late.status_code, late["Content-Type"]) == (409, "application/problem+json")


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [
        ({"kind": "pupils"}, 422, "/kind"),
        ({"provider": "nobody"}, 422, "/provider"),
        ({"as_of": "2026-12-01"}, 422, "/as_of"),
        ({"as_of": "yesterday"}, 400, "/as_of"),
        ({"purpose": ""}, 400, "/purpose"),
        ({"file": SimpleUploadedFile("x.csv", b"")}, 422, "/file"),
    ],
)
def test_what_is_wrong_is_pointed_at(world, changed, status, pointer):
    answer = send(world, [person("林小满", 902)], **changed)
    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(("role", "status"), [("teacher", 403), ("bureau_leader", 201)])
def test_who_may_upload(world, role, status):
    assert send(world, [person("林小满", 902)], role).status_code == status


def test_another_id_is_not_found(world):
    client = api(world, "bureau_staff")
    assert client.get(f"{URL}{uuid.uuid4()}/").status_code == 404
    assert client.post(f"{URL}{uuid.uuid4()}/apply/").status_code == 404


def run(path: Path, *options: str) -> tuple[int, dict]:
    out = io.StringIO()
    status = 0
    given = ("--kind", "register", "--as-of", "2026-09-20", "--purpose", PURPOSE, "--json")
    try:
        call_command("import_list", str(path), *given, *options, stdout=out)
    except SystemExit as end:
        status = end.code
    return status, json.loads(out.getvalue())


@pytest.fixture
def file(tmp_path):
    def write(rows) -> Path:
        path = tmp_path / "list.bin"
        path.write_bytes(text(table(rows)))
        return path

    return write


def test_the_command_checks_and_applies(world, file):
    path = file([of_child(world.pupils[0]), person("林小满", 902)])
    status, answer = run(path)
    assert (status, answer["state"], answer["new"]) == (0, "checked", 2)
    assert not Student.objects.filter(name="林小满").exists()
    status, answer = run(path, "--apply", "--provider", "大峃派出所")
    assert (status, answer["state"]) == (0, "applied")
    assert answer["found"]["by_number"] == answer["found"]["entered"] == 1
    assert Student.objects.get(name="林小满").known_since == AS_OF
    with pytest.raises(CommandError, match="only a newer list can follow"):
        run(path, "--apply")


def test_the_command_says_what_was_left_out(world, file):
    path = file([person("林小满", 902), person("林小雨", 904, 性别="1")])
    status, answer = run(path, "--apply", "--user", "bureau_leader")
    assert (status, answer["state"], answer["errors_total"]) == (1, "applied", 1)
    with pytest.raises(CommandError):
        run(path, "--user", "nobody")
    with pytest.raises(CommandError):
        run(path, "--provider", "nobody")
    with pytest.raises(CommandError):
        run(path.with_name("none"))


def test_taken_back_by_two_systems(world):
    list_id = send(world, [person("林小满", 902)]).json()["id"]
    staff, leader, one = api(world, "bureau_staff"), api(world, "bureau_leader"), f"{URL}{list_id}/"
    staff.post(one + "apply/")
    run_waiting(NOW)
    assert staff.post(one + "undo/", {}, format="json").status_code == 422
    asked = staff.post(one + "undo/", {"reason": "导错了县"}, format="json").json()
    assert (asked["state"], asked["undo_reason"]) == ("applied", "导错了县")
    assert staff.post(one + "keep/").json()["undo_reason"] == ""
    staff.post(one + "undo/", {"reason": "导错了县"}, format="json")
    assert (
        staff.post(one + "undo/", {}, format="json").json()["errors"][0]["code"] == "second_person"
    )
    assert leader.post(one + "undo/", {}, format="json").json()["state"] == "undoing"
    run_waiting(NOW)
    done = leader.get(one).json()
    assert (done["state"], done["unlisted"], done["stay"]) == ("undone", 1, 0)
    assert not Student.objects.filter(name="林小满").exists()

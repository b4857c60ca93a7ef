"""Obligations in the API: one with its history, extending, reminding, signing for."""

import uuid

import pytest

from agencies.models import Extension, Notice
from agencies.services import receipts, sweep
from tests.support.clients import api
from tests.support.duties import at, owe


@pytest.fixture(autouse=True)
def tuesday(clock):
    clock("2026-09-08T09:00")


def of(row, end: str = "") -> str:
    return f"/api/v1/obligations/{row.public_id}/{end}"


def test_one_with_its_history(world):
    row = owe(world)
    sweep.sweep(at("2026-09-08T08:00"))
    receipts.send(row, [world.bureau], at("2026-09-08T08:30"))
    body = api(world, "bureau_staff").get(of(row)).json()
    assert (body["kind"], body["state"], body["level"]) == ("census", "overdue", 1)
    assert body["basis"]["length"] == 5
    assert body["escalations"] == [
        {
            "round": 0,
            "level": 1,
            "due_at": "2026-09-08T00:00:00+08:00",
            "raised_at": "2026-09-08T08:00:00+08:00",
        }
    ]
    (receipt,) = body["receipts"]
    assert receipt["recipient"]["name"] == world.bureau.name
    assert (receipt["received_at"], receipt["late"]) == (None, None)
    assert body["extensions"] == []


def test_extending(world):
    row, client = owe(world), api(world, "bureau_leader")
    sent = {"due_on": "2026-09-14", "reason": "台风停课"}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = client.post(of(row, "extend/"), sent, format="json", headers=key)
    body = first.json()
    assert (first.status_code, body["due_on"], body["state"]) == (200, "2026-09-14", "open")
    (kept,) = body["extensions"]
    assert kept["old_due_at"] == "2026-09-08T00:00:00+08:00"
    assert kept["new_due_at"] == "2026-09-15T00:00:00+08:00"
    assert kept["approved_by"]["position"] == "bureau_leader"
    assert client.post(of(row, "extend/"), sent, format="json", headers=key).json() == body
    assert Extension.objects.count() == 1
    refused = client.post(of(row, "extend/"), sent, format="json")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/due_on"
    nothing = client.post(of(row, "extend/"), {"due_on": "2026-09-20", "reason": ""}, format="json")
    assert nothing.json()["errors"][0]["pointer"] == "/reason"
    assert client.post(of(row, "extend/"), {"due_on": "gestern"}, format="json").status_code == 400


def test_reminding(world):
    row, client = owe(world), api(world, "bureau_staff")
    assert client.post(of(row, "remind/")).json() == {"told": 1, "told_already": 0}
    assert client.post(of(row, "remind/")).json() == {"told": 0, "told_already": 1}
    assert Notice.objects.filter(kind="nudge").count() == 1


def test_signing_each_in_its_own_time(world, clock):
    row = owe(world)
    receipts.send(row, [world.bureau, world.other_town_hall], at("2026-09-07T10:00"))
    clock("2026-09-08T00:00:00+08:00")
    first = api(world, "bureau_staff").post(of(row, "receive/")).json()
    assert first["late"] is False
    clock("2026-09-08T00:00:01+08:00")
    second = api(world, "other_cadre").post(of(row, "receive/")).json()
    assert (second["recipient"]["name"], second["late"]) == (world.other_town_hall.name, True)
    clock("2026-09-09T09:00:00+08:00")
    assert api(world, "bureau_staff").post(of(row, "receive/")).json() == first
    assert api(world, "township_cadre").post(of(row, "receive/")).status_code == 404


@pytest.mark.parametrize(
    ("role", "read", "extend", "remind", "receive"),
    [
        ("bureau_leader", 200, 200, 200, 404),
        ("bureau_staff", 200, 403, 200, 404),
        ("school_leader", 200, 403, 403, 403),
        ("second_leader", 404, 403, 403, 403),
        ("other_cadre", 404, 403, 403, 404),
        ("system_admin", 403, 403, 403, 403),
    ],
)
def test_roles(world, role, read, extend, remind, receive):
    row, client = owe(world), api(world, role)
    assert client.get(of(row)).status_code == read
    sent = {"due_on": "2026-09-14", "reason": "台风停课"}
    assert client.post(of(row, "extend/"), sent, format="json").status_code == extend
    assert client.post(of(row, "remind/")).status_code == remind
    assert client.post(of(row, "receive/")).status_code == receive
    assert client.get(f"/api/v1/obligations/{uuid.uuid4()}/").status_code in (403, 404)


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("owed_by=3133000001", 1), ("owed_by=大峃镇实验学校", 1), ("owed_by=nobody", 0),
        ("state=overdue", 2), ("state=open", 0), ("state=met", 0), ("due_before=2026-09-07", 2), ("due_before=2026-09-06", 0),
    ],
)  # fmt: skip
def test_the_filters_of_the_contract(world, asked, number):
    owe(world)
    owe(world, school=world.other_school)
    found = api(world, "bureau_staff").get(f"/api/v1/obligations/?{asked}").json()
    assert len(found["results"]) == number

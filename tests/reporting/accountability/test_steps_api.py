"""The API of talks and circulars: the same steps, once per key, with problems as JSON."""

import uuid

from reporting.models import Circular, Talk
from tests.reporting.accountability.steps import DAY, DUE, TOWN, alert
from tests.support.clients import api
from tests.support.world import World


def test_a_talk_from_call_to_recheck(world: World, clock) -> None:
    clock("2026-10-12T12:00:00+08:00")
    found = alert(world)
    bureau, town = api(world, "bureau_staff"), api(world, "township_leader")
    body = {
        "client_id": str(uuid.uuid4()),
        "alert": str(found.public_id),
        "position": "township_leader",
        "planned_on": str(DAY),
        "reason": "超过控制线",
    }
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    made = bureau.post("/api/v1/talks/", body, format="json", **key)
    assert made.status_code == 201, made.data
    assert bureau.post("/api/v1/talks/", body, format="json", **key).data == made.data
    assert Talk.objects.count() == 1
    steps = f"/api/v1/talks/{made.data['id']}/steps/"
    assert town.post("/api/v1/talks/", body, format="json").status_code == 403

    def take(client, deed: str, **said):
        step = {"deed": deed, "on": str(DAY), "text": "如记录", **said}
        return client.post(steps, step, format="json")

    assert take(town, "hold").status_code == 403
    assert take(bureau, "recheck").status_code == 409
    assert take(bureau, "hold").data["reply_until"] == "2026-10-19"
    refused = take(bureau, "order", items=["一"])
    assert refused.status_code == 422
    assert {one["code"] for one in refused.data["errors"]} == {"number", "due_on"}
    ordered = take(bureau, "order", items=["一"], number="1号", due_on=str(DUE))
    assert (ordered.data["state"], ordered.data["due_on"]) == ("ordered", str(DUE))
    assert take(town, "report", reports={"1": "已办"}).data["items"][0]["report"] == "已办"
    right = take(bureau, "recheck", put_right=[1]).data
    assert (right["state"], right["items"][0]["put_right"]) == ("put_right", True)
    assert town.get(f"/api/v1/talks/{made.data['id']}/").data["deeds"] == ["reply"]
    other = api(world, "other_cadre")
    assert other.get(f"/api/v1/talks/{made.data['id']}/").status_code == 404
    assert other.get("/api/v1/talks/").data["results"] == []


def test_a_circular_from_draft_to_signature(world: World, clock) -> None:
    clock("2026-10-12T12:00:00+08:00")
    alert(world)
    leader, school = api(world, "bureau_leader"), api(world, "school_leader")
    body = {
        "client_id": str(uuid.uuid4()),
        "title": "通报",
        "text": "李浩然等辍学",
        "measure": "ledger",
        "school_year": 2026,
        "units": [TOWN],
        "recipients": [str(world.school.public_id)],
    }
    refused = leader.post("/api/v1/circulars/", body, format="json")
    assert refused.status_code == 422
    assert "李浩然" in refused.content.decode()
    made = leader.post("/api/v1/circulars/", body | {"text": "请重视"}, format="json")
    assert made.status_code == 201
    assert made.data["figures"][0]["exact"] == "1/6"
    address = f"/api/v1/circulars/{made.data['id']}/"
    assert school.get(address).status_code == 404
    assert leader.post(f"{address}issue/", {"version": 9}, format="json").status_code == 409
    issued = leader.post(f"{address}issue/", {"version": 1}, format="json")
    assert issued.data["state"] == "issued"
    assert Circular.objects.get().number == issued.data["number"]
    signed = school.post(f"{address}sign/", format="json")
    assert signed.data["receipts"][0]["late"] is False
    assert api(world, "teacher").get(address).status_code == 403

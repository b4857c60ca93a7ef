"""The pages and the API of joint conferences."""

import uuid

from agencies.models import Conference, Decision, Meeting
from tests.reporting.conferences.meetings import hold, plan, set_up
from tests.support.clients import api, browser


def test_from_setting_up_to_the_signed_minutes(world):
    client = browser(world, "bureau_leader")
    assert client.post("/conferences/new/", {"name": ""}).status_code == 422
    assert client.post("/conferences/new/", {"name": "县联席会议"}).status_code == 302
    row = Conference.objects.get()
    home = f"/conferences/{row.public_id}/"
    seat = {
        "role": "convener", "agency": str(world.bureau.public_id), "name": "王某",
        "title": "副县长", "starts_on": "2026-09-01",
    }  # fmt: skip
    assert client.post(f"{home}seats/", {**seat, "agency": ""}).status_code == 422
    assert client.post(f"{home}seats/", seat).status_code == 302
    coming = {"client_id": str(uuid.uuid4()), "on": "2026-10-12", "place": "会议室"}
    page = client.post(f"{home}plan/", coming).url
    assert client.get(page).status_code == 200
    assert client.post(f"{page}points/", {"title": "寄宿条件"}).status_code == 302
    assert client.get(f"{page}pdf/")["Content-Type"] == "application/pdf"
    place = row.seats.get()
    held = {
        "on": "2026-10-12", "chair": "王某", "minutes": "研究了寄宿条件。",
        f"seat-{place.pk}": "present", f"who-{place.pk}": "",
    }  # fmt: skip
    refused = client.post(f"{page}hold/", {**held, "on": "2026-10-20"})
    assert refused.status_code == 422
    assert "研究了寄宿条件。" in refused.content.decode()
    assert client.post(f"{page}hold/", held).status_code == 302
    assert client.get(f"{page}pdf/").status_code == 404  # between agenda and minutes
    charge = {
        "client_id": str(uuid.uuid4()), "text": "修缮宿舍", "owner": str(world.bureau.public_id),
        "due_on": "2026-10-30",
    }  # fmt: skip
    assert client.post(f"{page}decisions/", {**charge, "due_on": "2026-10-01"}).status_code == 422
    assert client.post(f"{page}decisions/", charge).status_code == 302
    assert client.post(f"{page}sign/").status_code == 302
    assert client.post(f"{page}sign/").status_code == 422
    assert client.get(f"{page}pdf/").content.startswith(b"%PDF")
    decision = Decision.objects.get()
    url = f"/decisions/{decision.public_id}/"
    assert client.post(f"{url}done/", {"outcome": ""}).status_code == 422
    assert client.post(f"{url}done/", {"outcome": "已修缮"}).status_code == 302
    assert client.post(f"{url}withdraw/", {"reason": "晚了"}).status_code == 422
    text = client.get(home).content.decode()
    assert "Every decision is carried out." in text
    assert client.get("/conferences/").status_code == 200


def test_strangers_see_nothing(world):
    meeting = plan(world, set_up(world))
    other = browser(world, "other_cadre")
    for url in (f"/meetings/{meeting.public_id}/", f"/conferences/{meeting.conference.public_id}/"):
        assert other.get(url).status_code == 404
    assert other.post(f"/meetings/{meeting.public_id}/sign/").status_code == 404
    assert browser(world, "teacher").get("/conferences/").status_code == 403
    member = browser(world, "school_leader")
    assert member.get(f"/meetings/{meeting.public_id}/").status_code == 200
    assert member.post(f"/meetings/{meeting.public_id}/sign/").status_code == 403


def test_api(world):
    row = set_up(world)
    client = api(world, "bureau_leader")
    assert [one["name"] for one in client.get("/api/v1/conferences/").data["results"]] == [row.name]
    meetings = f"/api/v1/conferences/{row.public_id}/meetings/"
    body = {"client_id": str(uuid.uuid4()), "on": "2026-10-12", "place": "会议室"}
    made = client.post(meetings, body, format="json")
    assert (made.status_code, made.data["state"]) == (201, "planned")
    assert client.post(meetings, {**body, "on": "0026-10-12"}, format="json").status_code == 400
    meeting = Meeting.objects.get()
    hold(world, meeting)
    url = f"/api/v1/meetings/{meeting.public_id}/"
    police = world.posts["agency_staff"].agency
    charge = {
        "client_id": str(uuid.uuid4()), "text": "整治网吧", "owner": str(police.public_id),
        "due_on": "2026-10-30",
    }  # fmt: skip
    told = client.post(f"{url}decisions/", charge, format="json")
    assert (told.status_code, told.data["owner_name"]) == (201, police.name)
    wrong = {**charge, "client_id": str(uuid.uuid4()), "owner": str(uuid.uuid4())}
    refused = client.post(f"{url}decisions/", wrong, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/owner")
    done = f"/api/v1/decisions/{told.data['id']}/done/"
    assert api(world, "other_cadre").post(done, {"outcome": "x"}, format="json").status_code == 404
    answered = api(world, "agency_staff").post(done, {"outcome": "已整治"}, format="json")
    assert (answered.status_code, answered.data["state"]) == (200, "done")
    shown = client.get(url).data
    assert [one["state"] for one in shown["decisions"]] == ["done"]
    assert shown["held_on"] == "2026-10-12"

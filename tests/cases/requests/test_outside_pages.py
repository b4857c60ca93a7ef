"""Other counties through page and API: the letter, its reply, the attendance there."""

import uuid

import pytest

from cases.models import OutsideNotice
from tests.cases.requests.county import bodies, case_of
from tests.support.clients import api, browser
from tests.support.world import World


@pytest.fixture
def case(world: World):
    bodies(world)
    return case_of(world)


def test_other_counties_through_page_and_api(world, case):
    staff = browser(world, "bureau_staff")
    url = f"/cases/{case.public_id}/outside/"
    form = {
        "client_id": str(uuid.uuid4()), "version": case.version, "why": "registered",
        "authority": "瑞安市教育局", "sent_on": "2026-10-13",
    }  # fmt: skip
    assert staff.post(f"{url}send/", form).status_code == 422
    assert staff.post(f"{url}send/", {**form, "sent_on": "2026-10-12"}).url == url
    row = OutsideNotice.objects.get()
    listed = staff.get("/outside/").content.decode()
    assert case.student.name in listed
    assert "waits for the reply" in listed
    early = {"on": "2026-10-11", "text": "已入学"}
    refused = staff.post(f"/outside/{row.public_id}/reply/", early)
    assert refused.status_code == 422
    assert "The reply lies before the notice." in refused.content.decode()
    client = api(world, "bureau_staff")
    replied = client.post(
        f"/api/v1/outside/{row.public_id}/reply/", {"text": "已入学"}, format="json"
    )
    assert (replied.status_code, replied.json()["replied_on"]) == (200, "2026-10-12")
    given = {
        "term": str(world.term.public_id), "school_name": "仙降中学", "since": "2026-09-07",
        "proof": " ",
    }  # fmt: skip
    there = f"/api/v1/outside/{row.public_id}/confirmations/"
    refused = client.post(there, given, format="json")
    assert refused.json()["errors"][0]["pointer"] == "/proof"
    made = client.post(there, {**given, "proof": "函"}, format="json")
    assert (made.status_code, made.json()["counts_until"]) == (201, "2027-01-29")
    handed = client.post(f"/api/v1/outside/{row.public_id}/handover/", {"way": ""}, format="json")
    assert handed.status_code == 422
    seen = api(world, "township_cadre").get(f"/api/v1/cases/{case.public_id}/outside/").json()
    assert seen["results"][0]["confirmed_until"] == "2027-01-29"
    assert "仙降中学" in browser(world, "township_cadre").get(url).content.decode()
    assert browser(world, "township_cadre").get("/outside/").status_code == 403
    assert (
        api(world, "township_cadre")
        .post(f"/api/v1/cases/{case.public_id}/outside/", {}, format="json")
        .status_code
        == 403
    )

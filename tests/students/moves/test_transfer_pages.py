"""Transfers through the pages and the API."""

import uuid

import pytest

from students.models import EnrollmentRecord, TransferApplication
from tests.support.clients import api, browser
from tests.support.world import World

ASKED = {"on": "2026-10-09", "by": "张某", "reason": "搬家"}


def apply(world: World, **changes):
    url = f"/students/{world.pupils[0].public_id}/transfer/"
    sent = {**ASKED, "to_school": str(world.other_school.public_id), **changes}
    return browser(world, "school_leader").post(url, sent)


def test_a_whole_transfer_within_the_county(world: World, clock):
    answer = apply(world)
    row = TransferApplication.objects.get()
    page = f"/transfers/{row.public_id}/"
    assert (answer.status_code, answer.url) == (302, page)
    leader, bureau = browser(world, "school_leader"), browser(world, "bureau_staff")
    receiver = browser(world, "other_leader")
    assert world.pupils[0].name.encode() in leader.get("/transfers/").content
    assert receiver.get(page).status_code == 404
    assert leader.post(f"{page}agree/", {"agree-on": "2026-10-12"}).status_code == 302
    assert page.encode() in bureau.get("/transfers/").content
    assert page.encode() not in receiver.get("/transfers/").content  # not his turn yet
    assert bureau.post(f"{page}approve/", {}).status_code == 302
    clock("2026-10-13T09:00")
    assert page.encode() in receiver.get("/transfers/").content
    assert world.other_class.name.encode() in receiver.get(page).content
    late = {"receive-on": "2026-11-13", "receive-school_class": str(world.other_class.public_id)}
    refused = receiver.post(f"{page}receive/", late)
    assert refused.status_code == 422
    assert b"2026-11-13" in refused.content
    assert receiver.post(f"{page}receive/", {**late, "receive-on": "2026-10-13"}).status_code == 302
    stays = EnrollmentRecord.objects.filter(student=world.pupils[0]).order_by("starts_on")
    assert [record.school for record in stays] == [world.school, world.other_school]
    assert b"2026-10-13" in receiver.get(page).content


def test_a_refused_application_keeps_what_was_typed(world: World):
    answer = apply(world, to_school="", to="", reason="")
    assert answer.status_code == 422
    assert b"Say where the child goes" in answer.content
    assert "张某" in answer.content.decode()


def test_a_refusal_needs_words(world: World):
    apply(world)
    page = f"/transfers/{TransferApplication.objects.get().public_id}/"
    answer = browser(world, "school_leader").post(f"{page}refuse/", {"refuse-reason": ""})
    assert answer.status_code == 422
    assert b"A reason in writing is missing" in answer.content


@pytest.mark.parametrize(
    ("role", "status"), [("teacher", 403), ("other_leader", 404), ("township_cadre", 403)]
)
def test_who_may_write_an_application_down(world: World, role, status):
    url = f"/students/{world.pupils[0].public_id}/transfer/"
    assert browser(world, role).post(url, ASKED).status_code == status


def test_a_step_that_does_not_exist(world: World):
    apply(world)
    page = f"/transfers/{TransferApplication.objects.get().public_id}/"
    assert browser(world, "school_leader").post(f"{page}expel/").status_code == 404
    nowhere = browser(world, "school_leader").post(f"/transfers/{uuid.uuid4()}/agree/")
    assert nowhere.status_code == 404


def test_the_chain_over_the_api(world: World):
    leader, bureau = api(world, "school_leader"), api(world, "bureau_staff")
    url = f"/api/v1/students/{world.pupils[0].public_id}/transfers/"
    sent = {**ASKED, "to_school": world.other_school.code}
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    made = leader.post(url, sent, format="json", **key)
    again = leader.post(url, sent, format="json", **key)
    assert (made.status_code, again.status_code, again.data["id"]) == (201, 201, made.data["id"])
    act = f"/api/v1/transfers/{made.data['id']}/"
    assert bureau.post(f"{act}approve/", {}, format="json").status_code == 409
    assert leader.post(f"{act}agree/", {}, format="json").status_code == 422
    done = leader.post(f"{act}agree/", {"on": "2026-10-12"}, format="json")
    assert (done.status_code, done.data["step"]) == (200, "agreed")
    assert leader.post(f"{act}approve/", {}, format="json").status_code == 403
    listed = bureau.get("/api/v1/transfers/").data["results"]
    assert [row["id"] for row in listed] == [made.data["id"]]
    refused = bureau.post(f"{act}refuse/", {"reason": "缺材料"}, format="json")
    assert (refused.data["step"], refused.data["because"]) == ("refused", "缺材料")
    assert leader.get(url).data["results"][0]["taken_back_on"] == "2026-10-12"


def test_no_such_school(world: World):
    url = f"/api/v1/students/{world.pupils[0].public_id}/transfers/"
    sent = {**ASKED, "to_school": "9999999999"}
    assert api(world, "school_leader").post(url, sent, format="json").status_code == 404


def test_a_page_of_many(world: World):
    apply(world)
    first = TransferApplication.objects.get()
    answer = browser(world, "bureau_leader").get("/transfers/?view=all&from=zzz")
    assert first.student.name.encode() in answer.content

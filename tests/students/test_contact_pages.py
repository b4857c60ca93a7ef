"""Contacts and transfers over pages and API: who gets what, what is refused, what is shown."""

import uuid
from datetime import date

import pytest

from agencies.models import AuditEvent, Obligation
from agencies.rules.duties import Position
from cases.services import opening
from students.models import GuardianContact, Transfer
from students.services import contacts, transfers
from students.services.contacts import Given
from tests.support.clients import api, browser
from tests.support.rolls import U, at, take
from tests.support.world import World, post

MONDAY = date(2026, 10, 12)
FORM = {
    "channel": "phone",
    "reached": "guardian",
    "said": "ill",
    "words": "发烧",
    "at": "2026-10-12T08:00",
}
SENT = {
    "at": "2026-10-12T07:55:00+08:00",
    "channel": "phone",
    "reached": "guardian",
    "answer": "发烧",
}


def page_of(world: World, number: int = 0) -> str:
    return f"/students/{world.pupils[number].public_id}/"


def api_of(world: World, number: int = 0) -> str:
    return f"/api/v1/students/{world.pupils[number].public_id}/"


def test_the_roll_links_to_the_contact_of_each_unexcused_pupil(world: World):
    take(world, MONDAY, {0: U, 1: "sick_leave"})
    roll = f"/classes/{world.school_class.public_id}/roll/2026-10-12/?saved=1"
    page = browser(world, "teacher").get(roll).content.decode()
    assert f"{page_of(world)}contact/?on=2026-10-12" in page
    assert page.count("/contact/?on=") == 1
    assert "/contact/?on=" not in browser(world, "bureau_staff").get(roll).content.decode()


def test_four_taps_write_a_contact(world: World):
    take(world, MONDAY, {0: U})
    contacts.raise_due(at(MONDAY, 8))
    teacher = browser(world, "teacher")
    form = teacher.get(f"{page_of(world)}contact/?on=2026-10-12").content.decode()
    assert 'value="2026-10-12T08:00"' in form
    assert "138****" in form
    assert teacher.post(f"{page_of(world)}contact/", FORM).url == page_of(world)
    made = GuardianContact.objects.get()
    assert (made.answer, made.on, made.by) == ("is ill: 发烧", MONDAY, world.posts["teacher"])
    assert Obligation.objects.get(kind="guardian_contact").late is False
    shown = teacher.get(page_of(world)).content.decode()
    assert "is ill: 发烧" in shown
    assert f"{page_of(world)}contact/" in shown


def test_a_refused_contact_keeps_what_was_typed(world: World):
    url = f"{page_of(world)}contact/"
    answer = browser(world, "teacher").post(url, FORM | {"at": "2026-10-12T09:00"})
    assert answer.status_code == 422
    assert b"cannot lie in the future" in answer.content
    assert "发烧" in answer.content.decode()
    assert browser(world, "teacher").post(url, {"words": "x"}).status_code == 422
    assert browser(world, "teacher").get(f"{url}?on=2026-13-45").status_code == 200
    assert not GuardianContact.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("teacher", 200), ("school_leader", 200), ("township_cadre", 403), ("bureau_leader", 403),
        ("other_teacher", 404), ("other_leader", 404), ("agency_staff", 403),
    ],
)  # fmt: skip
def test_who_gets_the_form(world: World, role, status):
    assert browser(world, role).get(f"{page_of(world)}contact/").status_code == status


def test_contacts_over_the_api(world: World):
    url = f"{api_of(world)}contacts/"
    teacher = api(world, "teacher")
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    made = teacher.post(url, SENT, format="json", **key)
    assert made.status_code == 201
    assert teacher.post(url, SENT, format="json", **key).json() == made.json()
    listed = teacher.get(url).json()["results"]
    assert [row["id"] for row in listed] == [made.json()["id"]]
    assert (listed[0]["answer"], listed[0]["on"]) == ("发烧", "2026-10-12")
    late = teacher.post(url, SENT | {"at": "2026-10-12T08:00:01+08:00"}, format="json")
    assert (late.status_code, late.json()["errors"][0]["code"]) == (422, "future")
    assert teacher.post(url, SENT | {"channel": "pigeon"}, format="json").status_code == 400
    assert api(world, "township_cadre").get(url).status_code == 200
    assert api(world, "township_cadre").post(url, SENT, format="json").status_code == 403
    assert api(world, "other_teacher").get(url).status_code == 404
    assert api(world, "other_teacher").post(url, SENT, format="json").status_code == 404
    event = AuditEvent.objects.filter(verb="contact.list").first()
    assert event.subject == f"student:{world.pupils[0].public_id}"


def test_numbers_in_an_answer_are_masked(world: World):
    url = f"{api_of(world)}contacts/"
    text = f"证号 {world.pupils[0].id_number}"
    made = api(world, "teacher").post(url, SENT | {"answer": text}, format="json")
    assert world.pupils[0].id_number not in str(made.json())


def test_the_case_shows_the_contacts_in_its_timeline(world: World, clock):
    for day in (date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)):
        take(world, day, {0: U})
    opening.open_from_runs(at(date(2026, 10, 9), 12))
    given = Given(at(date(2026, 10, 9), 9), "phone", "relative", "随母亲去了温州")
    contacts.record(world.scope("teacher"), world.pupils[0], given, at(date(2026, 10, 9), 10))
    client = api(world, "township_cadre")
    case = client.get("/api/v1/cases/").json()["results"][0]
    entries = client.get(f"/api/v1/cases/{case['id']}/").json()["timeline"]
    (entry,) = [one for one in entries if one["kind"] == "contact"]
    assert (entry["text"], entry["by"]) == ("随母亲去了温州", "teacher 某")
    assert "by phone" in entry["title"]


def sent_away(world: World) -> Transfer:
    url = f"{page_of(world)}change/"
    sent = {"kind": "21", "on": "2026-09-14", "destination": "温州市第八中学"}
    assert browser(world, "school_leader").post(url, sent).status_code == 302
    return Transfer.objects.get()


def test_the_page_of_a_child_that_was_sent_away(world: World):
    transfer = sent_away(world)
    leader = browser(world, "school_leader")
    page = leader.get(page_of(world)).content.decode()
    assert "kc-disposition-unaccounted" in page
    assert "6 working days late" in page
    confirm = f"{page_of(world)}transfers/{transfer.public_id}/confirm/"
    assert confirm in page
    assert world.pupils[0].name in leader.get("/students/").content.decode()
    transfers.follow(at(MONDAY))
    assert "verify an unconfirmed transfer" in leader.get(page_of(world)).content.decode()
    refused = leader.post(confirm, {"on": "2026-10-13", "proof": "接收函 18"})
    assert refused.status_code == 422
    assert "接收函 18" in refused.content.decode()
    assert leader.post(confirm, {"on": "2026-09-21", "proof": "接收函 18"}).url == "/students/"
    assert leader.get(page_of(world)).status_code == 404
    shown = browser(world, "bureau_leader").get(page_of(world)).content.decode()
    assert "kc-disposition-elsewhere" in shown
    assert "接收函 18" in shown


def test_who_opens_the_page_of_a_transfer(world: World):
    transfer = sent_away(world)
    confirm = f"{page_of(world)}transfers/{transfer.public_id}/confirm/"
    for role, status in (
        ("school_leader", 200), ("bureau_staff", 200), ("township_cadre", 403), ("teacher", 403),
        ("other_leader", 404),
    ):  # fmt: skip
        assert browser(world, role).get(confirm).status_code == status, role
    nowhere = f"{page_of(world)}transfers/{uuid.uuid4()}/confirm/"
    assert browser(world, "school_leader").get(nowhere).status_code == 404
    for role, status in (("township_cadre", 200), ("teacher", 404), ("other_leader", 404)):
        assert browser(world, role).get(page_of(world)).status_code == status, role


def test_transfers_over_the_api(world: World):
    transfer = sent_away(world)
    leader = api(world, "school_leader")
    (row,) = leader.get(f"{api_of(world)}transfers/").json()["results"]
    assert (row["asked_on"], row["confirmed_on"]) == ("2026-09-14", None)
    assert row["to"] == "温州市第八中学"
    url = f"{api_of(world)}transfers/{transfer.public_id}/confirm/"
    assert leader.get(url).json() == row
    empty = leader.post(url, {"on": "2026-09-21", "proof": " "}, format="json")
    assert (empty.status_code, empty.json()["errors"][0]["code"]) == (422, "no_proof")
    assert api(world, "teacher").post(url, {}, format="json").status_code == 403
    assert api(world, "other_leader").get(url).status_code == 404
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    given = {"on": "2026-09-21", "proof": "接收函 18"}
    done = leader.post(url, given, format="json", **key)
    assert (done.status_code, done.json()["confirmed_on"]) == (200, "2026-09-21")
    assert leader.post(url, given, format="json", **key).json() == done.json()
    again = api(world, "bureau_staff").post(url, given, format="json")
    assert again.json()["errors"][0]["code"] == "confirmed"
    owed = leader.get("/api/v1/obligations/?kind=transfer_confirm").json()["results"][0]
    assert (owed["due_at"], owed["state"], owed["late"]) == (
        "2026-09-29T00:00:00+08:00", "met", True,
    )  # fmt: skip


def test_the_duties_stand_in_the_api(world: World):
    take(world, MONDAY, {0: U})
    contacts.raise_due(at(MONDAY, 8))
    rows = api(world, "school_leader").get("/api/v1/obligations/?kind=guardian_contact").json()
    (row,) = rows["results"]
    assert row["href"] == f"{page_of(world)}contact/"
    assert world.pupils[0].name not in str(row)
    world.posts["newcomer"] = post("newcomer", world.school, Position.TEACHER)
    client = api(world, "newcomer")  # of the school that owes it, without the child's class
    (theirs,) = client.get("/api/v1/obligations/?kind=guardian_contact").json()["results"]
    assert (theirs["id"], theirs["href"]) == (row["id"], None)
    assert client.get(f"/api/v1/obligations/{row['id']}/").json()["href"] is None

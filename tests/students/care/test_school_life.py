"""Schools and families: parents' committee (S1-20), home visits (S1-21), activities (S2-19)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from students.models import CommitteeSeat, GuardianContact, SchoolEvent
from students.queries import school_life as queries
from students.rules.contact import AtHome, home_problems
from students.rules.school_life import Event, problems
from students.services import contacts, school_life
from tests.support.clients import api, browser
from tests.support.ladder import scan
from tests.support.rolls import at
from tests.support.world import World

TODAY = date(2026, 10, 12)
MEETING = Event("meeting", "食堂饭菜", date(2026, 9, 20), 12, "决定每月试吃一次")
ACTIVITY = Event("left_behind", "给爸妈写封信", date(2026, 10, 10), 35)


@pytest.fixture
def world_now(world: World, clock) -> World:
    clock("2026-10-12T09:00")
    return world


@pytest.mark.parametrize(
    ("event", "pointers"),
    [
        (MEETING, []),
        (ACTIVITY, []),
        (Event("meeting", "食堂", TODAY, 3), ["/words"]),
        (Event("party", " ", date(2026, 10, 13), 0), ["/kind", "/title", "/on", "/reach"]),
    ],
    ids=["meeting", "activity", "no minutes", "nothing right"],
)
def test_what_a_record_has_to_say(event: Event, pointers: list[str]):
    assert [one.pointer for one in problems(event, TODAY)] == pointers


def test_a_leader_seats_parents_and_they_leave(world_now: World):
    leader, school = world_now.scope("school_leader"), world_now.school
    one = school_life.seat(leader, school, "张三", "chair", "七（3）班", at(TODAY))
    assert school_life.seat(leader, school, "张三", "chair", "", at(TODAY)) == one
    CommitteeSeat.objects.update(starts_on=date(2026, 9, 1))
    school_life.end_seat(leader, school, one.public_id, at(TODAY))
    assert CommitteeSeat.objects.get().ends_on == date(2026, 10, 11)
    with pytest.raises(NotVisible):
        school_life.end_seat(leader, school, one.public_id, at(TODAY))
    with pytest.raises(RuleBroken):
        school_life.seat(leader, school, " ", "member", "", at(TODAY))
    with pytest.raises(NotPermitted):
        school_life.seat(leader, world_now.second_school, "李四", "member", "", at(TODAY))


def test_what_was_held_counts_once_and_not_when_it_was_wrong(world_now: World):
    leader, school = world_now.scope("school_leader"), world_now.school
    made = school_life.hold(leader, school, MEETING, at(TODAY))
    assert school_life.hold(leader, school, MEETING, at(TODAY)) == made
    school_life.hold(leader, school, ACTIVITY, at(TODAY))
    (line,) = queries.lines([school], date(2026, 9, 1), TODAY)
    assert (line.meetings, line.activities) == (1, 1)
    with pytest.raises(RuleBroken):
        school_life.take_back(leader, school, made.public_id, " ", at(TODAY))
    school_life.take_back(leader, school, made.public_id, "日期写错", at(TODAY))
    with pytest.raises(NotPossible):
        school_life.take_back(leader, school, made.public_id, "日期写错", at(TODAY))
    (line,) = queries.lines([school], date(2026, 9, 1), TODAY)
    assert (line.meetings, line.activities) == (0, 1)
    assert school_life.hold(leader, school, MEETING, at(TODAY)) != made


def test_home_visits_are_the_contacts_at_home_of_who_one_sees(world_now: World):
    child = world_now.pupils[0]
    for channel, signed in (("visit", "张某"), ("phone", "")):
        given = contacts.Given(at(TODAY), channel, "guardian", "家里有书桌", signed_by=signed)
        contacts.record(world_now.scope("teacher"), child, given, at(TODAY))
    (line,) = queries.lines([world_now.school], date(2026, 9, 1), TODAY)
    assert line.visits == 1
    address = f"/school-life/{world_now.school.code}/"
    page = browser(world_now, "school_leader").get(address).content.decode()
    assert page.count("家里有书桌") == 1
    assert child.name in page


@pytest.mark.parametrize(
    ("channel", "reached", "home", "pointers"),
    [
        ("visit", "guardian", AtHome("副校长", "张某", "", has_photo=True), []),
        ("visit", "carer", AtHome(unsigned_because="不识字，按手印"), []),
        ("visit", "nobody", AtHome(), []),
        ("visit", "relative", AtHome("副校长"), ["/signed_by"]),
        ("visit", "guardian", AtHome("", "张某", "忘了"), ["/unsigned_because"]),
        ("phone", "guardian", AtHome(), []),
        ("phone", "guardian", AtHome(signed_by="张某"), ["/channel"]),
    ],
)
def test_the_record_of_a_home_visit_is_signed_or_says_why_not(channel, reached, home, pointers):
    assert [one.pointer for one in home_problems(channel, reached, home)] == pointers


def test_a_home_visit_keeps_its_photo_and_shows_it_to_who_sees_the_child(world_now: World):
    child = world_now.pupils[0]
    teacher, leader = browser(world_now, "teacher"), browser(world_now, "school_leader")
    url = f"/students/{child.public_id}/contact/?channel=visit"
    assert " open><summary" in teacher.get(url).content.decode()
    sent = {
        "channel": "visit", "reached": "guardian", "words": "有书桌", "at": "2026-10-12T08:30",
        "with_whom": "副校长", "signed_by": "张某",
    }  # fmt: skip
    program = SimpleUploadedFile("家访.png", b"MZ\x90\x00")
    assert teacher.post(url, sent | {"photo": program}).status_code == 422
    assert teacher.post(url, sent | {"signed_by": ""}).status_code == 422
    picture = SimpleUploadedFile("家访.png", scan())
    assert teacher.post(url, sent | {"photo": picture}).status_code == 302
    row = GuardianContact.objects.get()
    photo = f"/students/{child.public_id}/contacts/{row.public_id}/photo/"
    page = leader.get(f"/school-life/{world_now.school.code}/").content.decode()
    for text in ("With 副校长", "Signed by 张某", photo):
        assert text in page
    assert photo in teacher.get(f"/students/{child.public_id}/").content.decode()
    assert leader.get(photo)["Content-Type"] == "image/jpeg"
    assert leader.get(f"{photo}?small=1").status_code == 200
    assert browser(world_now, "other_leader").get(photo).status_code == 404
    visits = api(world_now, "school_leader").get(
        f"/api/v1/school-life/{world_now.school.code}/home-visits/"
    )
    (visit,) = visits.json()["results"]
    assert (visit["name"], visit["signed_by"], visit["has_photo"]) == (child.name, "张某", True)


def test_the_pages_write_and_refuse(world_now: World):
    leader = browser(world_now, "school_leader")
    address = f"/school-life/{world_now.school.code}/"
    assert leader.get("/school-life/").url == address
    event = {"kind": "meeting", "title": "食堂饭菜", "on": "2026-09-20", "reach": "12"}
    refused = leader.post(f"{address}events/", event)
    assert refused.status_code == 422
    assert "The minutes are missing." in refused.content.decode()
    assert "食堂饭菜" in refused.content.decode()
    assert leader.post(f"{address}events/", event | {"words": "每月试吃"}).status_code == 302
    seat = {"name": "张三", "kind": "chair", "of_class": "七（3）班"}
    assert leader.post(f"{address}seats/", seat).status_code == 302
    shown = leader.get(address).content.decode()
    assert "每月试吃" in shown
    assert "张三" in shown
    made = SchoolEvent.objects.get()
    back = f"{address}events/{made.public_id}/take-back/"
    assert leader.post(back, {"because": ""}).status_code == 422
    assert leader.post(back, {"because": "写错"}).status_code == 302
    seat_id = CommitteeSeat.objects.get().public_id
    assert leader.post(f"{address}seats/{seat_id}/end/").status_code == 302
    assert CommitteeSeat.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        ("teacher", 200, 404),
        ("township_cadre", 200, 404),
        ("bureau_staff", 200, 200),
        ("other_leader", 404, 200),
        ("agency_staff", 403, 403),
    ],
)
def test_who_sees_which_school(world_now: World, role: str, own: int, other: int):
    page = browser(world_now, role)
    assert page.get(f"/school-life/{world_now.school.code}/").status_code == own
    assert page.get(f"/school-life/{world_now.other_school.code}/").status_code == other
    sent = {"kind": "other", "title": "x", "on": "2026-10-01", "reach": "5"}
    address = f"/school-life/{world_now.school.code}/events/"
    assert page.post(address, sent).status_code in {403, 404}
    assert SchoolEvent.objects.count() == 0


def test_the_same_over_the_api(world_now: World):
    leader, base = api(world_now, "school_leader"), f"/api/v1/school-life/{world_now.school.code}/"
    sent = {"name": "张三", "kind": "chair", "of_class": "七（3）班"}
    made = leader.post(f"{base}committee/", sent, format="json")
    assert (made.status_code, made.json()["name"]) == (201, "张三")
    nobody = leader.post(f"{base}committee/", {**sent, "name": " "}, format="json")
    assert nobody.status_code == 422
    event = {"kind": "meeting", "title": "食堂饭菜", "on": "2026-09-20", "reach": 12}
    assert leader.post(f"{base}events/", event, format="json").status_code == 422
    key = {"Idempotency-Key": "7f3c0d52-6c1e-4a35-9d0c-0d5e1f4a9b11"}
    for _twice in range(2):
        held = leader.post(f"{base}events/", event | {"words": "试吃"}, format="json", headers=key)
        assert held.status_code == 201
    line = leader.get("/api/v1/school-life/").json()["results"][0]
    assert (line["parents"], line["meetings"]) == (1, 1)
    back = f"{base}events/{held.json()['id']}/take-back/"
    assert leader.post(back, {"because": ""}, format="json").status_code == 422
    assert leader.post(back, {"because": "写错"}, format="json").json()["taken_back"] is True
    assert leader.get(f"{base}events/").json()["results"] == []
    seat_id = made.json()["id"]
    assert leader.post(f"{base}committee/{seat_id}/end/").json()["results"] == []
    teacher = api(world_now, "teacher")
    assert teacher.post(f"{base}committee/", sent, format="json").status_code == 403
    assert api(world_now, "other_leader").get(f"{base}events/").status_code == 404

"""The pages of a round: two taps on a phone, the sheet, a case from a result, who sees what; API."""

import re
from datetime import date
from uuid import uuid4

from agencies.models import AuditEvent, Obligation
from cases.models import Case
from students.models import ScreenedChild, ScreeningRound, ScreeningTask, Student
from students.services import screening
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World

TODAY = date(2026, 10, 12)


def opened(world: World) -> ScreeningRound:
    screening.open_due(at(TODAY))
    return ScreeningRound.objects.get(kind="autumn")


def village(world: World, row: ScreeningRound) -> str:
    return f"/screenings/{row.public_id}/villages/{world.village.code}/"


def test_two_taps_for_a_child_and_it_leaves_the_list(world: World):
    row, child = opened(world), world.pupils[0]
    phone = browser(world, "village_cadre")
    assert phone.get(f"/screenings/{row.public_id}/").url == village(world, row)
    page = phone.get(village(world, row)).content.decode()
    assert "6 children to ask about" in page
    assert page.count('<details class="kc-door"') == 6
    sent = {"client_id": uuid4(), "student": child.public_id, "found": "in_school"}
    answer = phone.post(f"{village(world, row)}results/?houses=-", sent)
    assert answer.url == f"{village(world, row)}?houses=-"
    page = phone.get(village(world, row)).content.decode()
    assert "5 children to ask about" in page
    assert child.name not in page
    assert child.name in phone.get(f"{village(world, row)}?asked=1").content.decode()
    read = AuditEvent.objects.filter(verb="screening.read").first()
    assert read.detail == {"village": world.village.code, "shown": 6}


def test_a_child_that_was_not_found_gets_a_case_with_one_more_tap(world: World):
    row, child = opened(world), world.pupils[0]
    phone = browser(world, "village_cadre")
    sent = {"client_id": uuid4(), "student": child.public_id, "found": "not_found", "note": "锁门"}
    case_url = f"/screenings/{row.public_id}/children/{child.public_id}/case/"
    assert phone.post(case_url).url.endswith("?asked=1")  # nothing was found out yet
    assert not Case.objects.exists()
    phone.post(f"{village(world, row)}results/", sent)
    assert case_url in phone.get(f"{village(world, row)}?asked=1").content.decode()
    case = phone.post(case_url)
    opened_case = Case.objects.get(student=child)
    assert case.url == f"/cases/{opened_case.public_id}/"
    assert opened_case.current.origin == "whereabouts_unknown"
    assert opened_case.current.trigger_date == TODAY
    page = phone.get(f"{village(world, row)}?asked=1").content.decode()
    assert case_url not in page
    assert case.url in page
    phone.post(case_url)
    assert Case.objects.count() == 1


def test_a_child_nobody_knew_is_written_down_and_asked_about_twice(world: World):
    row, phone = opened(world), browser(world, "village_cadre")
    told = {
        "client_id": uuid4(), "name": "张梓涵", "sex": "1", "born_on": "2013-05-04",
        "guardian": "张大山", "address": "3组9号", "no_id_reason": "未落户",
    }  # fmt: skip
    address = f"{village(world, row)}unknown/"
    refused = phone.post(address, {**told, "no_id_reason": ""})
    assert (refused.status_code, "3组9号" in refused.content.decode()) == (422, True)
    alike = phone.post(address, told)
    assert alike.status_code == 422
    assert 'name="sure"' in alike.content.decode()
    assert phone.post(address, {**told, "sure": "on"}).status_code == 302
    child = Student.objects.get(known_since=TODAY)
    assert phone.get(f"/students/{child.public_id}/").status_code == 200
    case = phone.post(f"/screenings/{row.public_id}/children/{child.public_id}/case/")
    assert Case.objects.get().current.origin == "never_enrolled"
    assert "/cases/" in case.url


def test_an_answer_about_nobody_counts_and_has_no_name(world: World):
    row, phone = opened(world), browser(world, "village_cadre")
    some = ScreenedChild.objects.filter(round=row).first()
    sent = {"client_id": uuid4(), "student": some.student.public_id, "found": "not_found"}
    phone.post(f"{village(world, row)}results/", sent)
    ScreenedChild.objects.filter(pk=some.pk).update(student=None)
    page = phone.get(f"{village(world, row)}?asked=1").content.decode()
    assert "Taken back: a fault of the register" in page
    assert "Asked about 1<" in page
    assert "5 children to ask about" in page
    assert "Taken back" not in phone.get(village(world, row)).content.decode()
    program = api(world, "village_cadre")
    (found,) = program.get("/api/v1/screenings/").json()["results"]
    listed = program.get(f"/api/v1/screenings/{row.public_id}/villages/{world.village.code}/")
    (nobody,) = listed.json()["taken_back"]
    assert nobody["found"] == "not_found"
    assert len(listed.json()["children"]) + 1 == found["total"] == 6
    assert found["asked"] == 1


def test_the_sheet_has_columns_to_write_in(world: World):
    row = opened(world)
    page = browser(world, "village_cadre").get(f"{village(world, row)}print/").content.decode()
    assert all(child.name in page for child in world.pupils)
    assert page.count('<tr class="kc-blank"') == 5
    assert world.pupils[0].guardians.get().phone not in page


def test_the_bureau_opens_sees_and_closes(world: World):
    opened(world)
    bureau = browser(world, "bureau_staff")
    refused = bureau.post("/screenings/new/", {"title": "核查", "stage": "primary"})
    assert refused.status_code == 422
    sent = {"title": "冬季核查", "stage": "junior", "area": [world.village.code]}
    answer = bureau.post("/screenings/new/", sent)
    row = ScreeningRound.objects.get(kind="special")
    assert answer.url == f"/screenings/{row.public_id}/"
    assert row.areas == [world.village.path]
    page = bureau.get(answer.url).content.decode()
    assert "0 / 6" in page
    assert world.township.name in page
    assert "冬季核查" in browser(world, "township_cadre").get("/screenings/").content.decode()
    assert Obligation.objects.filter(kind="screening").count() == 2
    assert bureau.post(f"{answer.url}close/").status_code == 302
    late = browser(world, "village_cadre")
    sent = {"client_id": uuid4(), "student": world.pupils[0].public_id, "found": "in_school"}
    assert late.post(f"{village(world, row)}results/", sent).status_code == 302
    assert not ScreenedChild.objects.exclude(found="").exists()


def test_a_township_sends_somebody(world: World):
    row, town = opened(world), browser(world, "township_cadre")
    address = f"/screenings/{row.public_id}/townships/{world.township.code}/"
    assert town.get(f"/screenings/{row.public_id}/").url == address
    assert "Send somebody" in town.get(address).content.decode()
    sent = {"houses": "3组", "post": world.posts["township_cadre"].public_id}
    assert town.post(f"{village(world, row)}assign/", sent).url == address
    assert ScreeningTask.objects.get(houses="3组").post == world.posts["township_cadre"]
    wrong = {"houses": "4组", "post": world.posts["other_cadre"].public_id}
    town.post(f"{village(world, row)}assign/", wrong)
    assert not ScreeningTask.objects.filter(houses="4组").exists()
    assert (
        browser(world, "village_cadre").post(f"{village(world, row)}assign/", sent).status_code
        == 403
    )


def test_no_village_of_others(world: World):
    row = opened(world)
    for role, status in (("other_cadre", 404), ("teacher", 403), ("agency_staff", 403)):
        page = browser(world, role)
        for address in (village(world, row), f"{village(world, row)}print/"):
            answer = page.get(address)
            assert answer.status_code == status, role
            assert world.pupils[0].name not in answer.content.decode()
    assert browser(world, "township_cadre").get("/screenings/new/").status_code == 403


def test_the_list_costs_the_same_for_many_children(world: World, django_assert_max_num_queries):
    row, phone = opened(world), browser(world, "village_cadre")
    with django_assert_max_num_queries(16):
        page = phone.get(village(world, row)).content.decode()
    assert len(re.findall(r'name="client_id"', page)) == 6


def test_the_api_lists_and_records(world: World):
    row, program = opened(world), api(world, "village_cadre")
    (found,) = program.get("/api/v1/screenings/").json()["results"]
    assert (found["id"], found["total"], found["asked"]) == (str(row.public_id), 6, 0)
    listed = program.get(f"/api/v1/screenings/{row.public_id}/villages/{world.village.code}/")
    children = listed.json()["children"]
    assert {one["name"] for one in children} == {child.name for child in world.pupils}
    assert "****" in children[0]["guardians"][0]["phone"]
    results = f"/api/v1/screenings/{row.public_id}/results/"
    sent = {"client_id": str(uuid4()), "student": children[0]["student"], "found": "with_family"}
    for _again in range(2):
        answer = program.post(results, sent, format="json")
        assert (answer.status_code, answer.json()["found"]) == (201, "with_family")
    assert program.post(results, {**sent, "found": "lost"}, format="json").status_code == 400
    other = api(world, "other_cadre")
    assert (
        other.post(results, {**sent, "client_id": str(uuid4())}, format="json").status_code == 404
    )
    told = {
        "client_id": str(uuid4()), "region": world.village.code, "name": "林小雨", "sex": "1",
        "born_on": "2015-03-15", "guardian": "林大山", "address": "3组", "no_id_reason": "未落户",
    }  # fmt: skip
    made = program.post(f"/api/v1/screenings/{row.public_id}/unknown/", told, format="json")
    assert (made.status_code, made.json()["found"]) == (201, "moved_in")
    refused = other.post(f"/api/v1/screenings/{row.public_id}/unknown/", told, format="json")
    assert refused.status_code == 404

"""Requests and other counties through pages and API: what each side sees, and nothing else."""

import re
import uuid
from datetime import date
from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from agencies.models import AuditEvent, Notice
from cases.models import HelpRequest
from cases.queries import request_figures
from cases.rules.requests import Answer, Matter, Move
from cases.rules.workflow import Action
from cases.services import actions
from cases.services.actions import Order
from tests.cases.requests.county import LABOUR, NOON, TODAY, asked, bodies, case_of, order, take
from tests.conventions.test_urls import addresses
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


@pytest.fixture
def case(world: World):
    bodies(world)
    return case_of(world)


@pytest.fixture
def row(world: World, case) -> HelpRequest:
    return asked(world, case, world.posts["labour"].agency)


def secrets(case) -> list[str]:
    child = case.student
    return [child.name, child.id_number, "张某", case.household.address]


def test_the_asked_body_sees_its_fields_and_particulars_and_the_read_is_recorded(world, case, row):
    page = browser(world, "labour").get(f"/requests/{row.public_id}/").content.decode()
    for seen in (case.student.name, case.student.id_number, "瑞安市某鞋厂", "张某（父亲）", "male"):
        assert escape(seen) in page
    for unseen in (case.number, case.household.address, "13800000001", str(case.public_id)):
        assert unseen not in page
    event = AuditEvent.objects.get(verb="request.read")
    assert event.subject == f"request:{row.public_id}"
    assert event.detail["fields"] == ["name", "sex", "born_on", "id_number", "guardian", "school"]
    shown = api(world, "labour").get(f"/api/v1/requests/{row.public_id}/").json()
    assert set(shown["shared"]) == set(event.detail["fields"])
    assert shown["moves"] == ["accept", "refuse"]


@pytest.mark.parametrize("matter", list(Matter))
def test_each_matter_shares_only_its_fields(world, case, matter):
    role = {
        Matter.LEGAL_AID: "justice", Matter.AID: "civil_affairs", Matter.CHILD_LABOUR: "labour",
        Matter.SEARCH: "agency_staff", Matter.DISABILITY: "disabled", Matter.ILLNESS: "health",
        Matter.WOMEN: "agency_staff", Matter.LICENCE: "market", Matter.VENUE: "market",
    }[matter]  # fmt: skip
    needs = {
        Matter.CHILD_LABOUR: LABOUR,
        Matter.SEARCH: {"last_seen": "10月9日，汽车站"},
        Matter.DISABILITY: {"difficulty": "听力"},
        Matter.ILLNESS: {"condition": "长期发热"},
        Matter.LICENCE: {"business": "某网吧", "place": "大峃镇"},
        Matter.VENUE: {"business": "某书院", "place": "大峃镇"},
    }.get(matter, {})
    made = asked(world, case, world.posts[role].agency, matter, **needs)
    shown = api(world, role).get(f"/api/v1/requests/{made.public_id}/").json()
    text = browser(world, role).get(f"/requests/{made.public_id}/").content.decode()
    known = {
        "name": case.student.name, "id_number": case.student.id_number, "guardian": "张某",
        "home": case.household.address, "guardian_phone": "13800000001",
    }  # fmt: skip
    for field, value in known.items():
        assert (field in shown["shared"]) is (value in text), (matter, field)
    assert set(made.particulars) == set(needs)


@pytest.mark.parametrize("over", ["done", "refused", "withdrawn", "case"])
def test_after_the_end_only_that_there_was_one(world, case, row, over):
    if over == "refused":
        take(world, row, "labour", Move.REFUSE, f"{case.student.name}不在本县")
    elif over == "withdrawn":
        take(world, row, "township_cadre", Move.WITHDRAW, f"{case.student.name}已找到")
    else:
        take(world, row, "labour", Move.ACCEPT)
        text = f"{case.student.name}已送回"
        take(world, row, "labour", Move.ANSWER, text, answer=order(), file=PDF)
    if over == "done":
        take(world, row, "township_cadre", Move.DONE, f"{case.student.name}已返校")
    if over == "case":
        end = Order(TODAY, "不实")
        actions.act(world.scope("township_cadre"), case.public_id, Action.DISMISS, end, NOON)
    seen = [
        browser(world, "labour").get(f"/requests/{row.public_id}/").content.decode(),
        browser(world, "labour").get("/requests/").content.decode(),
        api(world, "labour").get(f"/api/v1/requests/{row.public_id}/").content.decode(),
        api(world, "labour").get("/api/v1/requests/").content.decode(),
    ]
    for text, secret in product(seen, [*secrets(case), "瑞安市某鞋厂", "请依法查处", "7号"]):
        assert secret not in text
    shown = api(world, "labour").get(f"/api/v1/requests/{row.public_id}/").json()
    assert (shown["running"], shown["shared"], shown["moves"]) == (False, {}, [])
    assert shown["number"] == row.number
    # The asking side still sees all of it.
    ours = browser(world, "township_cadre").get(f"/cases/{case.public_id}/requests/")
    assert "瑞安市某鞋厂" in ours.content.decode()


def test_the_other_agency_sees_nothing_else_of_the_case_over_all_routes(world, case, row):
    """Every address that names this case, its child, class or request, pages and API, read and
    written; and every list, read. The others are walked through by tests/conventions/test_urls.py.
    """
    take(world, row, "labour", Move.ACCEPT)
    own = {f"/requests/{row.public_id}/", f"/api/v1/requests/{row.public_id}/"}
    named = (case.public_id, case.student.public_id, world.school_class.public_id, row.public_id)
    found = {
        re.sub(r"/requests/[0-9a-f-]{36}/", f"/requests/{row.public_id}/", one)
        for one in addresses(world, case)
    }
    about = {one for one in found if any(str(key) in one for key in named)}
    lists = {one for one in found if not re.search("[0-9a-f]{8}-", one)} - {"/logout/"}
    assert own <= about
    tried = 0
    program, person = api(world, "labour"), browser(world, "labour")
    for address in sorted(about | lists):
        client = program if address.startswith("/api/") else person
        more = {"format": "json"} if address.startswith("/api/") else {}
        for method in ("get", "post", "put", "delete") if address in about else ("get",):
            answer = getattr(client, method)(address, **more)
            assert answer.status_code < 500 or address == "/health/status", address
            if str(row.public_id) in address and "/cases/" not in address:
                continue  # its own request, tried above
            for secret in secrets(case):
                assert secret.encode() not in answer.content, (method, address, secret)
            if f"/cases/{case.public_id}/" in address:
                allowed = (403, 404, 405) if method == "get" else (400, 403, 404, 405)
                assert answer.status_code in allowed, (method, address)
                tried += 1
    assert tried > 40
    row.refresh_from_db()
    assert row.state == "accepted"


@pytest.mark.parametrize("role", ["civil_affairs", "agency_staff", "teacher", "other_cadre"])
def test_nobody_else_finds_the_request(world, row, role):
    client = api(world, role)
    there = client.get(f"/api/v1/requests/{row.public_id}/")
    nowhere = client.get(f"/api/v1/requests/{uuid.uuid4()}/")
    assert there.status_code in (403, 404)
    assert there.content == nowhere.content
    page = browser(world, role).get(f"/requests/{row.public_id}/")
    expected = 302 if role == "teacher" else 404  # the teacher sees the case: led to its page
    assert page.status_code == expected


def test_one_request_through_the_pages(world, case):
    cadre, labour = browser(world, "township_cadre"), browser(world, "labour")
    url = f"/cases/{case.public_id}/requests/"
    assert "No other body has been asked." in cadre.get(url).content.decode()
    chosen = cadre.get(f"{url}ask/?matter=child_labour")
    assert "ID number" in chosen.content.decode()
    form = {
        "client_id": str(uuid.uuid4()),
        "version": case.version,
        "to": str(world.posts["labour"].agency.public_id),
        "asked": "请依法查处",
        "particular-place": "瑞安",
    }
    refused = cadre.post(f"{url}ask/?matter=child_labour", form)
    assert refused.status_code == 422
    assert "瑞安" in refused.content.decode()
    form["particular-employer"] = "某鞋厂"
    assert cadre.post(f"{url}ask/?matter=child_labour", form).url == url
    row = HelpRequest.objects.get()
    listed = labour.get("/requests/").content.decode()
    assert "1 request waits for you" in listed
    assert case.student.name not in listed
    step = f"/requests/{row.public_id}/"
    assert labour.post(f"{step}refuse/", {"version": 1, "text": " "}).status_code == 422
    assert labour.post(f"{step}accept/", {"version": 1}).status_code == 302
    wrong = labour.post(f"{step}answer/", {"version": 2, "outcome": "order_issued", "text": "已查"})
    assert wrong.status_code == 422
    assert "needs the number of the paper" in wrong.content.decode()
    assert "已查" in wrong.content.decode()
    answer = {
        "version": 2,
        "outcome": "order_issued",
        "paper_number": "文人社监〔2026〕7号",
        "text": "已责令退回",
        "file": SimpleUploadedFile("scan.pdf", PDF),
    }
    assert labour.post(f"{step}answer/", answer).status_code == 302
    ours = cadre.get(url).content.decode()
    assert "文人社监〔2026〕7号" in ours
    file_id = row.steps.get(state="answered").file.public_id
    assert cadre.get(f"/cases/{case.public_id}/files/{file_id}/").content == PDF
    assert labour.get(f"/cases/{case.public_id}/files/{file_id}/").status_code == 404
    assert cadre.post(f"{url}{row.public_id}/done/", {"version": 3}).status_code == 302
    assert cadre.post(f"{url}{row.public_id}/done/", {"version": 4}).status_code == 422
    assert cadre.post(f"{url}{row.public_id}/accept/", {"version": 4}).status_code == 404


def test_an_answer_with_a_file_is_given_once_for_a_key(world, row):
    take(world, row, "labour", Move.ACCEPT)
    client, url = api(world, "labour"), f"/api/v1/requests/{row.public_id}/answer/"
    key = {"Idempotency-Key": str(uuid.uuid4())}

    def send(content: bytes):
        file = SimpleUploadedFile("a.pdf", content)
        sent = {"outcome": "not_found", "text": "去了两次", "file": file}
        return client.post(url, sent, format="multipart", headers=key)

    first, again, other = send(PDF), send(PDF), send(PDF + b"\n")
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 422)
    assert again.json() == first.json()
    assert row.steps.filter(state="answered").count() == 1


def test_of_two_who_answer_the_second_is_shown_the_answer_of_the_first(world, row):
    take(world, row, "labour", Move.ACCEPT)
    row.refresh_from_db()
    client, url = browser(world, "labour"), f"/requests/{row.public_id}/"
    mine = {"version": row.version, "outcome": "not_found", "text": "去了两次，没有找到"}
    take(world, row, "labour", Move.ANSWER, "已责令退回", answer=order())
    page = client.post(f"{url}answer/", mine)
    shown = page.content.decode()
    assert page.status_code == 422
    assert "Somebody else changed this request meanwhile." in shown
    assert "已责令退回" in shown
    assert 'name="outcome"' not in shown  # it could only be refused again


def test_who_works_on_the_case_reads_what_was_shared_with_masked_numbers(world, case):
    made = asked(world, case, world.posts["agency_staff"].agency, "search", last_seen="汽车站")
    for role in ("township_cadre", "teacher"):
        page = browser(world, role).get(f"/cases/{case.public_id}/requests/").content.decode()
        assert "138****0001" in page
        assert "13800000001" not in page
        assert case.student.id_number not in page
    theirs = browser(world, "agency_staff").get(f"/requests/{made.public_id}/").content.decode()
    assert "13800000001" in theirs


def test_a_request_is_found_only_under_its_own_case(world, case, row):
    other = case_of(world, 1)
    cadre = browser(world, "township_cadre")
    url = f"/cases/{other.public_id}/requests/{row.public_id}/withdraw/"
    assert cadre.post(url, {"version": 1, "text": "x"}).status_code == 404


def test_the_asker_is_led_from_the_notice_to_the_case(world, case, row):
    take(world, row, "labour", Move.ACCEPT)
    told = Notice.objects.get(agency=world.town_hall, kind="request")
    answer = browser(world, "township_cadre").get(told.href)
    assert answer.url == f"/cases/{case.public_id}/requests/"


def test_the_letter_is_a_numbered_paper_with_masked_data(world, case, row):
    cadre = browser(world, "township_cadre")
    url = f"/cases/{case.public_id}/requests/{row.public_id}/letter/"
    assert cadre.post(url).status_code == 302
    assert cadre.post(url).status_code == 302
    row.refresh_from_db()
    assert row.paper.number.endswith("协〔2026〕1号")
    assert row.paper.addressee == "县人力资源和社会保障局"
    shared = {line["label"]: line["value"] for line in row.paper.facts["shared"]}
    assert shared["姓名"] == case.student.name
    assert shared["身份证件号"] == case.student.masked_id_number
    assert shared["用人单位"] == "瑞安市某鞋厂"
    assert case.student.id_number not in str(row.paper.facts)
    assert row.paper.number in cadre.get(f"/cases/{case.public_id}/requests/").content.decode()


def test_through_the_api(world, case):
    cadre, labour = api(world, "township_cadre"), api(world, "labour")
    url = f"/api/v1/cases/{case.public_id}/requests/"
    empty = cadre.get(url).json()
    assert empty["results"] == []
    assert {body["name"] for body in empty["bodies"]} >= {"县司法局", "大峃派出所"}
    sent = {
        "client_id": str(uuid.uuid4()),
        "matter": "child_labour",
        "to": str(world.posts["labour"].agency.public_id),
        "asked": "请依法查处",
        "particulars": {"place": "瑞安"},
    }
    refused = cadre.post(url, sent, format="json")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/particulars/employer"
    sent["particulars"]["employer"] = "某鞋厂"
    made = cadre.post(url, sent, format="json")
    assert made.status_code == 201
    assert made.json()["shared"]["id_number"] == case.student.masked_id_number
    assert cadre.post(url, sent, format="json").json()["id"] == made.json()["id"]
    step = f"/api/v1/requests/{made.json()['id']}/"
    assert [one["id"] for one in labour.get("/api/v1/requests/").json()["results"]] == [
        made.json()["id"]
    ]
    assert cadre.get(step).status_code == 403
    assert labour.post(f"{step}refuse/", {}, format="json").status_code == 422
    assert (
        labour.post(f"{step}answer/", {"outcome": "no_grounds"}, format="json").status_code == 409
    )
    assert labour.post(f"{step}accept/", {}, format="json").json()["state"] == "accepted"
    body = {"outcome": "order_issued", "paper_number": "7号", "file": SimpleUploadedFile("a", PDF)}
    answered = labour.post(f"{step}answer/", body, format="multipart")
    assert answered.json()["steps"][-1]["has_file"] is True
    assert labour.post(f"{step}done/", {}, format="json").status_code == 403
    assert cadre.post(f"{step}done/", {}, format="json").json()["state"] == "done"
    assert cadre.post(f"{step}withdraw/", {"reason": "x"}, format="json").status_code == 409


def test_figures_of_each_body_with_their_denominators(world, case):
    labour, justice = world.posts["labour"].agency, world.posts["justice"].agency
    quick = asked(world, case, labour)
    take(world, quick, "labour", Move.ACCEPT, now=at(date(2026, 10, 14), 9))
    slow = asked(world, case, labour)
    late = at(date(2026, 10, 20), 9)
    take(world, slow, "labour", Move.REFUSE, "不在本县", now=late)
    gone = asked(world, case, labour)
    take(world, gone, "township_cadre", Move.WITHDRAW, "已找到")
    asked(world, case, labour, now=NOON)
    asked(world, case, justice, "legal_aid")
    now = at(date(2026, 10, 19), 12)
    page = request_figures.page_of(world.county.pk, date(2026, 9, 1), date(2026, 10, 31), now)
    got = {one.agency: one for one in page.replies}
    ours = got[labour]
    assert (ours.owed, ours.in_time, ours.late, ours.waiting, ours.fallen, ours.refused) == (
        4, 1, 1, 1, 1, 1
    )  # fmt: skip
    assert ours.owed == ours.in_time + ours.late + ours.waiting + ours.fallen
    assert (ours.mean, ours.days) == (4.0, (2, 6))
    assert (got[justice].owed, got[justice].waiting, got[justice].mean) == (1, 1, None)
    (done,) = page.answers
    assert (done.agency, done.owed, done.waiting) == (labour, 1, 1)
    later = request_figures.page_of(
        world.county.pk, date(2026, 9, 1), date(2026, 10, 31), at(date(2026, 10, 21), 12)
    )
    assert {one.agency: one.late for one in later.replies} == {labour: 2, justice: 1}
    shown = browser(world, "bureau_leader").get("/requests/figures/")
    assert shown.status_code == 200
    assert "县人力资源和社会保障局" in shown.content.decode()
    assert case.student.name not in shown.content.decode()
    assert browser(world, "township_leader").get("/requests/figures/").status_code == 403
    assert browser(world, "labour").get("/requests/figures/").status_code == 403


def queries_of(client, address: str) -> int:
    with counted() as statements:
        assert client.get(address).status_code == 200
    return len(statements)


def test_lists_need_the_same_queries_however_long_they_are(world, case, row):
    client, cadre = browser(world, "labour"), browser(world, "township_cadre")
    few = queries_of(client, "/requests/")
    ours = queries_of(cadre, f"/cases/{case.public_id}/requests/")
    for _again in range(5):
        asked(world, case, world.posts["labour"].agency)
    assert queries_of(client, "/requests/") == few
    assert queries_of(cadre, f"/cases/{case.public_id}/requests/") == ours


def test_an_outcome_that_needs_a_day_says_so(world, case, row):
    take(world, row, "labour", Move.ACCEPT)
    answer = api(world, "labour").post(
        f"/api/v1/requests/{row.public_id}/answer/", {"outcome": "sent_back"}, format="json"
    )
    assert answer.json()["errors"][0]["pointer"] == "/day"
    take(world, row, "labour", Move.ANSWER, answer=Answer("sent_back", "", TODAY))
    row.refresh_from_db()
    assert row.state == "answered"


def test_the_case_page_leads_to_requests_and_notices(world, case, row):
    client = api(world, "bureau_staff")
    body = {"client_id": str(uuid.uuid4()), "why": "is_there", "authority": "瑞安市教育局"}
    assert (
        client.post(f"/api/v1/cases/{case.public_id}/outside/", body, format="json").status_code
        == 201
    )
    page = browser(world, "bureau_staff").get(f"/cases/{case.public_id}/").content.decode()
    assert f'href="/cases/{case.public_id}/requests/"' in page
    assert "1 request" in page
    assert "1 notice" in page

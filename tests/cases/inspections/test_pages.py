"""The pages and the API: the way of a joint inspection, forms that are refused, who sees what."""

import uuid

import pytest
from django.test import Client

from cases.models import Case, Finding, FoundChild, Inspection, Publication, Venue
from cases.rules.inspections import Deed
from tests.cases.inspections.county import bodies, found, held, order, place, planned, take
from tests.support.budgets import counted
from tests.support.clients import api, browser


@pytest.fixture
def others(world):
    return bodies(world)


@pytest.fixture
def row(world, others) -> Inspection:
    joined = (others["police"].public_id, others["culture"].public_id)
    return held(world, planned(world, place(world), others=joined))


def test_the_way_of_a_joint_inspection_in_pages(world, others):
    page = browser(world, "bureau_staff")
    made = page.post(
        "/venues/new/",
        {
            "client_id": str(uuid.uuid4()),
            "kind": "classics",
            "name": "明德读经班",
            "region": world.village.code,
            "address": "建设路12号",
            "approved_by": "县教育局",
            "approval_number": "教民19号",
        },
    )
    venue = Venue.objects.get()
    assert made.url == f"/venues/{venue.public_id}/"
    plan = {
        "client_id": str(uuid.uuid4()),
        "topic": "training",
        "planned_on": "2026-10-12",
        "bodies": [str(others["police"].public_id)],
        "basis": "联席会议纪要3号",
    }
    page.post(f"/inspections/new/?venue={venue.public_id}", plan)
    row = Inspection.objects.get()
    there = f"/inspections/{row.public_id}/"
    when = {"on": "2026-10-12", "until": "2026-10-12", "summary": "查看教室"}
    assert page.post(f"{there}hold/", when).url == there
    page.post(
        f"{there}findings/new/",
        {"client_id": str(uuid.uuid4()), "kind": "holds_children", "what": "两名儿童在读"},
    )
    assert page.post(f"{there}children/", {"q": "张梓涵"}).url == f"{there}children/"
    shown = page.get(f"{there}children/").content.decode()
    assert "张梓涵" in shown
    child = {"student": str(world.pupils[0].public_id), "since": "2026-09-01", "note": ""}
    assert page.post(f"{there}children/", child).url == there
    assert Case.objects.get() == FoundChild.objects.get().case
    finding = Finding.objects.get()
    step = {"on": "2026-10-12", "text": "", "body": str(world.bureau.public_id), "number": "1号"}
    ended = {**step, "penalty": "approval_ended"}
    page.post(f"/inspections/findings/{finding.public_id}/penalty/", ended)
    assert page.post(f"{there}close/").url == there
    venue.refresh_from_db()
    assert venue.approval_ended_on
    text = page.get(there).content.decode()
    assert "张梓涵" in text
    assert "approval ended" in text


def test_a_refused_form_says_why_and_keeps_what_was_typed(world, row):
    one = found(world, row, "holds_children")
    page = browser(world, "bureau_staff")
    step = {
        "on": "2026-10-12",
        "text": "立即停课",
        "body": str(world.bureau.public_id),
        "number": "文教督改5号",
        "due_on": "2026-10-12",
        "recheck_on": "2026-10-12",
    }
    answer = page.post(f"/inspections/findings/{one.public_id}/order/", step)
    assert answer.status_code == 422
    assert "later than the day of the order" in answer.content.decode()
    assert "立即停课" in answer.content.decode()


def test_closing_with_an_open_finding_is_refused_on_the_page(world, row):
    found(world, row, "holds_children")
    answer = browser(world, "bureau_staff").post(f"/inspections/{row.public_id}/close/")
    assert answer.status_code == 422
    assert "still open" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "held"


def test_police_read_how_many_children_there_are_and_no_name(world, row):
    there = f"/inspections/{row.public_id}/"
    child = {"student": str(world.pupils[0].public_id), "since": "2026-09-01", "note": "在此寄宿"}
    browser(world, "bureau_staff").post(f"{there}children/", child)
    text = browser(world, "agency_staff").get(there).content.decode()
    assert "1 child is shown only to those who work on its case." in text
    assert "张梓涵" not in text
    assert "在此寄宿" not in text
    said = api(world, "agency_staff").get(f"/api/v1/inspections/{row.public_id}/").json()
    assert (said["children"], said["children_hidden"]) == ([], 1)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("bureau_staff", 200),
        ("township_cadre", 200),
        ("agency_staff", 200),
        ("other_cadre", 404),
        ("school_leader", 404),
        ("teacher", 403),
        ("village_cadre", 403),
        ("system_admin", 403),
    ],
)
def test_who_may_open_it(world, row, role, status):
    answer = api(world, role).get(f"/api/v1/inspections/{row.public_id}/")
    assert answer.status_code == status
    page = browser(world, role).get(f"/inspections/{row.public_id}/")
    assert page.status_code == status


def test_the_same_way_through_the_api(world, others):
    client = api(world, "bureau_staff")
    venue = client.post(
        "/api/v1/venues/",
        {
            "client_id": str(uuid.uuid4()),
            "kind": "net_cafe",
            "name": "极速网吧",
            "address": "学前路3号",
            "region": world.village.code,
            "near": world.school.code,
        },
        format="json",
    ).json()
    assert (venue["approval"], venue["near"]) == ("not_needed", world.school.code)
    plan = {
        "client_id": str(uuid.uuid4()),
        "topic": "surroundings",
        "planned_on": "2026-10-12",
        "venue": venue["id"],
    }
    refused = client.post("/api/v1/inspections/", plan, format="json")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/bodies"
    plan["bodies"] = [str(others["market"].public_id)]
    made = client.post("/api/v1/inspections/", plan, format="json").json()
    there = f"/api/v1/inspections/{made['id']}/"
    when = {"on": "2026-10-12", "until": "2026-10-12", "summary": "夜查"}
    assert client.post(f"{there}hold/", when, format="json").json()["state"] == "held"
    words = {"client_id": str(uuid.uuid4()), "kind": "admits_minors", "what": "接纳未成年人"}
    finding = client.post(f"{there}findings/", words, format="json").json()["id"]
    closing = client.post(f"{there}close/", {}, format="json")
    assert closing.status_code == 409
    assert closing.json()["errors"][0]["code"] == "open_findings"
    step = {
        "on": "2026-10-12",
        "number": "文市监吊〔2026〕1号",
        "penalty": "licence_revoked",
        "body": str(others["market"].public_id),
    }
    done = client.post(f"/api/v1/findings/{finding}/penalty/", step, format="json").json()
    assert done["all_findings"][0]["state"] == "penalised"
    assert client.post(f"{there}close/", {}, format="json").json()["state"] == "closed"
    listed = client.get("/api/v1/inspections/", {"state": "all"}).json()["results"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert client.get(f"/api/v1/venues/{venue['id']}/").json()["closed_on"] == "2026-10-12"


def test_a_publication_with_a_name_is_refused_through_the_api(world, row):
    client = api(world, "bureau_leader")
    text = {
        "client_id": str(uuid.uuid4()),
        "title": "结果",
        "text": "张梓涵已返校，联系电话13812345678",
        "place": "网站",
    }
    there = f"/api/v1/inspections/{row.public_id}/publications/"
    refused = client.post(there, text, format="json")
    assert refused.status_code == 422
    assert "张梓涵、13812345678" in refused.content.decode()
    assert client.post(there, {**text, "text": "已整改"}, format="json").status_code == 201
    assert Publication.objects.count() == 1
    assert "已整改" in Client().get("/public/inspections/").content.decode()


def test_the_list_shows_the_next_deadline_and_filters(world, row, clock):
    one = found(world, row, "holds_children")
    order(world, one)
    page = browser(world, "bureau_staff")
    assert "明德读经班" in page.get("/inspections/").content.decode()
    assert "明德读经班" not in page.get("/inspections/?state=closed").content.decode()
    clock("2026-10-27T09:00")
    assert "kc-due-late" in page.get("/inspections/").content.decode()
    take(world, one, Deed.ANSWER)
    rows = api(world, "bureau_staff").get("/api/v1/inspections/").json()["results"]
    assert (rows[0]["due_on"], rows[0]["overdue"]) == ("2026-10-30", False)


def test_the_register_marks_who_works_without_approval(world):
    place(world, approval_number="", approved_by="", approval_until=None, name="无证私塾")
    text = browser(world, "township_cadre").get("/venues/?q=私塾").content.decode()
    assert "no approval" in text
    assert "无证私塾" not in browser(world, "other_cadre").get("/venues/").content.decode()


def test_the_lists_ask_the_database_as_much_for_many_as_for_one(world, row, others):
    page, asked = browser(world, "bureau_staff"), []
    for _round in range(2):
        for address in ("/inspections/", "/venues/"):
            with counted() as statements:
                assert page.get(address).status_code == 200
            asked.append(len(statements))
        for number in range(3):
            venue = place(world, name=f"{number}号书院", kind="academy")
            joined = (others["police"].public_id,)
            more = held(world, planned(world, venue, others=joined))
            order(world, found(world, more, "other"))
    assert asked[:2] == asked[2:]

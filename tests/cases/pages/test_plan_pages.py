"""Plan, household, help and the list of causes through HTTP: pages without JavaScript, and API."""

import re
from datetime import date

import pytest
from django.test import Client

from agencies.models import AuditEvent
from cases.models import Assistance, Case, Cause, Measure, Plan
from cases.rules.workflow import Action
from cases.services import opening
from tests.cases.services.test_chain import absent_for_four_days, act
from tests.support.clients import api, browser
from tests.support.world import World, pupil

FORM = {
    "version": "0",
    "rows": "2",
    "situation": "随亲属在温州务工",
    "review_on": "2026-11-02",
    "main": "0",
    "c0-rows": "2",
    "c0-cause": "work.hired",
    "c0-note": "鞋厂",
    "c0-m0-what": "联系县人社局",
    "c0-m0-seat": "township_cadre",
    "c0-m0-due_on": "2026-10-20",
    "c0-m1-what": "",
    "c0-m1-seat": "",
    "c0-m1-due_on": "",
    "c1-rows": "1",
    "c1-cause": "",
    "c1-note": "",
    "c1-m0-what": "",
}
BODY = {
    "version": 0,
    "situation": "随亲属在温州务工 330328201503150124",
    "causes": [
        {
            "cause": "work.hired",
            "main": True,
            "measures": [
                {"what": "联系县人社局", "seat": "village_cadre", "due_on": "2026-10-20"},
                {"what": "落实学位", "seat": "school_leader", "due_on": "2026-10-30"},
            ],
        },
        {"cause": "learning.weary", "measures": []},
    ],
}


@pytest.fixture
def case(world: World, clock) -> Case:
    case = absent_for_four_days(world)
    act(world, case, "township_cadre", Action.CONFIRM, date(2026, 10, 12))
    case.refresh_from_db()
    return case


def page_of(case: Case, part: str = "plan/") -> str:
    return f"/cases/{case.public_id}/{part}"


def api_of(case: Case, part: str = "plan/") -> str:
    return f"/api/v1/cases/{case.public_id}/{part}"


def send(
    world: World, case: Case, role: str = "township_cadre", **changed
) -> tuple[Client, object]:
    client = browser(world, role)
    return client, client.post(page_of(case, "plan/edit/"), FORM | changed)


def values(html: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}"[^>]*value="([^"]*)"', html)


def test_a_plan_is_written_approved_and_done_on_pages(world, case):
    client, answer = send(world, case)
    assert (answer.status_code, answer.url) == (302, page_of(case))
    assert Measure.objects.get().what == "联系县人社局"  # empty rows say nothing
    html = client.get(page_of(case)).content.decode()
    for words in ("被用人单位非法招用（童工）", "main cause", "waits for approval", "2026-10-20"):
        assert words in html
    leader = browser(world, "township_leader")
    html = leader.get(page_of(case)).content.decode()
    (version,) = values(html, "version")
    assert leader.post(page_of(case, "plan/approve/"), {"version": version}).status_code == 302
    row = Measure.objects.get()
    done = page_of(case, f"plan/measures/{row.public_id}/done/")
    key = str(row.public_id)
    refused = client.post(done, {f"{key}-on": "2026-10-30", f"{key}-effect": "better"})
    html = refused.content.decode()
    assert (refused.status_code, "The day lies in the future." in html) == (422, True)
    assert 'value="2026-10-30"' in html  # what was typed stays
    client.post(done, {f"{key}-on": "2026-10-12", f"{key}-effect": "better"})
    row.refresh_from_db()
    assert (row.done_on, row.effect) == (date(2026, 10, 12), "better")
    html = client.get(page_of(case, "")).content.decode()
    for words in ("Plan approved", "Measure carried out", "联系县人社局 · better"):
        assert words in html
    assert AuditEvent.objects.filter(verb="plan.read").count() >= 3


def test_a_row_is_added_without_javascript_and_nothing_is_stored_or_lost(world, case):
    _client, answer = send(world, case, add="c0", **{"c0-m1-what": "half", "situation": "kept"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "c0-m2-what" in html
    assert 'value="half"' in html
    assert "kept" in html
    assert "kc-error" not in html  # nothing is checked yet
    _client, answer = send(world, case, add="cause")
    assert "c2-cause" in answer.content.decode()
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words", "fields"),
    [
        ({"main": ""}, "Say which cause is the main one.", []),
        ({"c0-cause": "nonsense"}, "Select a valid choice", ["c0-cause"]),
        ({"c0-m0-due_on": "2026-10-11"}, "has passed already", ["c0-m0-due_on"]),
        ({"c0-m0-due_on": "1026-10-11"}, "2000", ["c0-m0-due_on"]),
        ({"c0-m0-seat": ""}, "This field is required.", ["c0-m0-seat"]),
        ({"c0-m1-what": "half"}, "This field is required.", ["c0-m1-due_on", "c0-m1-seat"]),
        ({"review_on": "2026-10-01"}, "The day of the review has passed", ["review_on"]),
        ({"situation": "x" * 2001}, "at most 2000", ["situation"]),
        (
            {"c1-cause": "learning.weary", "main": ["0", "1"]},
            "Only one cause can be the main one.",
            [],
        ),
        ({"rows": "0"}, "Name at least one cause.", []),
    ],
)
def test_bad_plans_say_where_and_why_and_keep_what_was_typed(world, case, changed, words, fields):
    _client, answer = send(world, case, **changed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    for name in fields:
        assert f'id="id_{name}_error"' in html, name
    if "rows" not in changed and "situation" not in changed:
        assert "随亲属在温州务工" in html
        assert 'value="联系县人社局"' in html
    assert (Plan.objects.count(), Measure.objects.count()) == (0, 0)


def test_two_people_on_one_plan_see_both_versions(world, case):
    send(world, case)
    client, answer = send(world, case, "bureau_staff", **{"c0-m0-what": "另一项措施"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "联系县人社局" in html
    assert 'value="另一项措施"' in html
    (version,) = values(html, "version")
    assert version == "1"
    assert client.post(page_of(case, "plan/edit/"), FORM | {"version": version}).status_code == 302


def test_an_empty_seat_is_allowed_and_said(world, case):
    client, _answer = send(world, case, **{"c0-m0-seat": "teacher"})
    assert "Nobody sits" not in client.get(page_of(case)).content.decode()
    case.household.team.seats.filter(seat="teacher").update(until=date(2026, 10, 10))
    client, answer = send(world, case, version="1", **{"c0-m0-seat": "teacher"})
    assert answer.status_code == 302
    assert "Nobody sits on the seat “teacher”" in client.get(page_of(case)).content.decode()


@pytest.mark.parametrize("part", ["plan/", "household/", "household/print/", "assistance/"])
def test_who_reads_and_who_does_not(world, case, part):
    for role in ("teacher", "village_cadre", "school_leader", "bureau_leader"):
        assert browser(world, role).get(page_of(case, part)).status_code == 200, role
    for role in ("other_teacher", "other_cadre", "agency_staff"):
        assert browser(world, role).get(page_of(case, part)).status_code == 404, role


def test_the_household_side_by_side_shows_only_what_is_in_sight(world, case, clock):
    sibling = pupil(world.second_class, "张梓豪", world.village, household=case.household)
    why = opening.ByHand("reported", date(2026, 10, 12))
    opening.open_by_hand(world.scope("township_cadre"), sibling, why, case.episode.opened_at)
    send(world, case)
    html = browser(world, "township_cadre").get(page_of(case, "household/")).content.decode()
    for words in ("张梓涵", "张梓豪", "联系县人社局", "2 children in the work"):
        assert words in html
    assert AuditEvent.objects.filter(verb="household.read").count() == 2  # one for each child
    case.grants.all().delete()
    Case.objects.get(student=sibling).grants.all().delete()
    html = browser(world, "deputy_leader").get(page_of(case, "household/")).content.decode()
    assert "张梓豪" not in html
    assert "1 more case of this household lies outside your sight." in html
    printed = browser(world, "township_cadre").get(page_of(case, "household/print/"))
    assert "Checked by (signature):" in printed.content.decode()


def test_help_is_recorded_listed_and_summed(world, case):
    client = browser(world, "township_cadre")
    given = {
        "kind": "money",
        "what": "临时救助",
        "amount": "-5",
        "giver_name": "县慈善总会",
        "starts_on": "2026-10-12",
    }
    refused = client.post(page_of(case, "assistance/"), given)
    html = refused.content.decode()
    assert (refused.status_code, "more than 0 yuan" in html) == (422, True)
    assert 'value="临时救助"' in html
    assert 'id="id_amount_error"' in html
    assert not Assistance.objects.exists()
    assert (
        client.post(page_of(case, "assistance/"), given | {"amount": "1500.5"}).status_code == 302
    )
    meals = given | {"kind": "meals", "amount": "", "giver_name": ""}
    meals |= {"giver": str(world.school.public_id)}
    assert client.post(page_of(case, "assistance/"), meals).status_code == 302
    html = client.get("/assistance/").content.decode()
    for words in ("1,500.50 yuan", "县慈善总会", "大峃镇实验学校", "2 records", "1 child helped"):
        assert words in html
    html = client.get("/assistance/?kind=meals").content.decode()
    assert ("1 record" in html, "1,500.50 yuan" in html) == (True, False)
    assert client.get("/assistance/?giver=县慈善总会&first=2026-11-01").status_code == 200
    assert "张梓涵" not in browser(world, "other_cadre").get("/assistance/").content.decode()
    assert browser(world, "teacher").get("/assistance/").status_code == 403
    html = client.get(page_of(case, "")).content.decode()
    assert "money；县慈善总会；1,500.50 yuan" in html
    row = Assistance.objects.get(kind="meals")
    gone = page_of(case, f"assistance/{row.public_id}/take-back/")
    assert client.post(gone, {f"{row.public_id}-because": ""}).status_code == 422
    assert client.post(gone, {f"{row.public_id}-because": "重复"}).status_code == 302
    assert Assistance.objects.count() == 1


def test_the_list_of_causes_is_kept_on_its_page(world, clock):
    client = browser(world, "bureau_leader")
    new = {"name": "茶季采茶", "below": "work", "starts_on": "2026-10-12"}
    assert client.post("/causes/", new).status_code == 302
    refused = client.post("/causes/", new | {"name": "别的", "starts_on": "2026-10-01"})
    assert (refused.status_code, 'value="别的"' in refused.content.decode()) == (422, True)
    changed = {"name": "采茶", "starts_on": "2026-11-01"}
    assert client.post("/causes/own-1/rename/", changed).status_code == 302
    html = client.get("/causes/own-1/").content.decode()
    assert ("茶季采茶" in html, "采茶" in html) == (True, True)
    assert client.post("/causes/faith/end/", {"starts_on": "2026-10-11"}).status_code == 422
    assert client.post("/causes/faith/end/", {"starts_on": "2026-10-13"}).status_code == 302
    clock("2026-10-14T09:00")
    assert "2000-01-01 – 2026-10-12" in client.get("/causes/").content.decode()
    assert client.get("/causes/nonsense/").status_code == 404
    assert browser(world, "bureau_staff").get("/causes/").status_code == 403
    codes = [
        one["code"]
        for group in api(world, "teacher").get("/api/v1/causes/").data["results"]
        for one in (group, *group["below"])
    ]
    assert "own-1" in codes
    assert "faith.place" not in codes
    assert Cause.objects.filter(county=world.county, code="own-1").count() == 2


def test_the_plan_over_the_api(world, case):
    cadre, leader = api(world, "township_cadre"), api(world, "township_leader")
    assert cadre.get(api_of(case)).data["version"] == 0
    made = cadre.put(api_of(case), BODY, format="json", HTTP_IDEMPOTENCY_KEY=str(case.public_id))
    again = cadre.put(api_of(case), BODY, format="json", HTTP_IDEMPOTENCY_KEY=str(case.public_id))
    assert (made.status_code, again.data, made.data["version"]) == (200, made.data, 1)
    assert "330328201503150124" not in made.content.decode()
    assert [row["state"] for row in made.data["causes"][0]["measures"]] == ["planned", "planned"]
    stale = cadre.put(api_of(case), BODY, format="json")
    assert stale.status_code == 409
    assert stale.data["current"]["causes"][0]["cause"] == "work.hired"
    refused = leader.post(api_of(case, "plan/approve/"), {"version": 1}, format="json")
    assert (refused.status_code, refused.data["errors"][0]["code"]) == (409, "no_measure")
    body = BODY | {"version": 1, "causes": made.data["causes"][:1]}
    made = cadre.put(api_of(case), body, format="json")  # what was read can be sent back
    assert made.status_code == 200, made.data
    assert Measure.objects.count() == 2
    signed = leader.post(api_of(case, "plan/approve/"), {"version": 2}, format="json")
    assert (signed.status_code, signed.data["approved"]) == (200, True)
    measure, other = signed.data["causes"][0]["measures"]
    assert (measure["state"], measure["days_left"]) == ("open", 6)
    done = api_of(case, f"plan/measures/{measure['id']}/done/")
    given = {"on": "2026-10-12", "effect": "solved"}
    assert api(world, "teacher").post(done, given, format="json").status_code == 403
    assert api(world, "village_cadre").post(done, given, format="json").status_code == 200
    dropped = cadre.post(
        api_of(case, f"plan/measures/{other['id']}/drop/"), {"reason": "已转学"}, format="json"
    )
    assert dropped.data["causes"][0]["measures"][1]["state"] == "dropped"
    said = {"version": 3, "note": "好转", "next_on": "2026-11-20"}
    assert cadre.post(api_of(case, "plan/review/"), said, format="json").data["version"] == 4


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"causes": []}, "/causes"),
        ({"causes": [{"cause": "work.hired", "main": False}]}, "/causes"),
        ({"causes": [{"cause": "work", "main": True}]}, "/causes/0/cause"),
        ({"review_on": "2026-10-01"}, "/review_on"),
    ],
)
def test_bad_plans_over_the_api(world, case, changed, pointer):
    answer = api(world, "township_cadre").put(api_of(case), BODY | changed, format="json")
    assert (answer.status_code, answer.data["errors"][0]["pointer"]) == (422, pointer)
    assert not Plan.objects.exists()


def test_help_over_the_api(world, case):
    client = api(world, "school_leader")
    given = {"kind": "money", "what": "救助", "amount": "300.00", "starts_on": "2026-10-12"}
    refused = client.post(api_of(case, "assistance/"), given, format="json")
    assert (refused.status_code, refused.data["errors"][0]["pointer"]) == (422, "/giver")
    given |= {"giver": str(world.town_hall.public_id)}
    made = client.post(api_of(case, "assistance/"), given, format="json")
    assert (made.status_code, made.data["money"]) == (201, "300.00")
    assert client.get(api_of(case, "assistance/")).data["results"][0]["giver"] == "大峃镇人民政府"
    assert api(world, "other_cadre").get(api_of(case, "assistance/")).status_code == 404

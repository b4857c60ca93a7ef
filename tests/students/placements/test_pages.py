"""The pages and the API of lawful absence and of teaching at home, for who may and who may not."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from agencies.models import AuditEvent
from students.models import EnrollmentRecord, HomeSession, Placement, PlacementApplication
from students.services import home_teaching
from tests.students.placements.cast import TODAY, UNTIL, approved, ask, planned, session, upload
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World, pupil

FORM = {
    "kind": "suspension", "applicant": "张某", "phone": "13800000001", "reason": "骨折",
    "starts_on": "2026-10-12", "ends_on": "2027-07-03", "months": "4", "issuer": "hospital",
    "issued_by": "县人民医院", "proof": "证明12号", "opinion": "建议休养四个月", "to": "township",
}  # fmt: skip


def address(world: World) -> str:
    return f"/students/{world.pupils[0].public_id}/placement/"


def test_from_the_form_of_the_school_to_the_decision_of_the_township(world: World):
    leader = browser(world, "school_leader")
    kinds = leader.get(address(world)).content.decode()
    assert "?kind=suspension" in kinds
    assert "?kind=hospital" in kinds
    assert "?kind=deferral" not in kinds  # it is on a roster
    assert "issuer" in leader.get(address(world) + "?kind=suspension").content.decode()
    sent = leader.post(address(world), {**FORM, "file": upload()})
    row = PlacementApplication.objects.get()
    page = f"/placements/applications/{row.public_id}/"
    assert (sent.status_code, sent.url) == (302, page)
    assert row.file
    assert row.file.media_type == "image/jpeg"

    seen = leader.get(page).content.decode()
    assert "approve/" not in seen
    assert "138****0001" in seen
    assert "13800000001" not in seen
    decider = browser(world, "township_leader")
    assert page + "approve/" in decider.get(page).content.decode()
    assert world.pupils[0].name in decider.get("/placements/").content.decode()
    assert decider.post(page + "refuse/", {"answer": ""}).status_code == 422
    assert decider.post(page + "approve/", {"answer": "同意"}).status_code == 302
    assert Placement.objects.get().kind == "suspension"
    assert decider.get(page + "file/")["Content-Type"] == "image/jpeg"
    assert decider.get(page + "print/").status_code == 200
    reads = AuditEvent.objects.filter(verb="placement.application").count()
    assert reads >= 4


def test_a_child_on_no_roster_is_placed_elsewhere_by_the_bureau_on_its_pages(world: World):
    EnrollmentRecord.objects.filter(student=world.pupils[0]).delete()
    cadre, leader = browser(world, "township_cadre"), browser(world, "bureau_leader")
    assert "?kind=elsewhere" in cadre.get(address(world)).content.decode()
    form = cadre.get(address(world) + "?kind=elsewhere").content.decode()
    assert "education bureau" in form
    given = {"kind": "elsewhere", "issuer": "school", "issued_by": "瑞安塘下小学", "months": ""}
    sent = cadre.post(address(world), {**FORM, **given, "file": upload()})
    assert sent.status_code == 302
    assert leader.post(sent.url + "approve/", {"answer": "同意"}).status_code == 302
    assert Placement.objects.get().kind == "elsewhere"
    unknown = {"kind": "home", "starts_on": "2026-10-12", "ends_on": "2026-11-12", "proof": "x"}
    url = f"/api/v1/students/{world.pupils[0].public_id}/placements/"
    assert api(world, "bureau_staff").post(url, unknown, format="json").status_code == 422


def test_a_refused_form_keeps_what_was_typed(world: World):
    leader = browser(world, "school_leader")
    answer = leader.post(address(world), {**FORM, "months": "2", "file": upload()})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "at least 3 months of rest" in text
    assert "建议休养四个月" in text
    assert "Choose the file again" in text
    assert leader.post(address(world), FORM).status_code == 422  # without a scan
    broken = upload()
    broken.file.write(b"MZ")
    assert leader.post(address(world), {**FORM, "file": broken}).status_code == 422
    assert not PlacementApplication.objects.exists()


def test_home_study_is_refused_in_words(world: World):
    answer = browser(world, "school_leader").post(address(world), {**FORM, "kind": "home_study"})
    assert answer.status_code == 422
    assert b"does not replace school" in answer.content


@pytest.mark.parametrize("role", ["teacher", "village_cadre", "agency_staff"])
def test_health_data_is_for_who_asks_and_decides(world: World, role: str):
    row = ask(world)
    client = browser(world, role)
    for what in ("", "print/", "file/"):
        answer = client.get(f"/placements/applications/{row.public_id}/{what}")
        assert answer.status_code == 403
    assert client.get("/placements/").status_code == 403
    if role != "agency_staff":
        child = client.get(f"/students/{world.pupils[0].public_id}/").content.decode()
        assert "/placements/applications/" not in child


def test_of_another_school_or_township_it_does_not_exist(world: World):
    row = ask(world)
    for role in ("other_leader", "other_cadre"):
        client = browser(world, role)
        assert client.get(f"/placements/applications/{row.public_id}/").status_code == 404
        assert world.pupils[0].name not in client.get("/placements/").content.decode()


def test_the_list_has_the_ended_first_and_pages_of_fifty(world: World):
    children = [pupil(world.school_class, f"王某{n}", world.village) for n in range(60)]
    for n, child in enumerate(children):
        Placement.objects.create(
            county=world.county, student=child, kind="hospital", proof="x",
            starts_on=date(2026, 9, 1), ends_on=TODAY + timedelta(days=n - 3),
            approved_by=world.posts["school_leader"],
        )  # fmt: skip
    client = browser(world, "bureau_staff")
    text = client.get("/placements/").content.decode()
    assert "60 children away today" in text
    assert "3 ended without return" in text
    assert text.index("王某0<") < text.index("王某3<") < text.index("王某49<")
    assert "王某50<" not in text
    assert "?from=50" in text
    assert "王某50<" in client.get("/placements/?from=50").content.decode()
    ended = client.get("/placements/?part=ended").content.decode()
    assert "王某2<" in ended
    assert "王某3<" not in ended
    soon = client.get("/placements/?part=soon").content.decode()
    assert "王某3<" in soon
    assert "王某33<" in soon
    assert "王某34<" not in soon
    paper = client.get("/placements/print/").content.decode()
    assert "王某59<" in paper
    assert client.get("/placements/?kind=deferral&part=nonsense").status_code == 200


def test_who_was_renewed_stands_once(world: World):
    for first, last in ((date(2026, 9, 1), date(2026, 10, 9)), (date(2026, 10, 10), UNTIL)):
        Placement.objects.create(
            county=world.county, student=world.pupils[0], kind="hospital", proof="x",
            starts_on=first, ends_on=last, approved_by=world.posts["school_leader"],
        )  # fmt: skip
    text = browser(world, "bureau_staff").get("/placements/").content.decode()
    assert "1 child away today" in text
    assert "ended without return</strong>" not in text


def test_the_teacher_records_a_session_on_the_phone(world: World):
    plan = planned(world)
    url = f"/home-teaching/{plan.public_id}/"
    teacher = browser(world, "teacher")
    assert url in teacher.get("/home-teaching/").content.decode()
    assert teacher.get(url + "session/").status_code == 200
    sent = {
        "client_id": str(uuid4()), "at": "2026-10-12T07:00", "periods": "2", "where": "home",
        "content": "认读1到10", "signed_by": "张某",
    }  # fmt: skip
    for _again in range(2):
        answer = teacher.post(url + "session/", {**sent, "photo": upload()})
        assert (answer.status_code, answer.url) == (302, url)
    row = HomeSession.objects.get()
    page = teacher.get(url).content.decode()
    assert "认读1到10" in page
    assert str(row.thumbnail.public_id) in page
    photo = teacher.get(f"{url}files/{row.photo.public_id}/")  # type: ignore[union-attr]
    assert photo["Content-Type"] == "image/jpeg"
    assert teacher.get(f"{url}files/{uuid4()}/").status_code == 404
    assert "认读1到10" in teacher.get(url + "print/").content.decode()
    late = teacher.post(
        url + "session/", {**sent, "client_id": str(uuid4()), "at": "2026-10-13T07:00"}
    )
    assert late.status_code == 422
    assert "认读1到10" in late.content.decode()
    assert teacher.get(url + "quality/").status_code == 403
    assert browser(world, "other_teacher").get(url).status_code == 404
    assert browser(world, "bureau_staff").get(url + "session/").status_code == 403


def test_the_school_makes_the_plan_and_the_bureau_visits(world: World):
    child = world.pupils[0].public_id
    leader = browser(world, "school_leader")
    assert leader.get(f"/students/{child}/home-teaching/").status_code == 404
    approved(world, "home_teaching")
    assert f"/students/{child}/home-teaching/" in leader.get(f"/students/{child}/").content.decode()
    sent = {
        "teacher": str(world.posts["teacher"].public_id), "starts_on": "2026-10-12",
        "ends_on": "2027-07-03", "sessions": "1", "periods": "2", "minutes": "30",
        "periods_a_year": "72", "goals": "生活自理", "consent_by": "张某",
        "consent_on": "2026-10-12",
    }  # fmt: skip
    assert (
        leader.post(f"/students/{child}/home-teaching/", {**sent, "goals": ""}).status_code == 422
    )
    made = leader.post(f"/students/{child}/home-teaching/", sent)
    assert made.status_code == 302
    bureau = browser(world, "bureau_staff")
    visit = {"on": "2026-10-12", "finding": "improve", "words": "教具不足"}
    assert bureau.post(made.url + "quality/", visit).status_code == 302
    assert "教具不足" in bureau.get(made.url).content.decode()
    assert made.url in bureau.get(f"/students/{child}/").content.decode()


def test_the_api_says_what_came_of_it(world: World):
    url = f"/api/v1/students/{world.pupils[0].public_id}/placements/"
    leader = api(world, "school_leader")
    body = {
        "kind": "suspension",
        "starts_on": "2026-10-12",
        "ends_on": "2027-07-03",
        "proof": "12号",
    }
    made = leader.post(url, body, format="json")
    assert (made.status_code, made.json()["state"]) == (201, "asked")
    assert not Placement.objects.exists()
    assert leader.post(url, body, format="json").status_code == 409
    one = f"/api/v1/placement-applications/{made.json()['id']}/"
    decider = api(world, "bureau_leader")
    lacking = decider.post(one + "approve/", {}, format="json")
    assert lacking.status_code == 422
    assert "/months" in {error["pointer"] for error in lacking.json()["errors"]}
    whole = {name: value for name, value in FORM.items() if name != "phone"}
    assert leader.put(one, {**whole, "file": upload()}, format="multipart").status_code == 200
    assert leader.post(one + "approve/", {}, format="json").status_code == 403
    done = decider.post(one + "approve/", {}, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    assert done.json()["placement"] == str(Placement.objects.get().public_id)
    listed = decider.get("/api/v1/placement-applications/?state=approved").json()["results"]
    assert [row["id"] for row in listed] == [made.json()["id"]]
    child = decider.get(f"/api/v1/students/{world.pupils[0].public_id}/").json()
    assert child["disposition"] == "suspension"


def test_a_wrong_session_is_cancelled_on_its_page(world: World):
    plan = planned(world)
    row = home_teaching.record(
        world.scope("teacher"), plan.public_id, session(TODAY, 9), at(TODAY, 12)
    )
    url, teacher = f"/home-teaching/{plan.public_id}/", browser(world, "teacher")
    cancel = f"{url}sessions/{row.public_id}/cancel/"
    assert cancel in teacher.get(url).content.decode()
    assert "2026-10-12 09:00" in teacher.get(cancel).content.decode()
    assert teacher.post(cancel, {"because": ""}).status_code == 422
    for role, status in (("bureau_staff", 403), ("other_teacher", 404)):
        assert browser(world, role).post(cancel, {"because": "写错"}).status_code == status
    row.refresh_from_db()
    assert row.cancelled_at is None
    done = teacher.post(cancel, {"because": "写错了孩子"})
    assert (done.status_code, done.url) == (302, url)
    page = teacher.get(url).content.decode()
    assert "写错了孩子" in page  # it stays on the log
    assert cancel not in page
    assert teacher.post(cancel, {"because": "再次"}).status_code == 404


def test_a_wrong_session_is_cancelled_over_the_api(world: World):
    plan = planned(world)
    row = home_teaching.record(
        world.scope("teacher"), plan.public_id, session(TODAY, 9), at(TODAY, 12)
    )
    url = f"/api/v1/home-teaching/{plan.public_id}/sessions/"
    cancel, teacher = f"{url}{row.public_id}/cancel/", api(world, "teacher")
    assert teacher.post(cancel, {}, format="json").status_code == 400
    for role, status in (("bureau_staff", 403), ("other_teacher", 404)):
        refused = api(world, role).post(cancel, {"because": "写错"}, format="json")
        assert refused.status_code == status
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    first, again = (
        teacher.post(cancel, {"because": "写错了孩子"}, format="json", **key) for _n in range(2)
    )
    assert (first.status_code, first.json()) == (200, again.json())
    assert (first.json()["id"], first.json()["cancelled_because"]) == (
        str(row.public_id), "写错了孩子",
    )  # fmt: skip
    late = teacher.post(cancel, {"because": "再次"}, format="json")
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "cancelled")
    [listed] = teacher.get(url).json()["results"]
    assert listed["cancelled_at"]


def test_sessions_over_the_api(world: World):
    plan = planned(world)
    url = f"/api/v1/home-teaching/{plan.public_id}/sessions/"
    sent = {
        "client_id": str(uuid4()), "at": "2026-10-12T07:00:00+08:00", "periods": 2,
        "content": "认读", "signed_by": "张某",
    }  # fmt: skip
    teacher = api(world, "teacher")
    first, again = (teacher.post(url, sent, format="json") for _n in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert len(teacher.get(url).json()["results"]) == 1
    plans = teacher.get(f"/api/v1/students/{world.pupils[0].public_id}/home-teaching/").json()
    assert plans["results"][0]["week"]["sessions"] == 1
    assert api(world, "bureau_staff").post(url, sent, format="json").status_code == 403
    assert api(world, "other_teacher").get(url).status_code == 404
    assert (
        teacher.post(url, {**sent, "photo": None, "periods": 0}, format="json").status_code == 400
    )

"""Changes of enrollment, placements and class teachers, as a school leader records them."""

from datetime import date

import pytest

from agencies.models import AuditEvent
from students.models import ClassTeacher, EnrollmentChange, EnrollmentRecord, Placement
from students.services.classes import assign_teacher
from tests.support.clients import api, browser
from tests.support.rolls import U, take
from tests.support.world import World, pupil, school_class

TODAY = date(2026, 10, 12)
PROOF = "县人民医院证明 2026-118"
PLACED = {
    "kind": "hospital", "starts_on": "2026-10-08", "ends_on": "2026-11-30", "proof": PROOF,
}  # fmt: skip


def address(world: World, what: str, number: int = 0) -> str:
    return f"/students/{world.pupils[number].public_id}/{what}/"


def test_a_change_of_class(world):
    beside = school_class(world.school, 7, 4)
    sent = {"kind": "29", "on": "2026-10-12", "school_class": str(beside.public_id), "note": "x"}
    answer = browser(world, "school_leader").post(address(world, "change"), sent)
    assert (answer.status_code, answer.url) == (302, f"/classes/{world.school_class.public_id}/")
    records = EnrollmentRecord.objects.filter(student=world.pupils[0]).order_by("starts_on")
    assert [(row.school_class, row.starts_on, row.ends_on) for row in records] == [
        (world.school_class, date(2026, 9, 1), date(2026, 10, 11)),
        (beside, TODAY, None),
    ]
    change = EnrollmentChange.objects.get(student=world.pupils[0])
    assert (change.kind, change.by, change.note) == ("29", world.posts["school_leader"], "x")
    event = AuditEvent.objects.get(verb="enrollment.change")
    assert event.subject == f"student:{world.pupils[0].public_id}"


def test_a_transfer_out(world):
    sent = {"kind": "21", "on": "2026-10-09", "note": "转往县外"}
    assert browser(world, "school_leader").post(address(world, "change"), sent).status_code == 302
    record = EnrollmentRecord.objects.get(student=world.pupils[0])
    assert record.ends_on == date(2026, 10, 9)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"kind": "29"}, b"Choose another class"),
        ({"kind": "completed"}, b"completed in its last grade"),
        ({"kind": "51", "on": "2026-10-13"}, b"still to come"),
        ({"kind": "21", "on": "2026-08-20"}, b"not enrolled"),
        ({"kind": "21", "on": "2026-09-15"}, b"roll already says"),
        ({"kind": "31"}, b"Select a valid choice"),
        ({"kind": "21", "on": "9999-12-31"}, b"less than or equal to"),
    ],
)
def test_a_refusal_keeps_what_was_typed(world, sent, reason):
    take(world, date(2026, 10, 9), {0: U})
    sent = {"on": "2026-10-12", "note": "typed words"} | sent
    answer = browser(world, "school_leader").post(address(world, "change"), sent)
    assert answer.status_code == 422
    assert reason in answer.content
    assert b"typed words" in answer.content
    assert EnrollmentRecord.objects.get(student=world.pupils[0]).ends_on is None


def test_a_day_before_a_later_roster_is_refused(world):
    """Else two records of one child would overlap."""
    beside = school_class(world.school, 7, 4)
    client = browser(world, "school_leader")
    sent = {"kind": "29", "on": "2026-10-12", "school_class": str(beside.public_id)}
    client.post(address(world, "change"), sent)
    answer = client.post(address(world, "change"), {"kind": "21", "on": "2026-09-20"})
    assert answer.status_code == 422
    assert b"another roster" in answer.content


def test_a_class_of_another_school_is_no_choice(world):
    sent = {"kind": "29", "on": "2026-10-12", "school_class": str(world.other_class.public_id)}
    answer = browser(world, "school_leader").post(address(world, "change"), sent)
    assert answer.status_code == 422
    assert EnrollmentRecord.objects.filter(student=world.pupils[0]).count() == 1


def test_a_placement_and_the_return_from_it(world):
    client = browser(world, "school_leader")
    assert client.post(address(world, "placement"), PLACED).status_code == 302
    placement = Placement.objects.get(student=world.pupils[0])
    assert (placement.approved_by, placement.proof) == (world.posts["school_leader"], PROOF)
    back = address(world, f"placements/{placement.public_id}/returned")
    page = client.get(f"/students/{world.pupils[0].public_id}/").content.decode()
    assert back in page
    assert address(world, "change") in page

    early = client.post(back, {"on": "2026-10-01"})
    assert early.status_code == 422
    assert b"began later" in early.content
    assert b"2026-10-01" in early.content
    assert client.post(back, {"on": "2026-10-13"}).status_code == 422
    sent = {"on": "2026-10-12", "fitness": "出院证明"}
    assert client.post(back, sent).status_code == 302
    placement.refresh_from_db()
    assert placement.returned_on == TODAY
    assert client.post(back, {"on": "2026-10-12"}).status_code == 404
    verbs = AuditEvent.objects.filter(verb__startswith="placement").values_list("verb", flat=True)
    assert sorted(verbs) == ["placement.approve", "placement.returned"]


def test_a_refused_placement_keeps_the_form(world):
    client = browser(world, "school_leader")
    answer = client.post(address(world, "placement"), PLACED | {"ends_on": "2027-12-01"})
    assert answer.status_code == 422
    assert b"a year at most" in answer.content
    assert PROOF.encode() in answer.content
    assert not Placement.objects.exists()


def test_a_placement_over_the_api(world):
    url = f"/api/v1/students/{world.pupils[0].public_id}/placements/"
    leader = api(world, "school_leader")
    home = leader.post(url, PLACED | {"kind": "home_study"}, format="json")
    assert (home.status_code, home.json()["errors"][0]["code"]) == (422, "not_lawful")
    assert leader.post(url, PLACED | {"proof": " "}, format="json").status_code == 422
    made = leader.post(url, PLACED, format="json")
    assert made.status_code == 201
    expected = PLACED | {"id": str(Placement.objects.get().public_id), "returned_on": None}
    assert made.json() == expected | {"state": "approved"}
    assert leader.post(url, {}, format="json").status_code == 400
    assert api(world, "teacher").post(url, PLACED, format="json").status_code == 403
    assert api(world, "other_leader").post(url, PLACED, format="json").status_code == 404


def test_the_school_records_a_stay_in_hospital_nobody_else(world):
    """Township and bureau ask for what is decided; what the school records is the school's."""
    for role in ("bureau_leader", "township_cadre"):
        client = browser(world, role)
        assert b"?kind=hospital" not in client.get(address(world, "placement")).content
        assert client.post(address(world, "placement"), PLACED).status_code == 403
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    ("what", "roles"),
    [
        ("change", ("teacher", "bureau_leader", "township_cadre")),
        ("placement", ("teacher", "village_cadre", "agency_staff")),
    ],
)
def test_who_may(world, what, roles):
    assert browser(world, "other_leader").get(address(world, what)).status_code == 404
    for role in roles:
        assert browser(world, role).get(address(world, what)).status_code == 403
    foreign = pupil(world.other_class, "外校生", world.other_village)
    answer = browser(world, "school_leader").post(f"/students/{foreign.public_id}/{what}/", PLACED)
    assert answer.status_code == 404


def test_the_class_teacher_changes(world):
    url = f"/classes/{world.school_class.public_id}/teacher/"
    leader = world.posts["school_leader"]
    client = browser(world, "school_leader")
    assert url in client.get(f"/classes/{world.school_class.public_id}/").content.decode()
    sent = {"post": str(leader.public_id), "on": "2026-10-12"}
    assert client.post(url, sent).status_code == 302
    rows = ClassTeacher.objects.filter(school_class=world.school_class).order_by("starts_on")
    assert [(row.post, row.ends_on) for row in rows] == [
        (world.posts["teacher"], date(2026, 10, 11)),
        (leader, None),
    ]
    roster = f"/classes/{world.school_class.public_id}/"
    assert browser(world, "teacher").get(roster).status_code == 404
    early = client.post(url, {"post": str(world.posts["teacher"].public_id), "on": "2026-10-09"})
    assert early.status_code == 422
    assert b"begins on a later day" in early.content


def test_a_correction_on_the_same_day_leaves_one_teacher(world):
    deputy = world.posts["deputy_leader"]
    assign_teacher(world.school_class, world.posts["school_leader"], TODAY)
    assign_teacher(world.school_class, deputy, TODAY)
    assign_teacher(world.school_class, deputy, TODAY)
    row = ClassTeacher.objects.on(TODAY).get(school_class=world.school_class)
    assert (row.post, row.starts_on) == (deputy, TODAY)


def test_who_may_change_the_class_teacher(world):
    url = f"/classes/{world.school_class.public_id}/teacher/"
    foreign = {"post": str(world.posts["other_teacher"].public_id), "on": "2026-10-12"}
    assert browser(world, "school_leader").post(url, foreign).status_code == 422
    assert browser(world, "other_leader").get(url).status_code == 404
    assert browser(world, "teacher").get(url).status_code == 403

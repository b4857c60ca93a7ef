"""The check through the API, on the dates of rules 3 and 4: opening Tuesday, due Monday 24:00."""

from datetime import date, datetime

import pytest

from agencies.models import Region
from agencies.rules.deadlines import CHINA
from reporting.models import FrozenPaper
from reporting.queries import census_sheet
from students.models import Term
from students.services import terms
from students.services.terms import TermDates
from tests.reporting.census.county import OPENS, autumn
from tests.reporting.county import roll
from tests.support.budgets import counted
from tests.support.clients import api
from tests.support.world import pupil


@pytest.fixture
def made(world, clock):
    clock("2026-09-04T10:00:00+08:00")
    Term.objects.filter(pk=world.term.pk).delete()
    county = Region.objects.get(pk=world.county.pk)
    now = datetime(2026, 8, 20, 9, 0, tzinfo=CHINA)
    world.term = terms.open_term(county, TermDates(2026, "autumn", OPENS, date(2027, 1, 29)), now)
    return autumn(world)


def url(made, end: str = "", term: object = None, school=None) -> str:
    school = school or made.world.school
    return f"/api/v1/census/{term or made.world.term.public_id}/schools/{school.code}/{end}"


def row(child, code="unknown", **more):
    return {
        "student": str(child.public_id), "code": code, "note": "电话不通",
        "checked_by": "王老师", "checked_on": "2026-09-04", **more,
    }  # fmt: skip


def test_read(made):
    roll(made.world.school_class, OPENS, {made.world.pupils[0]: "unexcused"})
    body = api(made.world, "school_leader").get(url(made, term="current")).json()
    assert body["term"] == str(made.world.term.public_id)
    assert (body["state"], body["version"], body["overdue"], body["late"]) == (
        "draft",
        1,
        False,
        None,
    )
    assert body["due_at"] == "2026-09-08T00:00:00+08:00"
    assert body["figures"] == {
        "expected": 7, "arrived": 5, "explained": 0, "missing": 2, "unanswered": 2,
        "new_here": 1, "finished": 1,
    }  # fmt: skip
    assert [line["name"] for line in body["classes"]] == ["Grade 7 (3)", "Grade 7, in no class yet"]
    listed = {(child["name"], child["why"], child["state"]) for child in body["children"]}
    assert listed == {("张梓涵", "absent", "missing"), ("升学甲", "not_enrolled", "missing")}
    everybody = api(made.world, "school_leader").get(url(made) + "?all=1").json()
    assert len(everybody["children"]) == 7
    assert "330328" not in str(everybody)


def test_answer_submit_confirm(made, clock):
    world = made.world
    roll(world.school_class, OPENS, {world.pupils[0]: "unexcused"})
    leader, office = api(world, "school_leader"), api(world, "bureau_staff")
    refused = leader.post(url(made, "submit/"), {"version": 1, "remarks": ""}, format="json")
    assert refused.status_code == 422
    assert "张梓涵" in str(refused.json()["errors"])
    body = {
        "version": 1,
        "answers": [row(world.pupils[0]), row(made["from_sixth"], "other_school")],
    }
    said = leader.put(url(made), body, format="json")
    assert said.status_code == 200, said.json()
    child = next(one for one in said.json()["children"] if one["name"] == "张梓涵")
    assert child["answer"]["case"]
    stale = leader.put(url(made), body, format="json")
    assert stale.status_code == 409
    assert stale.json()["current"]["version"] == 2
    clock("2026-09-07T23:59:59+08:00")
    sent = leader.post(url(made, "submit/"), {"version": 2, "remarks": "无"}, format="json")
    assert sent.status_code == 200
    assert (sent.json()["state"], sent.json()["late"]) == ("submitted", False)
    clock("2026-09-08T09:00:00+08:00")
    again = leader.post(url(made, "submit/"), {"version": 2, "remarks": "无"}, format="json")
    assert again.status_code == 200
    assert again.json()["papers"] == sent.json()["papers"]
    assert FrozenPaper.objects.count() == 1
    assert leader.post(url(made, "confirm/")).status_code == 403
    assert office.post(url(made, "send-back/"), {}, format="json").status_code == 422
    assert office.post(url(made, "confirm/")).json()["state"] == "confirmed"
    slip = leader.post(url(made, "slips/"), {"text": "更正一名学生班级"}, format="json")
    assert slip.json()["slips"][0]["number"] == 1
    assert leader.put(url(made), {**body, "version": 9}, format="json").status_code == 409


def test_late_by_one_second(made, clock):
    made.world.school_class.enrollments.all().delete()
    world = made.world
    leader = api(world, "school_leader")
    children = [*world.pupils, made["from_sixth"]]
    body = {"version": 1, "answers": [row(child) for child in children]}
    assert leader.put(url(made), body, format="json").status_code == 200
    clock("2026-09-08T00:00:01+08:00")
    assert leader.get(url(made)).json()["overdue"] is True
    sent = leader.post(url(made, "submit/"), {"version": 2, "remarks": ""}, format="json").json()
    assert (sent["late"], sent["overdue"]) == (True, False)


def test_bad_input(made):
    leader, zhang = api(made.world, "school_leader"), made.world.pupils[0]
    for answers in (
        [row(zhang, "nowhere")],
        [row(zhang, checked_on="2026-13-01")],
        [row(zhang, checked_on="0026-09-01")],
        [{"student": "x"}],
    ):
        answer = leader.put(url(made), {"version": 1, "answers": answers}, format="json")
        assert answer.status_code in (400, 422), answers
    for answers in ([row(made["third"])], [row(zhang), row(zhang)], [row(zhang, note="")]):
        answer = leader.put(url(made), {"version": 1, "answers": answers}, format="json")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith("/answers/")
    assert leader.get(url(made)).json()["version"] == 1


SEES = {
    "teacher",
    "school_leader",
    "township_leader",
    "township_cadre",
    "bureau_staff",
    "bureau_leader",
}


@pytest.mark.parametrize(
    "role",
    [
        *sorted(SEES), "other_teacher", "second_leader", "other_cadre", "village_cadre",
        "agency_staff", "system_admin",
    ],
)  # fmt: skip
def test_who_sees_it(made, role):
    client = api(made.world, role)
    answer = client.get(url(made))
    assert answer.status_code == (200 if role in SEES else 404)
    body = {"version": 1, "answers": [row(made.world.pupils[0])]}
    put = client.put(url(made), body, format="json").status_code
    writes = {"teacher", "school_leader"}
    assert put == (200 if role in writes else 403 if role in SEES else 404)


def test_nowhere(made):
    leader = api(made.world, "school_leader")
    for term in ("nonsense", "01890000-0000-7000-8000-000000000000"):
        assert leader.get(url(made, term=term)).status_code == 404
    assert leader.get("/api/v1/census/current/schools/9999999999/").status_code == 404


def test_terms(made):
    found = api(made.world, "teacher").get("/api/v1/terms/").json()["results"]
    assert [(one["season"], one["starts_on"]) for one in found] == [
        ("autumn", "2026-09-01"), ("spring", "2026-02-24"),
    ]  # fmt: skip
    assert found[0]["id"] == str(made.world.term.public_id)


def test_a_fixed_number_of_queries(made):
    """Whatever the number of children; of a whole school at most twelve."""
    world, counts = made.world, []
    roll(world.school_class, OPENS, {})
    for number in (0, 30):
        for serial in range(number):
            pupil(world.school_class, f"新{serial}", world.village)
        with counted() as statements:
            census_sheet.load(world.scope("school_leader"), world.term, world.school)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12, "\n".join(statement[:100] for statement in statements)

"""The pages and the API of the assessment: steps, refusals that keep what was typed, who sees what."""

import pytest

from reporting.models import Scheme, Sheet
from tests.reporting.assessment.steps import drawn, judged, scheme, sent, visit
from tests.reporting.county import FRIDAY
from tests.support.clients import api, browser
from tests.support.world import World

SCHEME = {
    "version": "0", "source": "文教考〔2026〕3号", "starts_on": "2026-09-01", "points_line": "30",
    "points_visits": "20", "own_1": "领导重视", "own_points_1": "10",
}  # fmt: skip
ADDRESS = "/assessments/scheme/township/2026/"


@pytest.fixture(autouse=True)
def today(clock) -> None:
    clock("2026-10-12T12:00:00+08:00")


def test_the_bureau_sets_a_scheme_and_draws_the_sheets(world: World) -> None:
    bureau = browser(world, "bureau_staff")
    assert "nothing is preset" in bureau.get("/assessments/").content.decode()
    form = bureau.get(ADDRESS).content.decode()
    assert 'name="points_visits"' in form
    assert 'name="points_rolls"' not in form  # a school calls rolls
    for wrong, words in (
        ({"own_1": "上报辍学学生数"}, "that would reward hiding"),
        ({"own_points_1": ""}, "Points are above 0"),
        ({"points_line": "x"}, "Enter a number"),
    ):
        refused = bureau.post(ADDRESS, SCHEME | wrong)
        assert refused.status_code == 422
        assert words in refused.content.decode()
        assert "文教考〔2026〕3号" in refused.content.decode()
    assert bureau.post(ADDRESS, SCHEME).status_code == 302
    assert 'value="20"' in bureau.get(ADDRESS).content.decode()
    drawn = bureau.post("/assessments/draw/", {"kind": "township", "year": "2026"})
    assert drawn.status_code == 302
    listed = bureau.get("/assessments/?kind=township&year=2026").content.decode()
    assert listed.index("大峃镇") < listed.index("百丈漈镇")
    assert "there is no ranking" in listed
    early = bureau.post("/assessments/draw/", {"kind": "school", "year": "2026"})
    assert early.status_code == 422
    assert bureau.post("/assessments/draw/", {"kind": "x", "year": "2026"}).status_code == 404


def test_from_a_draft_to_the_signed_paper(world: World) -> None:
    visit(world, FRIDAY)
    row = drawn(world)
    address = f"/assessments/{row.public_id}/"
    bureau, town = browser(world, "bureau_leader"), browser(world, "township_leader")
    assert town.get(address).status_code == 404
    page = bureau.get(address).content.decode()
    assert "0 / 1" in page
    assert "Nothing to judge" in page
    assert "Send to the unit" not in page
    typed = {"version": "1", "points_4": "11", "reason_4": "专题研究两次"}
    refused = bureau.post(f"{address}points/", typed)
    assert refused.status_code == 422
    assert "Item 4 has 10 points at most." in refused.content.decode()
    assert "专题研究两次" in refused.content.decode()
    assert bureau.post(f"{address}points/", typed | {"points_4": "9"}).status_code == 302
    assert "Send to the unit" in bureau.get(address).content.decode()
    assert bureau.post(f"{address}send/", {"version": "1"}).status_code == 422  # not what was seen
    assert bureau.post(f"{address}send/", {"version": "2"}).status_code == 302
    behind = town.get(f"{address}items/2/").content.decode()
    assert "not in time" in behind
    assert town.get(f"{address}items/1/").status_code == 404
    assert town.post(f"{address}items/2/appeal/", {"version": "3", "text": ""}).status_code == 422
    appeal = {"version": "3", "text": "道路中断"}
    assert town.post(f"{address}items/2/appeal/", appeal).status_code == 302
    town.post(f"{address}accept/", {"version": "4"})
    assert "Sign and freeze" not in bureau.get(address).content.decode()
    answer = {"version": "5", "points": "25", "reason": "属实"}
    assert bureau.post(f"{address}items/2/answer/", answer).status_code == 422
    assert bureau.post(f"{address}items/2/answer/", answer | {"points": "20"}).status_code == 302
    assert bureau.get(f"{address}pdf/").status_code == 404
    assert "Sign and freeze" in bureau.get(address).content.decode()
    assert bureau.post(f"{address}sign/", {"version": "6"}).status_code == 302
    assert "0 → 20" in town.get(address).content.decode()
    assert town.get(f"{address}pdf/").content.startswith(b"%PDF")


def test_who_sees_what(world: World) -> None:
    address = f"/assessments/{sent(world).public_id}/"
    found = {
        role: browser(world, role).get(address).status_code
        for role in ("bureau_staff", "township_leader", "township_cadre", "other_leader", "teacher")
    }
    assert found == {
        "bureau_staff": 200, "township_leader": 200, "township_cadre": 403, "other_leader": 404,
        "teacher": 403,
    }  # fmt: skip
    school = browser(world, "school_leader")
    assert "No sheet here." in school.get("/assessments/").content.decode()
    assert "Set the scheme" not in school.get("/assessments/").content.decode()
    assert school.get(ADDRESS).status_code == 404
    leader = browser(world, "township_leader")
    assert "文教考" in leader.get(ADDRESS).content.decode()
    assert leader.post(ADDRESS, SCHEME).status_code == 403
    assert "Sheets by the scheme" in browser(world, "bureau_staff").post(
        ADDRESS, SCHEME | {"version": "1"}
    ).content.decode()  # fmt: skip


def test_the_api_takes_the_same_steps(world: World) -> None:
    visit(world, FRIDAY)
    bureau, town = api(world, "bureau_leader"), api(world, "township_leader")
    body = {
        "version": 0, "kind": "township", "school_year": 2026, "starts_on": "2026-09-01",
        "source": "3号", "points": {"visits": "20", "cases_opened": "5"},
        "manual": [{"name": "领导重视", "points": "10"}],
    }  # fmt: skip
    schemes = "/api/v1/assessment-schemes/"
    refused = bureau.post(schemes, body, format="json")
    assert [one["pointer"] for one in refused.data["errors"]] == ["/points/cases_opened"]
    assert town.post(schemes, body, format="json").status_code == 403
    set_ = bureau.post(schemes, body | {"points": {"visits": "20"}}, format="json")
    assert [one["most"] for one in set_.data["items"]] == ["20", "10"]
    assert bureau.post(schemes, body | {"points": {}}, format="json").status_code == 409
    assert len(town.get(schemes).data["results"]) == Scheme.objects.count() == 1
    made = bureau.post(
        "/api/v1/assessments/", {"kind": "township", "school_year": 2026}, format="json"
    )
    assert len(made.data["drawn"]) == 2
    row = Sheet.objects.get(key=world.township.code)
    address = f"/api/v1/assessments/{row.public_id}/"

    def post(client, step: str, **said):
        version = Sheet.objects.get(pk=row.pk).version
        return client.post(f"{address}{step}/", {"version": version, **said}, format="json")

    assert post(bureau, "send").status_code == 409
    items = [{"number": 2, "points": "8", "reason": ""}]
    assert post(bureau, "points", items=items).status_code == 422
    items[0]["reason"] = "专题研究"
    assert post(bureau, "points", items=items).data["points"] == "8"
    visit(world, FRIDAY)
    assert post(bureau, "send").data["errors"][0]["code"] == "changed"
    assert post(bureau, "redraw").data["changes"] == []
    assert town.get(address).status_code == 404
    assert post(bureau, "send").data["appeal_until"] == "2026-10-26"
    assert town.get("/api/v1/assessments/?kind=township&school_year=2026").data["results"]
    assert post(town, "appeals", number=1, text="道路中断").data["appeals"][0]["answer"] == ""
    assert post(town, "accept").data["accepted_on"] == "2026-10-12"
    assert post(bureau, "sign").status_code == 409
    told = post(bureau, "answers", number=1, points="12.5", reason="部分属实").data
    assert (told["points"], told["appeals"][0]["points_after"]) == ("20.5", "12.5")
    assert post(bureau, "sign").data["state"] == "signed"
    assert post(bureau, "answers", number=1, reason="x").status_code == 409
    assert api(world, "school_leader").get(address).status_code == 404


def test_a_draft_that_changed_says_what(world: World) -> None:
    row = judged(world, drawn(world))
    visit(world, FRIDAY)
    bureau = browser(world, "bureau_staff")
    page = bureau.get(f"/assessments/{row.public_id}/").content.decode()
    assert "0 / 0 (20) → 0 / 1 (20)" in page
    assert "Send to the unit" not in page


def test_a_schools_sheet_is_the_one_of_its_leader_by_post(world: World) -> None:
    scheme(world, "school")
    bureau = browser(world, "bureau_staff")
    bureau.post("/assessments/draw/", {"kind": "school", "year": "2026"})
    row = Sheet.objects.get(key=world.school.code)
    page = bureau.get(f"/assessments/{row.public_id}/").content.decode()
    assert "大峃镇实验学校 · school leader" in page
    assert world.posts["school_leader"].user.name not in page
    told = api(world, "bureau_staff").get(f"/api/v1/assessments/{row.public_id}/").data
    assert list(told["clauses"]) == ["S1-15", "S1-16"]

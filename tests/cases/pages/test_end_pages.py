"""Asking for an end, refusing and approving it: the forms and the API."""

import re
from datetime import date

import pytest

from cases.models import Case, CaseEvent
from cases.rules.workflow import Action, State
from tests.cases.services.test_chain import absent_for_four_days, act
from tests.support.clients import api, browser
from tests.support.world import World

TODAY = date(2026, 10, 12)


@pytest.fixture
def case(world: World, clock) -> Case:
    case = absent_for_four_days(world)
    clock("2026-10-12T12:00:00+08:00")
    return act(world, case, "township_cadre", Action.CONFIRM, TODAY)


def page(case: Case, action: str) -> str:
    return f"/cases/{case.public_id}/actions/{action}/"


def test_the_form_says_what_each_end_rests_on_and_keeps_what_was_typed(world, case):
    school = browser(world, "school_leader")
    shown = school.get(page(case, "request_end")).content.decode()
    assert "died: rests on the record of the school" in shown
    assert "文政办发〔2019〕26号 三(二)" in shown
    sent = {"version": case.version, "on": "2026-10-10", "ending": "died", "proof": "证明 12号"}
    answer = school.post(page(case, "request_end"), sent)
    assert answer.status_code == 422
    refused = answer.content.decode()
    assert "The school has not recorded the death." in refused
    assert "证明 12号" in refused
    assert re.search(r'value="died"[^>]* checked', refused)
    assert not CaseEvent.objects.filter(action="request_end").exists()


def test_the_bureau_sees_what_was_asked_and_refused_before_it_decides(world, case):
    school, bureau = browser(world, "school_leader"), browser(world, "bureau_leader")
    for why in ("无公章", "复印件"):
        case.refresh_from_db()
        sent = {"version": case.version, "on": "2026-10-10", "ending": "abroad"}
        asked = school.post(page(case, "request_end"), {**sent, "proof": "护照签证页"})
        assert asked.status_code == 302
        case.refresh_from_db()
        assert case.state == State.END_REQUESTED
        given = {"version": case.version, "on": "2026-10-12", "note": why}
        assert bureau.post(page(case, "refuse_end"), given).status_code == 302
    school.post(page(case, "request_end"), {**sent, "version": "", "proof": "x"})
    case.refresh_from_db()
    sent["version"] = case.version
    school.post(page(case, "request_end"), {**sent, "proof": "护照签证页，加盖公章"})
    shown = bureau.get(page(case, "approve_end")).content.decode()
    assert "moved abroad since 2026-10-10" in shown
    places = [shown.index(text) for text in ("无公章", "复印件", "加盖公章")]
    assert places == sorted(places)
    case.refresh_from_db()
    given = {"version": case.version, "on": "2026-10-12", "note": ""}
    assert bureau.post(page(case, "approve_end"), given).status_code == 302
    read = bureau.get(f"/cases/{case.public_id}/").content.decode()
    assert "closed（moved abroad）" in read
    assert "Returned, followed up" not in read.split("kc-steps")[-1][:400]


def test_the_same_through_the_api(world, case):
    school, bureau = api(world, "school_leader"), api(world, "bureau_staff")
    url = f"/api/v1/cases/{case.public_id}/actions"
    answer = school.post(f"{url}/request_end/", {"on": "2026-10-10"}, format="json")
    assert answer.status_code == 409
    assert [one["code"] for one in answer.json()["errors"]] == ["ending", "proof"]
    wrong = {"ending": "expelled", "proof": "x"}
    assert school.post(f"{url}/request_end/", wrong, format="json").status_code == 400
    given = {"ending": "abroad", "proof": "护照", "on": "2026-10-10", "version": case.version}
    answer = school.post(f"{url}/request_end/", given, format="json").json()
    assert (answer["state"], answer["ending"], answer["ended_on"]) == (
        "end_requested",
        "abroad",
        None,
    )
    stale = bureau.post(f"{url}/approve_end/", {"version": case.version}, format="json")
    assert stale.status_code == 409
    assert stale.json()["current"]["state"] == "end_requested"
    possible = {
        one["action"] for one in bureau.get(f"/api/v1/cases/{case.public_id}/").json()["actions"]
        if one["possible"]
    }  # fmt: skip
    assert possible == {"visit", "approve_end", "refuse_end"}
    answer = bureau.post(f"{url}/approve_end/", {"version": answer["version"]}, format="json")
    assert (answer.json()["state"], answer.json()["ended_on"]) == ("closed", "2026-10-12")
    assert answer.json()["next_due"] is None
    child = bureau.get(f"/api/v1/students/{case.student.public_id}/").json()
    assert child["disposition"] == "abroad"

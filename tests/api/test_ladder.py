"""Rule 15 through the API with the clock set: a legal step has a basis, a delivery and a time."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.services import ladder_list
from cases.services.ladder_list import Wanted
from tests.support.clients import api
from tests.support.ladder import CRITICISM, ORDER, confirmed, scan
from tests.support.rolls import at


class Caller:
    """A township cadre's own system, one case."""

    def __init__(self, world, case, role: str = "township_cadre") -> None:
        self.client = api(world, role)
        self.url = f"/api/v1/cases/{case.public_id}/"

    def ladder(self) -> dict:
        return self.client.get(self.url + "ladder/").json()

    def take(self, **sent):
        sent = {"client_id": str(uuid.uuid4()), **sent}
        return self.client.post(self.url + "ladder/steps/", sent, format="json")

    def serve(self, paper: str, on: str, receipt: bytes | None = None, **sent):
        sent = {
            "method": "direct", "served_on": on, "place": "家中", "receiver": "张某",
            "relation": "本人", **sent,
        }  # fmt: skip
        if receipt is not None:
            sent["receipt"] = SimpleUploadedFile("a.png", receipt, "image/png")
        return self.client.post(self.url + f"papers/{paper}/services/", sent, format="multipart")

    def rung(self, key: str) -> dict:
        return next(one for one in self.ladder()["rungs"] if one["rung"] == key)

    def last(self) -> dict:
        return self.ladder()["steps"][-1]


@pytest.fixture
def caller(world, clock) -> Caller:
    """The criticism is signed on Thursday 2026-09-10."""
    clock("2026-09-10T12:00:00+08:00")
    caller = Caller(world, confirmed(world))
    made = caller.take(rung="criticism", facts=CRITICISM)
    assert made.status_code == 201
    paper = made.json()["steps"][0]["paper"]["id"]
    assert caller.serve(paper, "2026-09-10", scan()).status_code == 201
    return caller


def test_the_worked_date(caller, clock):
    clock("2026-09-11T09:00:00+08:00")
    made = caller.take(rung="order", facts=ORDER).json()["steps"][-1]
    assert (made["days"], made["counting"], made["ends_on"]) == (7, "calendar_days", None)
    clock("2026-09-13T18:00:00+08:00")
    served = caller.serve(made["paper"]["id"], "2026-09-13", scan())
    assert served.json()["receipt"] is True
    step = caller.last()
    assert (step["served_on"], step["ends_on"]) == ("2026-09-13", "2026-09-20")
    clock("2026-09-20T23:59:00+08:00")
    (missing,) = [one for one in caller.rung("referral")["missing"] if one["code"] != "position"]
    assert missing == {
        "code": "period_runs",
        "detail": "责令限期改正: the guardian has until 2026-09-20.",
    }
    clock("2026-09-21T00:00:00+08:00")
    assert [one["code"] for one in caller.rung("referral")["missing"]] == ["position"]


@pytest.mark.parametrize(
    ("days", "counting", "law", "served_on", "ends_on"),
    [
        (7, "calendar_days", "penalty", "2026-09-13", "2026-09-21"),
        (5, "calendar_days", "penalty", "2026-09-13", "2026-09-18"),
        (10, "calendar_days", "enforcement", "2026-09-13", "2026-09-24"),
        (10, "calendar_days", "civil_code", "2026-09-23", "2026-10-08"),
        (7, "calendar_days", "civil_code", "2026-09-24", "2026-10-08"),
    ],
)
def test_the_law_of_the_period_decides(
    world, caller, clock, days, counting, law, served_on, ends_on
):
    clock("2026-09-11T09:00:00+08:00")
    wanted = Wanted(
        "责令限期改正", "义务教育法 第五十八条", ("township_cadre",), days, counting, law
    )
    leader = world.scope("bureau_leader")
    ladder_list.change(leader, "order", wanted, date(2026, 9, 11), at(date(2026, 9, 11)))
    made = caller.take(rung="order", facts=ORDER).json()["steps"][-1]
    clock(f"{served_on}T18:00:00+08:00")
    caller.serve(made["paper"]["id"], served_on, scan())
    assert caller.last()["ends_on"] == ends_on


def test_no_receipt_no_clock(caller, clock):
    clock("2026-09-13T18:00:00+08:00")
    made = caller.take(rung="order", facts=ORDER, on="2026-09-11").json()["steps"][-1]
    served = caller.serve(made["paper"]["id"], "2026-09-13").json()
    step = caller.last()
    assert (served["receipt"], step["served_on"], step["ends_on"]) == (False, None, None)
    assert [one["code"] for one in caller.rung("referral")["missing"]] == ["position", "receipt"]
    file = {"receipt": SimpleUploadedFile("r.png", scan(), "image/png")}
    url = caller.url + f"services/{served['id']}/receipt/"
    assert caller.client.post(url, file, format="multipart").status_code == 200
    assert caller.last()["ends_on"] == "2026-09-20"


def test_refusals(caller, clock):
    clock("2026-09-11T18:00:00+08:00")
    refused = caller.take(rung="referral", facts={}, addressee="")
    assert refused.status_code == 403
    codes = [one["code"] for one in refused.json()["errors"]]
    assert codes[:2] == ["position", "order"]
    assert "addressee" in codes
    outside = caller.take(name="罚款", basis="文政办发〔2019〕26号 第四条", facts={"facts": "x"})
    assert (outside.status_code, outside.json()["errors"][0]["code"]) == (422, "basis_normative")
    made = caller.take(rung="order", facts=ORDER).json()["steps"][-1]
    for on, code in (("2026-09-10", "before_paper"), ("2026-09-12", "future")):
        answer = caller.serve(made["paper"]["id"], on, scan())
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    other = caller.client.post(
        caller.url + f"ladder/steps/{uuid.uuid4()}/outcome/", {"outcome": "promised"}, format="json"
    )
    assert other.status_code == 404


def test_an_outcome_and_a_paper_of_others(caller, clock):
    clock("2026-09-11T18:00:00+08:00")
    step = caller.last()
    url = caller.url + f"ladder/steps/{step['id']}/outcome/"
    said = caller.client.post(url, {"outcome": "promised", "note": "下周一"}, format="json")
    assert said.json()["steps"][0]["outcome"] == "promised"
    paper = {
        "client_id": str(uuid.uuid4()), "name": "训诫书", "issuer": "大峃派出所",
        "number": "大公训〔2026〕9号", "on": "2026-09-11",
    }  # fmt: skip
    made = caller.client.post(caller.url + "ladder/external/", paper, format="json")
    assert made.status_code == 201
    assert caller.rung("others")["status"] == "now"


def test_rule_10_two_tests(caller):
    assert caller.ladder()["found_at_work"] == {
        "labour": True,
        "schooling": True,
        "may_be_hired_from": "2029-05-04",
    }


def test_outside_the_scope_it_does_not_exist(world, caller):
    other = api(world, "other_cadre")
    assert other.get(caller.url + "ladder/").status_code == 404
    assert other.post(caller.url + "ladder/steps/", {}, format="json").status_code in (400, 404)

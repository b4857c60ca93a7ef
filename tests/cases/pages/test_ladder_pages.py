"""The legal ladder through HTTP as plain forms: steps, service, receipt, outcome, the list."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import AuditEvent
from cases.models import CasePaper, LadderRung, LegalStep, PaperService
from tests.support.clients import api, browser
from tests.support.ladder import CRITICISM, ORDER, confirmed, scan, serve, step

D = date
SERVICE = {
    "method": "direct",
    "served_on": "2026-09-10",
    "served_by": "",
    "place": "家中",
    "receiver": "张某",
    "relation": "本人",
    "witnesses": "",
    "note": "",
}


@pytest.fixture
def case(world, clock):
    clock("2026-09-10T12:00:00+08:00")
    return confirmed(world)


def sent(page, **more) -> dict[str, str]:
    """The form of a page with what it begins with, and what a person types."""
    form = page.context["form"]
    initial = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return {name: str(value) for name, value in initial.items()} | more


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("回证.png", scan(), "image/png")


def test_a_cadre_takes_a_step_serves_it_and_attaches_the_receipt(world, case):
    client = browser(world, "township_cadre")
    url = f"/cases/{case.public_id}/ladder/"
    page = client.get(url)
    assert "Take this step" in page.content.decode()
    assert AuditEvent.objects.filter(verb="ladder.read").count() == 1
    form = client.get(url + "rungs/criticism/")
    assert form.context["form"]["guardian"].value() == "张某"
    refused = client.post(url + "rungs/criticism/", sent(form, **CRITICISM | {"answer": ""}))
    assert refused.status_code == 422
    assert CRITICISM["content"] in refused.content.decode()  # what was typed stays
    body = sent(form, **CRITICISM)
    shown = client.post(url + "rungs/criticism/", body)
    assert (shown.status_code, CasePaper.objects.count()) == (200, 0)
    assert "大峃政批教〔2026〕　号" in shown.content.decode()
    body["step"] = "issue"
    assert client.post(url + "rungs/criticism/", body).url == url
    assert client.post(url + "rungs/criticism/", body).url == url  # the same form sent twice
    paper = CasePaper.objects.get()
    assert paper.facts["speaker"] == "township_cadre 某"
    serve_url = f"/cases/{case.public_id}/papers/{paper.public_id}/serve/"
    wrong = client.post(serve_url, SERVICE | {"served_on": "2026-09-09"})
    assert (wrong.status_code, PaperService.objects.count()) == (422, 0)
    assert "2026-09-10" in wrong.content.decode()
    assert client.post(serve_url, SERVICE).url == url
    assert "receipt missing" in client.get(url).content.decode()
    service = PaperService.objects.get()
    receipt_url = f"/cases/{case.public_id}/services/{service.public_id}/receipt/"
    bad = SimpleUploadedFile("a.exe", b"MZ...", "image/png")
    assert client.post(receipt_url, {"receipt": bad}).status_code == 422
    assert client.post(receipt_url, {"receipt": picture()}).url == url
    assert client.post(receipt_url, {"receipt": picture()}).status_code == 422  # once
    service.refresh_from_db()
    file = client.get(f"/cases/{case.public_id}/files/{service.receipt.public_id}/")
    assert (file.status_code, file["Content-Type"]) == (200, "image/jpeg")


def test_after_somebody_elses_change_the_form_is_sent_once_more(world, case):
    client = browser(world, "township_cadre")
    url = f"/cases/{case.public_id}/ladder/rungs/criticism/"
    body = sent(client.get(url), **CRITICISM) | {"step": "issue", "version": "0"}
    refused = client.post(url, body)
    assert refused.status_code == 422
    assert "Somebody else changed this case meanwhile." in refused.content.decode()
    again = body | {"version": refused.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 302
    assert LegalStep.objects.count() == 1


def test_outcome_external_and_outside(world, case):
    row = step(world, case, "criticism", D(2026, 9, 10))
    client = browser(world, "township_cadre")
    url = f"/cases/{case.public_id}/ladder/"
    outcome_url = url + f"steps/{row.public_id}/outcome/"
    early = client.post(outcome_url, {"outcome": "not_complied", "on": "2026-09-10", "note": ""})
    assert (early.status_code, "not been served" in early.content.decode()) == (422, True)
    said = client.post(outcome_url, {"outcome": "promised", "on": "2026-09-10", "note": "下周一"})
    assert said.url == url
    paper = {
        "client_id": str(uuid.uuid4()), "name": "训诫书", "issuer": "大峃派出所",
        "number": "大公训〔2026〕9号", "on": "2026-09-10", "scan": picture(),
    }  # fmt: skip
    assert client.post(url + "external/", paper).url == url
    outside = {
        "client_id": str(uuid.uuid4()), "version": "", "on": "2026-09-10", "name": "罚款",
        "basis": "县控辍保学实施方案 第二条", "facts": "未到校",
    }  # fmt: skip
    case.refresh_from_db()
    outside["version"] = str(case.version)
    assert client.post(url + "outside/", outside).status_code == 422
    shown = client.get(url).content.decode()
    for text in ("训诫书", "大公训〔2026〕9号", "下周一", "promised, not yet done"):
        assert text in shown
    assert LegalStep.objects.count() == 2


def test_a_step_outside_the_ladder_issues_its_paper_on_the_page(world, case):
    client = browser(world, "township_cadre")
    url = f"/cases/{case.public_id}/ladder/outside/?paper=order_to_return"
    form = client.get(url)
    assert "record of criticism and education" in form.content.decode()
    assert form.context["form"]["guardian"].value() == "张某"
    said = {"name": "限期返校", "basis": "家庭教育促进法 第四十九条", "days": "5"}
    body = sent(form, **ORDER, **said, counting="working_days")
    refused = client.post(url, body | {"demand": ""})
    assert (refused.status_code, CasePaper.objects.count()) == (422, 0)
    shown = client.post(url, body)
    assert (shown.status_code, CasePaper.objects.count()) == (200, 0)
    assert "家庭教育促进法 第四十九条" in shown.content.decode()
    assert client.post(url, body | {"step": "issue"}).url == f"/cases/{case.public_id}/ladder/"
    row = LegalStep.objects.get()
    assert (row.name, row.order, row.days, row.paper.kind) == ("限期返校", 0, 5, "order_to_return")
    assert client.get(url.replace("order_to_return", "case_file")).status_code == 200


def test_papers_of_the_ladder_are_issued_in_its_order_only(world, case):
    client = browser(world, "township_cadre")
    papers = f"/cases/{case.public_id}/papers/"
    assert "order_to_return" not in client.get(papers).content.decode()
    ladder = f"/cases/{case.public_id}/ladder/"
    assert client.get(papers + "new/order_to_return/").url == ladder
    body = {"client_id": str(uuid.uuid4()), "kind": "order_to_return", "facts": {}}
    refused = api(world, "township_cadre").post(f"/api/v1{papers}", body, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "ladder")
    early = client.post(ladder + "rungs/order/", sent(client.get(ladder + "rungs/order/"), **ORDER))
    assert (early.status_code, "comes first" in early.content.decode()) == (422, True)


def test_who_sees_and_who_may(world, case):
    url = f"/cases/{case.public_id}/ladder/"
    assert browser(world, "other_cadre").get(url).status_code == 404
    teacher = browser(world, "teacher").get(url)
    assert teacher.status_code == 200
    assert "Take this step" not in teacher.content.decode()
    assert browser(world, "teacher").get(url + "rungs/criticism/").status_code == 403
    assert browser(world, "township_cadre").get(url + "rungs/nothing/").status_code == 404


def test_the_page_costs_the_same_for_one_step_and_for_five(world, case, clock):
    client = browser(world, "township_cadre")
    url = f"/cases/{case.public_id}/ladder/"
    serve(world, step(world, case, "criticism", D(2026, 9, 10)), D(2026, 9, 10))
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _ in range(4):
        row = step(world, case, "order", D(2026, 9, 10))
        LegalStep.objects.filter(pk=row.pk).update(outcome="withdrawn", outcome_on="2026-09-10")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few) <= 14


def test_the_countys_ladder_is_changed_on_its_page(world, clock):
    clock("2026-10-12T08:00:00+08:00")
    leader = browser(world, "bureau_leader")
    assert leader.get("/ladder/").status_code == 200
    assert browser(world, "bureau_staff").get("/ladder/").status_code == 403
    form = {
        "name": "限期返校", "basis": "文政办发〔2019〕26号 第四条",
        "positions": ["township_leader"], "days": "10", "counting": "calendar_days",
        "law": "enforcement", "starts_on": "2026-10-12",
    }  # fmt: skip
    refused = leader.post("/ladder/order/", form)
    assert (refused.status_code, "限期返校" in refused.content.decode()) == (422, True)
    form["basis"] = "义务教育法 第五十八条"
    assert leader.post("/ladder/order/", form).url == "/ladder/"
    row = LadderRung.objects.filter(county=world.county, key="order").latest("starts_on")
    assert (row.name, row.days, row.law) == ("限期返校", 10, "enforcement")
    assert leader.post("/ladder/referral/end/", {"starts_on": "2026-10-11"}).status_code == 422
    assert leader.post("/ladder/referral/end/", {"starts_on": "2026-10-13"}).url == "/ladder/"
    assert "last day 2026-10-12" in leader.get("/ladder/").content.decode()
    assert leader.get("/ladder/nothing/").status_code == 404

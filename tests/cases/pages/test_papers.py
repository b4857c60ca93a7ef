"""Papers through pages and API: form, preview, issue, downloads, and who gets 404."""

import io
import re
import uuid

import pypdf
import pytest

from agencies.models import AuditEvent
from cases.documents.word import own
from cases.models import CasePaper, WordTemplate
from cases.rules.papers import PaperKind
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.clients import api, browser

SAYS = {"fact-facts": "两次入户，孩子在家务农。"}


def filled(page) -> dict[str, str]:
    """What the form sends when nothing is changed."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_from_the_form_over_the_preview_to_the_download(world):
    case = absent_for_four_days(world)
    client = browser(world, "township_cadre")
    address = f"/cases/{case.public_id}/papers/new/persuasion_notice/"
    page = client.get(address)
    assert "张某" in page.content.decode()
    given = {**filled(page), **SAYS}
    shown = client.post(address, {**given, "step": "preview"})
    said = shown.content.decode()
    assert shown.status_code == 200
    assert "大峃政劝〔2026〕　号" in said
    assert "请你自接到本通知书之日起7日内" in said
    assert CasePaper.objects.count() == 0
    assert client.post(address, {**given, "step": "issue"}).status_code == 302
    client.post(address, {**given, "step": "issue"})  # pressed twice
    paper = CasePaper.objects.get()
    listed = client.get(f"/cases/{case.public_id}/papers/").content.decode()
    assert "大峃政劝〔2026〕1号" in listed
    assert "not served yet" in listed
    files = re.findall(r"/cases/[0-9a-f-]+/files/[0-9a-f-]+/", listed)
    assert len(files) == 2
    answer = client.get(files[0])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "张梓涵" in text.replace("\n", "")
    seen = AuditEvent.objects.get(verb="case.file")
    assert seen.detail == {"file": str(paper.pdf.public_id)}


def test_what_is_refused_keeps_what_was_typed_and_says_where(world):
    case = absent_for_four_days(world)
    client = browser(world, "township_cadre")
    address = f"/cases/{case.public_id}/papers/new/persuasion_notice/"
    given = {**filled(client.get(address)), **SAYS, "fact-days": "", "issued_on": "2026-10-13"}
    answer = client.post(address, {**given, "step": "preview"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "两次入户" in said
    assert answer.context["form"].errors["fact-days"]
    given["fact-days"] = "7"
    answer = client.post(address, {**given, "step": "issue"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["issued_on"] == [
        "The day of the paper lies in the future."
    ]
    assert CasePaper.objects.count() == 0


def test_rows_are_lines_with_bars_and_too_many_cells_are_told(world):
    case = absent_for_four_days(world)
    client = browser(world, "township_cadre")
    address = f"/cases/{case.public_id}/papers/new/help_request/"
    given = {
        **filled(client.get(address)),
        "addressee": "大峃派出所",
        "fact-matter": "查找学生",
        "fact-asked": "查找下落",
        "fact-shared": "姓名｜张梓涵\n\n 性别 | 男",
        "step": "preview",
    }
    shown = client.post(address, given).content.decode()
    for cell in ("<td>姓名</td><td>张梓涵</td>", "<td>性别</td><td>男</td>"):
        assert cell in shown
    wrong = client.post(address, {**given, "fact-shared": "甲|乙|丙"})
    assert wrong.status_code == 422
    assert "甲|乙|丙" in wrong.content.decode()


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_form_opens_in_both_languages(world, kind):
    case = absent_for_four_days(world)
    for role in ("bureau_leader", "township_cadre", "school_leader"):
        client = browser(world, role)
        address = f"/cases/{case.public_id}/papers/new/{kind}/"
        assert client.get(address).status_code in (200, 302, 403)
        client.cookies["django_language"] = "zh-hans"
        page = client.get(address).content.decode()
        if "fact-" in page:
            assert not re.findall(r"<label[^>]*>[A-Za-z ]+<", page)


@pytest.mark.parametrize("role", ["other_teacher", "other_cadre", "agency_staff"])
def test_for_who_does_not_see_the_case_nothing_is_there(world, role):
    case = absent_for_four_days(world)
    made = issued(world, case)
    client = browser(world, role)
    for path in ("papers/", f"files/{made['pdf'].rstrip('/').split('/')[-1]}/"):
        assert client.get(f"/cases/{case.public_id}/{path}").status_code == 404
    assert api(world, role).get(made["pdf"]).status_code == 404


def issued(world, case, **other) -> dict:
    client = api(world, "township_cadre")
    facts = {name.removeprefix("fact-"): value for name, value in SAYS.items()}
    body = {
        "client_id": str(uuid.uuid4()), "kind": "persuasion_notice", "facts": facts, **other,
    }  # fmt: skip
    answer = client.post(f"/api/v1/cases/{case.public_id}/papers/", body, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_the_api_issues_with_what_the_case_knows_and_lists_it(world):
    case = absent_for_four_days(world)
    made = issued(world, case)
    assert (made["number"], made["addressee"]) == ("大峃政劝〔2026〕1号", "张某")
    client = api(world, "township_cadre")
    listed = client.get(f"/api/v1/cases/{case.public_id}/papers/").json()["results"]
    assert listed == [made]
    assert "张梓涵" not in str(listed)
    answer = client.get(made["word"])
    assert answer.content[:2] == b"PK"
    assert "attachment" in answer.headers["Content-Disposition"]
    foreign = made["pdf"].replace(made["pdf"].split("/")[-2], str(uuid.uuid4()))
    assert client.get(foreign).status_code == 404


def test_the_api_tells_every_missing_fact(world):
    case = absent_for_four_days(world)
    body = {"client_id": str(uuid.uuid4()), "kind": "persuasion_report", "facts": {"typo": "x"}}
    address = f"/api/v1/cases/{case.public_id}/papers/"
    answer = api(world, "township_cadre").post(address, body, format="json")
    assert answer.status_code == 422
    places = {error["pointer"] for error in answer.json()["errors"]}
    assert {"/facts/typo", "/facts/done", "/facts/result"} <= places
    assert "/facts/child" not in places


def test_the_catalogue_says_what_each_paper_needs(world):
    kinds = api(world, "teacher").get("/api/v1/papers/kinds/").json()["results"]
    order = next(one for one in kinds if one["kind"] == "order_to_return")
    assert len(kinds) == len(PaperKind)
    assert (order["title"], order["to_guardian"]) == ("责令限期改正通知书", True)
    assert {"name": "demand", "printed": "要求", "required": True}.items() <= next(
        one for one in order["facts"] if one["name"] == "demand"
    ).items()


def test_a_template_of_the_county_is_uploaded_used_and_withdrawn(world):
    case = absent_for_four_days(world)
    client = browser(world, "bureau_leader")
    good = io.BytesIO(own(PaperKind.PERSUASION_NOTICE))
    good.name = "x.docx"
    sent = client.post("/word-templates/", {"kind": "persuasion_notice", "file": good})
    assert sent.status_code == 302
    template = WordTemplate.objects.get()
    page = client.get("/word-templates/").content.decode()
    assert "the county&#x27;s own" in page or "the county's own" in page
    assert client.get(f"/word-templates/{template.public_id}/").content == own(
        PaperKind.PERSUASION_NOTICE
    )
    assert client.get("/word-templates/persuasion_notice/").content[:2] == b"PK"
    assert "row.title" in client.get("/word-templates/referral_file/fields/").content.decode()
    assert issued(world, case)["word"]
    gone = client.post(f"/word-templates/{template.public_id}/withdraw/")
    assert gone.status_code == 302
    assert "the county" not in client.get("/word-templates/").content.decode().split("<tbody>")[1]
    wrong = io.BytesIO(b"MZ")
    wrong.name = "x.docx"
    refused = client.post("/word-templates/", {"kind": "persuasion_notice", "file": wrong})
    assert refused.status_code == 422
    assert "This is not a Word file" in refused.content.decode()


@pytest.mark.parametrize("role", ["bureau_staff", "township_leader", "system_admin"])
def test_only_the_bureaus_leader_keeps_templates(world, role):
    assert browser(world, role).get("/word-templates/").status_code == 403

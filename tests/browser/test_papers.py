"""Papers at a browser: the form filled from the case, the preview, the list; templates."""

import uuid
from datetime import date

import pytest

from cases.models import Case, CasePaper
from cases.queries.paper_facts import Asking, draft_of
from cases.rules.papers import PaperKind
from cases.services import opening, papers
from cases.services.papers import Draft
from tests.browser.conftest import PHONE
from tests.cases.services.test_chain import DAYS
from tests.support.rolls import U, at, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON = date(2026, 10, 12)


def test_a_township_issues_papers_and_the_bureau_looks_after_templates(person, county, clock):
    for day in DAYS:
        take(county, day, {0: U})
    opening.open_from_runs(at(DAYS[-1], 12))
    case = Case.objects.get()
    cadre = person("township_cadre")
    page = cadre.page
    cadre.goto(f"/cases/{case.public_id}/papers/")
    cadre.picture("papers-01-none")
    page.click("text=劝学通知书")
    page.fill("[name=fact-facts]", "10月9日、10月11日两次入户，孩子在家务农，监护人表示不送学。")
    cadre.picture("papers-02-form")
    page.click("button[value=preview]")
    page.wait_for_selector("#preview")
    cadre.axe()
    cadre.picture("papers-03-preview")
    page.click("button[value=issue]")
    page.wait_for_url("**/papers/")
    assert "大峃政劝〔2026〕1号" in page.content()
    with page.expect_download() as download:
        page.click("text=PDF")
    assert download.value.suggested_filename == "大峃政劝〔2026〕1号.pdf"
    for kind in (PaperKind.TRIP_SHEET, PaperKind.CASE_FILE):
        scope = county.scope("township_cadre")
        post = papers.may_issue(scope, kind)
        facts = draft_of(Asking(scope, case, kind, post, at(ON, 10))).facts
        facts |= {"tasks": "再劝"} if kind is PaperKind.TRIP_SHEET else {}
        papers.issue(scope, case, kind, Draft(uuid.uuid4(), "", facts, ON), at(ON, 10))
    cadre.goto(f"/cases/{case.public_id}/papers/")
    cadre.axe()
    cadre.picture("papers-04-list")
    phone = person("township_cadre", PHONE)
    phone.goto(f"/cases/{case.public_id}/papers/")
    phone.picture("papers-05-list-phone")
    phone.goto(f"/cases/{case.public_id}/papers/new/trip_sheet/")
    phone.page.fill("[name=fact-tasks]", "再次劝返")
    phone.page.click("button[value=preview]")
    phone.page.wait_for_selector("#preview")
    phone.picture("papers-06-preview-phone")
    leader = person("bureau_leader")
    leader.goto("/word-templates/")
    leader.axe()
    leader.picture("papers-07-templates")
    leader.goto("/word-templates/referral_file/fields/")
    leader.picture("papers-08-fields")
    assert CasePaper.objects.count() == 3
    for somebody in (cadre, phone, leader):
        assert somebody.problems == []

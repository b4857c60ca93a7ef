"""A township asks the labour bureau about a child at work; the bureau writes to another county."""

import pytest

from cases.models import HelpRequest, OutsideNotice
from tests.browser.conftest import PHONE
from tests.cases.requests.county import asked, bodies, case_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_request_goes_to_another_body_and_comes_back(person, county, clock):
    clock("2026-10-12T12:00:00+08:00")
    bodies(county)
    case = case_of(county)
    url = f"/cases/{case.public_id}/requests/"
    cadre = person("township_cadre", PHONE)
    ours = cadre.page
    cadre.goto(url)
    cadre.picture("requests-01-none-phone")
    ours.click("text=提出协办")
    cadre.picture("requests-02-matters-phone")
    ours.click("text=非法招用童工")
    cadre.picture("requests-03-ask-phone")
    ours.check(f"input[name=to][value='{county.posts['labour'].agency.public_id}']", force=True)
    ours.fill("input[name=particular-employer]", "瑞安市仙降街道长得不得了的鞋业制造有限责任公司")
    ours.fill("input[name=particular-place]", "瑞安市仙降街道工业区3号")
    ours.fill("textarea[name=asked]", "请依法查处，并责令退回。")
    ours.click("main button.btn-primary")
    ours.wait_for_url(f"**{url}")
    cadre.picture("requests-04-asked-phone")
    row = HelpRequest.objects.get()

    labour = person("labour")
    theirs = labour.page
    labour.goto("/requests/")
    labour.picture("requests-05-waiting")
    theirs.click("a.kc-row-name")
    labour.picture("requests-06-one")
    theirs.click("text=不予受理")
    labour.picture("requests-07-refuse-open")
    theirs.click("button.btn-primary:has-text('受理')")
    theirs.wait_for_selector("input[name=outcome]", state="attached")
    labour.picture("requests-08-answer")
    theirs.check("input[name=outcome][value=order_issued]", force=True)
    theirs.fill("textarea[name=text]", "已责令退回，学生由家长接回。")
    theirs.click("text=提交答复")
    assert "须填写文书文号" in theirs.inner_text("main")
    labour.picture("requests-09-refused-answer")
    theirs.fill("input[name=paper_number]", "文人社监〔2026〕7号")
    theirs.click("text=提交答复")
    theirs.wait_for_selector("text=已答复")
    labour.axe()

    cadre.goto(url)
    cadre.picture("requests-10-answered-phone")
    cadre.axe()
    ours.click("text=确认办结")
    ours.wait_for_selector(".kc-tag:has-text('已办结')")
    labour.goto(f"/requests/{row.public_id}/")
    labour.picture("requests-11-ended")
    assert case.student.name not in theirs.inner_text("body")

    phone = person("labour", PHONE)
    asked(county, case, county.posts["labour"].agency)
    phone.goto("/requests/")
    phone.picture("requests-12-waiting-phone")
    phone.page.click("section.kc-group-soon a.kc-row-name")
    phone.picture("requests-13-one-phone")
    bureau = person("bureau_leader")
    bureau.goto("/requests/figures/")
    bureau.picture("requests-14-figures")
    bureau.axe()
    small = person("bureau_leader", PHONE)
    small.goto("/requests/figures/")
    small.picture("requests-15-figures-phone")
    for somebody in (cadre, phone, bureau, small):
        assert somebody.problems == []
    # The refused answer (422) is the only thing that the console tells.
    assert len(labour.problems) == 1


def test_another_county_is_written_to_and_confirms(person, county, clock):
    clock("2026-10-12T12:00:00+08:00")
    case = case_of(county)
    url = f"/cases/{case.public_id}/outside/"
    staff = person("bureau_staff")
    page = staff.page
    staff.goto(url)
    staff.picture("outside-01-none")
    page.click("text=发函给外县")
    staff.picture("outside-02-send")
    page.check("input[name=why][value=registered]", force=True)
    page.fill("input[name=authority]", "瑞安市教育局")
    page.click("main button.btn-primary")
    page.wait_for_url(f"**{url}")
    row = OutsideNotice.objects.get()
    staff.picture("outside-03-sent")
    page.click("text=登记复函")
    page.fill("textarea[name=text]", "该生已在仙降中学就读。")
    page.click("main button.btn-primary")
    page.wait_for_url(f"**{url}")
    page.click("text=确认在当地就读")
    staff.picture("outside-04-confirm")
    page.fill("input[name=school_name]", "瑞安市仙降中学")
    page.fill("input[name=since]", "2026-09-07")
    page.fill("input[name=proof]", "瑞教函〔2026〕9号")
    page.click("main button.btn-primary")
    page.wait_for_url(f"**{url}")
    staff.picture("outside-05-confirmed")
    staff.axe()
    staff.goto("/outside/")
    staff.picture("outside-06-all")
    staff.axe()
    phone = person("bureau_staff", PHONE)
    phone.goto(url)
    phone.picture("outside-07-case-phone")
    phone.goto("/outside/")
    phone.picture("outside-08-all-phone")
    phone.goto(f"/outside/{row.public_id}/handover/")
    phone.picture("outside-09-handover-phone")
    assert staff.problems == phone.problems == []

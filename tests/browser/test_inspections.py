"""A meeting decides an inspection: two children found, approval ended, published, decision done."""

import pytest

from cases.models import Case, FoundChild, Inspection, Publication, Venue
from tests.browser.conftest import PHONE
from tests.cases.inspections.county import bodies, found, held, order, place, planned
from tests.reporting.conferences import meetings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reading_class_with_two_children(person, county, clock):
    clock("2026-10-12T12:00:00+08:00")
    others = bodies(county)
    venue = place(county)
    meeting = meetings.hold(county, meetings.plan(county, meetings.set_up(county)))
    bureau = person("bureau_leader")
    page = bureau.page
    bureau.goto(f"/meetings/{meeting.public_id}/")
    page.fill("form[action$='/decisions/'] textarea", "联合检查明德读经班。")
    page.select_option("form[action$='/decisions/'] select", str(county.bureau.public_id))
    page.fill("form[action$='/decisions/'] input[name=due_on]", "2026-10-30")
    page.click("form[action$='/decisions/'] button")
    page.wait_for_selector("h3:has-text('联合检查明德读经班')")
    bureau.picture("inspections-00-decision")
    bureau.goto("/venues/")
    bureau.picture("inspections-01-register")
    page.click("text=明德读经班")
    bureau.picture("inspections-02-place")
    bureau.goto(f"/meetings/{meeting.public_id}/")
    page.click("#decision-1 a:has-text('计划检查')")
    page.select_option("select[name=place]", f"venue:{venue.public_id}")
    page.check("input[name=topic][value=training]", force=True)
    bureau.picture("inspections-03-plan")
    for body in ("police", "culture", "market"):
        page.check(f"input[name=bodies][value='{others[body].public_id}']", force=True)
    page.click("main button.btn-primary")
    page.wait_for_selector("text=登记检查实施")
    page.click("text=登记检查实施")
    page.fill("textarea[name=summary]", "查看教室、课程表和学员名册")
    page.click("main button.btn-primary")
    page.wait_for_selector("h2:has-text('发现的问题')")
    for name in ("张梓涵", "李浩然"):
        page.click("text=登记儿童少年")
        page.fill("main input[name=q]", name)
        page.click("main form[role=search] button")
        bureau.picture("inspections-04-child")
        page.fill("input[name=since]", "2026-09-01")
        page.click("text=登记并立案")
        page.wait_for_selector(f"th:has-text('{name}')")
    assert Case.objects.count() == FoundChild.objects.count() == 2
    page.click("text=登记问题")
    bureau.picture("inspections-05-finding")
    page.check("input[name=kind][value=holds_children]", force=True)
    page.fill("textarea[name=what]", "上课时间有两名适龄儿童在此全日制读经")
    page.click("main button.btn-primary")
    page.click("text=责令限期整改")
    page.fill("input[name=number]", "文教督改〔2026〕5号")
    page.fill("input[name=due_on]", "2026-10-12")
    page.fill("input[name=recheck_on]", "2026-10-30")
    page.click("main button.btn-primary")
    page.wait_for_selector("text=须晚于责令之日")
    bureau.picture("inspections-06-refused")
    page.fill("input[name=due_on]", "2026-10-26")
    page.click("main button.btn-primary")
    page.wait_for_selector(".kc-tag:has-text('已责令整改')")
    bureau.picture("inspections-07-ordered")
    page.click("text=办结检查")
    page.wait_for_selector("text=尚有1个问题未了结")
    page.click("text=登记处罚")
    page.check("input[name=penalty][value=approval_ended]", force=True)
    page.fill("input[name=number]", "文教许撤〔2026〕1号")
    bureau.picture("inspections-08-penalty")
    page.click("main button.btn-primary")
    page.wait_for_selector(".kc-tag:has-text('已处罚')")
    page.click("a:has-text('公示结果')")
    proposed = page.input_value("textarea[name=text]")
    page.fill("textarea[name=text]", f"{proposed}\n张梓涵等两名学生已返校。")
    page.fill("input[name=place]", "县政府网站")
    page.click("main button.btn-primary")
    page.wait_for_selector("[role=alert] >> text=张梓涵")
    bureau.picture("inspections-09-blocked")
    page.fill("textarea[name=text]", f"{proposed}\n两名学生已返校。")
    page.click("main button.btn-primary")
    page.wait_for_selector("text=撤回公示")
    page.click("text=办结检查")
    page.wait_for_selector(".kc-tag:has-text('已办结')")
    bureau.picture("inspections-10-closed")
    bureau.axe()
    page.click("button:has-text('报告议定事项已完成')")
    page.wait_for_selector("#decision-1 .kc-tag:has-text('已落实')")
    bureau.picture("inspections-12-decision-done")
    bureau.axe()
    page.click("form[action$='/sign/'] button")
    page.wait_for_load_state()
    following = meetings.plan(county, meeting.conference)
    bureau.goto(f"/meetings/{following.public_id}/")
    first = page.inner_text(".kc-point >> nth=0")
    assert "上次会议以来已完成的议定事项" in first
    assert "联合检查明德读经班" in first
    bureau.picture("inspections-13-next-meeting")
    venue.refresh_from_db()
    assert venue.ending_number == "文教许撤〔2026〕1号"
    assert Inspection.objects.get().state == "closed"
    assert Publication.objects.count() == 1
    everybody = person("", PHONE)
    everybody.goto("/public/inspections/")
    everybody.picture("inspections-11-public-phone")
    everybody.axe()
    assert "张梓涵" not in everybody.page.inner_text("body")
    assert everybody.problems == []
    # Three answers were refused (422): the console tells them and nothing else.
    assert len(bureau.problems) == 3


def test_a_school_and_the_police_on_the_phone(person, county, clock):
    clock("2026-10-12T12:00:00+08:00")
    others = bodies(county)
    row = held(county, planned(county, unit=county.school, topic="dropout"))
    order(county, found(county, row, "not_done"))
    venue = place(county, name="长得不得了的国学经典诵读与传统文化素质教育培训中心（城南校区）")
    joint = planned(county, venue, others=(others["police"].public_id,))
    found(county, held(county, joint), "holds_children")
    for username, name in (("school_leader", "school"), ("agency_staff", "police")):
        somebody = person(username, PHONE)
        somebody.goto("/inspections/")
        somebody.picture(f"inspections-20-{name}-list-phone")
        somebody.page.click("tbody th a")
        somebody.picture(f"inspections-21-{name}-one-phone")
        wide = somebody.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]
        somebody.axe()
        assert somebody.problems == []
    police = person("agency_staff", PHONE)
    police.goto("/venues/")
    police.picture("inspections-22-register-phone")
    assert Venue.objects.count() == 1

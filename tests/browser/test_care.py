"""Care: a left-behind child gets a carer on a phone, a payment list becomes aid, a school meets."""

from datetime import date

import pytest

from agencies.rules.duties import AgencyKind
from cases.models import AidRecord
from students.models import Carer
from students.rules.focus import FocusGroup
from students.services import focus, left_behind
from students.services.focus import Given
from tests.browser.conftest import PHONE
from tests.support.rolls import at
from tests.support.world import agency

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = date(2026, 10, 12)


def test_carer_payments_and_committee(person, county, clock, tmp_path):
    clock("2026-10-12T12:00:00+08:00")
    ids = [child.pk for child in county.pupils[:4]]
    by = county.posts["bureau_staff"].pk
    source = Given("学籍系统", date(2026, 9, 1))
    focus.tag(ids, FocusGroup.LEFT_BEHIND_BOTH, source, by, TODAY)
    left_behind.raise_due(at(TODAY))
    teacher = person("teacher", PHONE)
    page = teacher.page
    teacher.goto("/left-behind/")
    teacher.picture("care-01-roster-phone")
    page.click(f"a:has-text('{county.pupils[0].name}')")
    page.fill("input[name=name]", "王秀兰")
    page.fill("input[name=relation]", "奶奶")
    page.fill("input[name=phone]", "13912345678")
    page.click("main form button.btn-primary")
    page.wait_for_selector("text=139****5678")
    teacher.picture("care-02-child-phone")
    assert Carer.objects.get().name == "王秀兰"

    agency("县财政局", AgencyKind.FINANCE, county.county)
    bureau = person("bureau_staff")
    page = bureau.page
    bureau.goto("/left-behind/")
    bureau.picture("care-03-roster")
    bureau.goto("/aid/payments/new/")
    page.select_option("select[name=giver]", label="县财政局")
    page.select_option("select[name=kind]", "finance")
    page.fill("input[name=what]", "2026年秋季生活补助")
    page.fill("input[name=paid_on]", "2026-10-08")
    children = county.pupils[:3]
    rows = [f"{n},{one.name},{one.id_number},625" for n, one in enumerate(children, 1)]
    rows[2] = rows[2].replace(",625", ",六百")
    path = tmp_path / "发放表.csv"
    path.write_text("\n".join(("序号,姓名,身份证号,金额", *rows)), encoding="utf-8")
    page.set_input_files("input[name=file]", path)
    page.click("main form button.btn-primary")
    page.wait_for_selector("text=登记 2 笔发放")
    bureau.picture("care-04-payments")
    page.click("a:has-text('有误的行')")
    bureau.picture("care-05-errors")
    page.click("text=登记 2 笔发放")
    page.wait_for_selector("text=已生成 2 条记录")
    assert AidRecord.objects.count() == 2
    bureau.goto("/aid/")
    bureau.picture("care-06-aid")
    page.click(f"main a:has-text('{children[0].name}')")
    bureau.picture("care-07-child")
    bureau.axe()

    leader = person("school_leader")
    page = leader.page
    leader.goto("/school-life/")
    page.click("summary:has-text('登记会议或活动')")
    page.fill("input[name=title]", "食堂饭菜")
    page.fill("input[name=reach]", "12")
    page.fill("input[name=on]", "2026-10-10")
    page.click("form[action$='/events/'] button.btn-primary")
    page.wait_for_selector("text=缺少会议记录")
    page.fill("textarea[name=words]", "议定家长每月试吃一次")
    page.click("form[action$='/events/'] button.btn-primary")
    page.wait_for_selector("text=议定家长每月试吃一次")
    leader.picture("care-08-school")
    leader.axe()

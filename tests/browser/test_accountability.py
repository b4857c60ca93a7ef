"""A township above the control line: alert, talk, order to put right, recheck, circular."""

from datetime import datetime

import pytest

from agencies.rules.deadlines import CHINA
from cases.rules.workflow import State
from reporting.models import Alert, Circular, Talk
from reporting.services import alerts
from tests.browser.conftest import PHONE
from tests.reporting.county import FRIDAY, case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_township_above_the_line(person, county, clock):
    clock("2026-10-12T12:00:00+08:00")
    case(county.pupils[0], State.CONFIRMED, FRIDAY)
    alerts.sweep(datetime(2026, 10, 12, 3, 0, tzinfo=CHINA))
    found = Alert.objects.get(kind="township")

    bureau = person("bureau_leader")
    page = bureau.page
    bureau.goto("/alerts/")
    page.click("th a:has-text('大峃镇') >> nth=0")
    bureau.goto(f"/alerts/{found.public_id}/")
    page.click("text=通知约谈")
    bureau.picture("accountability-01-call")
    assert "16.67 %" in page.input_value("textarea[name=reason]")
    page.check("input[name=position][value=township_leader]", force=True)
    page.click("main button.btn-primary")
    page.wait_for_selector(".kc-tag:has-text('已通知')")
    talk = Talk.objects.get()
    page.click("text=登记约谈")
    page.fill("textarea[name=text]", "要求十月底前劝返在外学生，压实六对一责任。")
    page.click("main button.btn-primary")
    page.click("a:has-text('责令限期整改')")
    page.fill("input[name=number]", "文教约〔2026〕1号")
    page.fill("textarea[name=items]", "逐户劝返\n公示六对一名单")
    page.click("main button.btn-primary")
    page.wait_for_selector("text=须在何日前整改")
    bureau.picture("accountability-02-refused")
    page.fill("input[name=due_on]", "2026-10-26")
    page.click("main button.btn-primary")
    page.wait_for_selector(".kc-tag:has-text('整改中')")
    bureau.picture("accountability-03-ordered")
    bureau.axe()

    town = person("township_leader", PHONE)
    town.goto("/talks/")
    town.picture("accountability-04-list-phone")
    town.page.click("th a:has-text('大峃镇')")
    town.picture("accountability-05-talk-phone")
    town.page.click("text=报告整改情况")
    town.page.fill("textarea[name=report_1]", "三户均已上门，一人答应返校。")
    town.page.fill("textarea[name=report_2]", "已在村务栏公示。")
    town.picture("accountability-06-report-phone")
    town.page.click("main button.btn-primary")
    town.page.click("text=陈述申辩")
    town.page.fill("textarea[name=text]", "基数小，一人即超线，仍将整改到位。")
    town.page.click("main button.btn-primary")
    town.page.wait_for_selector("text=基数小")
    town.axe()

    bureau.goto(f"/talks/{talk.public_id}/")
    page.click("a.btn:has-text('复查')")
    page.check("input[name=put_right][value='1']", force=True)
    page.check("input[name=put_right][value='2']", force=True)
    page.fill("textarea[name=text]", "实地查看两户，名单在栏。")
    bureau.picture("accountability-07-recheck")
    page.click("main button.btn-primary")
    page.click("a:has-text('办结并登记结果')")
    page.check("input[name=outcome][value=done]", force=True)
    page.fill("textarea[name=text]", "整改到位。")
    page.click("main button.btn-primary")
    page.wait_for_selector(".kc-tag:has-text('已办结')")
    bureau.picture("accountability-08-ended")

    page.click("a:has-text('起草通报')")
    page.fill("input[name=title]", "关于大峃镇控辍保学情况的通报")
    page.fill("textarea[name=text]", "大峃镇张梓涵辍学在家。")
    page.check(f"input[name=recipients][value='{county.town_hall.public_id}']", force=True)
    page.check(f"input[name=recipients][value='{county.other_town_hall.public_id}']", force=True)
    bureau.picture("accountability-09-draw")
    page.click("main button.btn-primary")
    page.wait_for_selector(".kc-note-bad:has-text('张梓涵')")
    page.fill("textarea[name=text]", "大峃镇初中阶段超过控制线，经约谈已整改。")
    page.click("main button.btn-primary")
    page.wait_for_selector(".kc-tag:has-text('草稿')")
    case(county.pupils[1], State.CONFIRMED, FRIDAY)
    bureau.goto(f"/circulars/{Circular.objects.get().public_id}/")
    page.wait_for_selector("text=变化的数字")
    bureau.picture("accountability-10-changed")
    bureau.axe()
    page.click("text=重新取数并保存正文")
    page.click("button:has-text('印发')")
    page.wait_for_selector(".kc-tag:has-text('已印发')")
    bureau.picture("accountability-11-issued")

    town.goto("/circulars/")
    town.page.click("text=关于大峃镇控辍保学情况的通报")
    town.picture("accountability-12-received-phone")
    town.page.click("button:has-text('签收')")
    town.page.wait_for_selector("button:has-text('签收')", state="detached")
    assert "张梓涵" not in town.page.inner_text("main")
    town.axe()
    bureau.goto(f"/circulars/{Circular.objects.get().public_id}/")
    bureau.picture("accountability-13-receipts")
    assert town.problems == []
    assert len(bureau.problems) == 2  # the two refused forms (422)

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
    _assessed(bureau, town)
    assert town.problems == []
    assert len(bureau.problems) == 3  # the refused forms (422)


def _assessed(bureau, town):
    """The township's yearly sheet: drawn, judged, sent, appealed against, answered, signed."""
    page = bureau.page
    bureau.goto("/assessments/scheme/township/2026/")
    page.fill("input[name=source]", "文教考〔2026〕3号")
    page.fill("input[name=starts_on]", "2026-09-01")
    page.fill("input[name=points_line]", "30")
    page.fill("input[name=points_circulars]", "10")
    page.fill("input[name=own_1]", "专题研究")
    page.fill("input[name=own_points_1]", "10")
    bureau.picture("assessment-01-scheme")
    page.click("main button.btn-primary")
    page.click("button:has-text('生成2份考核表')")
    page.click("th a:has-text('大峃镇')")
    page.fill("textarea[name=reason_3]", "研究两次，有记录。")
    page.fill("input[name=points_3]", "12")
    page.click("button:has-text('保存评分')")
    page.wait_for_selector("text=第3项最高10分")
    page.fill("input[name=points_3]", "8")
    page.click("button:has-text('保存评分')")
    bureau.picture("assessment-02-draft")
    page.click("button:has-text('送达被考核单位')")
    page.wait_for_selector(".kc-tag:has-text('已送达')")
    bureau.axe()

    town.goto("/assessments/")
    town.page.click("th a:has-text('大峃镇')")
    town.picture("assessment-03-sent-phone")
    town.page.click("a:has-text('申诉') >> nth=0")
    town.page.fill("textarea[name=text]", "基数小，一人即超线，已劝返。")
    town.page.click("main button.btn-primary")
    town.page.click("button:has-text('确认考核表')")
    town.page.wait_for_selector("text=确认日期")
    town.axe()

    page.reload()
    page.click("a:has-text('答复申诉')")
    page.fill("input[name=points]", "15")
    page.fill("textarea[name=reason]", "基数小属实，酌情给分。")
    bureau.picture("assessment-04-answer")
    page.click("main button.btn-primary")
    page.click("button:has-text('签发并固定')")
    page.wait_for_selector(".kc-tag:has-text('已签发')")
    bureau.picture("assessment-05-signed")
    assert "0 → 15" in page.inner_text("main")

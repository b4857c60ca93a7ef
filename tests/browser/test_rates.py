"""A clerk of the bureau reads the rates, enters a year, and opens an alert; at a desk and a phone."""

import pytest

from cases.rules.workflow import State
from reporting.models import Alert
from reporting.services import alerts
from tests.browser.conftest import PHONE
from tests.reporting.accountability.test_alerts import NOW
from tests.reporting.county import FRIDAY, case
from tests.support.world import pupil

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_table_to_the_children_of_an_alert(county, person) -> None:
    for number in range(110):
        pupil(county.school_class, f"钱{number}", county.village)
    for child in county.pupils[:3]:
        case(child, State.CONFIRMED, FRIDAY)
    alerts.sweep(NOW)
    clerk = person("bureau_staff")
    page = clerk.page
    clerk.goto("/rates/entries/")
    page.click("summary:has-text('录入数据')")
    form = page.locator("form[action$='/values/']")
    form.locator("[name=unit]").select_option(label="大峃镇")
    form.locator("[name=measure]").select_option("ledger")
    form.locator("[name=stage]").select_option("junior")
    form.locator("[name=numerator]").fill("2")
    form.locator("[name=denominator]").fill("640")
    form.locator("[name=source]").fill("2025学年教育事业统计报表")
    form.locator("button[type=submit]").click()
    assert page.locator("text=0.31 % = 2 / 640").count() == 1
    clerk.picture("rates-entries")
    clerk.axe()
    clerk.goto("/rates/")
    clerk.picture("rates")
    clerk.axe()
    assert page.locator("tr", has_text="大峃镇").first.locator("text=0.31 %").count() == 1
    page.locator(".kc-rates a", has_text="预警").first.click()
    clerk.picture("alert")
    clerk.axe()
    assert page.locator("text=2.59 % = 3 / 116").count() == 2  # as found, and today
    page.click("a:has-text('张梓涵')")
    assert "/cases/" in page.url or "/case/" in page.url
    assert clerk.problems == []
    cadre = person("township_cadre", PHONE)
    cadre.goto("/rates/")
    cadre.picture("rates-phone")
    cadre.goto(f"/alerts/{Alert.objects.get(kind='school').public_id}/")
    cadre.picture("alert-phone")
    cadre.axe()
    assert cadre.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

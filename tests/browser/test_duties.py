"""The list of duties and one duty on a desk and on a phone; an extension by hand."""

from datetime import date

import pytest

from agencies.models import Agency, Obligation
from agencies.rules.obligations import ObligationKind
from agencies.services import dispatch, obligations, receipts, sweep
from tests.browser.conftest import PHONE
from tests.support.duties import at, owe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "文成县百丈漈镇黄坦片区石垟林场民族团结希望九年一贯制寄宿学校（南田教学点）"


@pytest.fixture
def thursday(county, clock):
    """Overdue and climbing, today, soon, this week and later; one school with a very long name."""
    clock("2026-09-10T09:00:00+08:00")
    Agency.objects.filter(pk=county.other_school.pk).update(name=LONG)
    county.other_school.refresh_from_db()
    for school in (county.school, county.other_school):
        owe(county, school=school)
        owe(county, ObligationKind.TERM_REPORT, school)
    owe(county, ObligationKind.ROLL, county.second_school, key="r", starts_on=date(2026, 9, 10))
    case = "文成辍2026-0001"
    visit = date(2026, 9, 16)
    owe(county, ObligationKind.VISIT, county.town_hall, due_on=visit, subject=case)
    owe(county, ObligationKind.PLACEMENT_END, due_on=date(2026, 12, 1), subject="七年级3班")
    sweep.sweep(at("2026-09-08T00:01"))
    sweep.sweep(at("2026-09-09T00:01"))
    dispatch.expand(at("2026-09-09T00:02"))
    return county


def test_list_and_duty(person, thursday):
    leader = person("bureau_leader")
    leader.goto("/duties/")
    leader.picture("duties-1-list")
    leader.axe()
    row = Obligation.objects.get(kind="census", owed_by=thursday.other_school)
    receipts.send(row, [thursday.bureau, thursday.other_town_hall], at("2026-09-08T10:00"))
    leader.goto(f"/duties/{row.public_id}/")
    leader.page.click(".kc-extend > summary")
    leader.page.fill("input[name=due_on]", "2026-09-14")
    leader.page.fill("textarea[name=reason]", "台风停课两天，学校报请顺延。")
    leader.picture("duties-2-duty")
    leader.axe()
    leader.page.click(".kc-extend button.btn-primary")
    leader.page.wait_for_url(f"**/duties/{row.public_id}/")
    assert "2026-09-14 24:00" in leader.page.locator("main").inner_text()
    leader.picture("duties-3-extended")
    leader.goto("/duties/")
    leader.page.click(".kc-head button.btn-primary")
    leader.page.wait_for_load_state()
    assert "催办" in leader.page.locator(".kc-note").first.inner_text()
    leader.picture("duties-4-reminded")
    assert leader.problems == []


def test_on_a_phone(person, thursday):
    school = person("school_leader", PHONE)
    school.goto("/duties/")
    school.picture("duties-5-phone")
    bureau = person("bureau_staff", PHONE)
    bureau.goto("/duties/")
    bureau.picture("duties-6-phone-bureau")
    row = Obligation.objects.get(kind="census", owed_by=thursday.other_school)
    bureau.goto(f"/duties/{row.public_id}/")
    bureau.picture("duties-7-phone-duty")
    for somebody in (school, bureau):
        assert somebody.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert somebody.problems == []
    obligations.fulfil([row.pk], at("2026-09-10T10:00"))
    bureau.goto("/duties/?state=met")
    bureau.picture("duties-8-phone-met")


def test_moving_a_term(person, county, clock):
    clock("2026-08-25T09:00:00+08:00")
    bureau = person("bureau_staff")
    bureau.goto("/terms/")
    bureau.picture("terms-1-list")
    bureau.page.click("text=更改日期")
    bureau.page.fill("input[name=starts_on]", "2026-09-05")
    bureau.page.click("main button.btn-primary")
    bureau.picture("terms-2-doubt")
    bureau.page.check("input[name=sure]")
    bureau.page.click("main button.btn-primary")
    bureau.page.wait_for_url("**/terms/")
    bureau.picture("terms-3-moved")
    bureau.axe()
    phone = person("bureau_leader", PHONE)
    phone.goto("/terms/")
    phone.page.click("text=更改日期")
    phone.picture("terms-4-phone")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390

"""One plan from the first row to a finished measure, on a desk and on a phone, with and without
JavaScript; a household of two side by side."""

from datetime import date

import pytest

from agencies import clock as the_clock
from cases.models import Assistance, Case, Measure, Plan
from cases.rules.workflow import Action
from cases.services import opening
from tests.browser.conftest import PHONE
from tests.cases.services.test_chain import absent_for_four_days, act
from tests.support.world import pupil

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "由村干部每周上门一次，联系温州鞋厂所在地人社局核查用工情况，督促厂方送返并书面回复，同时落实交通补助"


@pytest.fixture
def case(county, clock) -> Case:
    clock("2026-10-12T09:00:00+08:00")
    case = absent_for_four_days(county)
    act(county, case, "township_cadre", Action.CONFIRM, date(2026, 10, 12))
    case.refresh_from_db()
    return case


def fill(page, cause: int, row: int, what: str, seat: str, day: str) -> None:
    prefix = f"c{cause}-m{row}"
    page.fill(f"[name={prefix}-what]", what)
    page.select_option(f"[name={prefix}-seat]", seat)
    page.fill(f"[name={prefix}-due_on]", day)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_plan_from_the_first_row_to_a_finished_measure(person, county, case, clock, javascript):
    cadre = person("township_cadre", java_script_enabled=javascript)
    page = cadre.page
    cadre.goto(f"/cases/{case.public_id}/plan/")
    if javascript:
        cadre.picture("plan-01-none")
    page.click("text=制定方案")
    page.fill("[name=situation]", "父母离异，随舅舅在温州鞋厂做工，本人愿意回校但担心跟不上。")
    page.select_option("[name=c0-cause]", "work.hired")
    fill(page, 0, 0, LONG, "village_cadre", "2026-10-20")
    page.click("#c0 button[name=add]")
    fill(page, 0, 1, "报送县人社局", "township_cadre", "2026-10-15")
    page.click("button[value=cause]")
    page.select_option("[name=c1-cause]", "learning.behind")
    fill(page, 1, 0, "每周三次补课", "teacher", "2026-10-11")
    page.click("main .kc-acts button.btn-primary")
    assert page.locator("#id_c1-m0-due_on_error").inner_text() == "完成期限已过。"
    assert page.input_value("[name=c0-m0-what]") == LONG
    assert not Plan.objects.exists()
    if javascript:
        cadre.picture("plan-02-refused")
        cadre.axe()
    page.fill("[name=c1-m0-due_on]", "2026-10-30")
    page.click("main .kc-acts button.btn-primary")
    page.wait_for_url("**/plan/")
    assert Measure.objects.count() == 3

    leader = person("township_leader", java_script_enabled=javascript)
    leader.goto(f"/cases/{case.public_id}/plan/")
    if javascript:
        leader.picture("plan-03-to-approve")
    leader.page.click("text=批准方案")
    assert Plan.objects.get().approved_at

    village = person("village_cadre", PHONE, java_script_enabled=javascript)
    village.goto(f"/cases/{case.public_id}/plan/")
    row = Measure.objects.get(seat="village_cadre")
    mine = village.page.locator(f"#m-{row.public_id}")
    assert village.page.locator("summary:has-text('完成')").count() == 1  # only their own
    mine.locator("summary").first.click()
    mine.locator("input[type=date]").fill("2026-10-12")
    mine.locator("select").select_option("better")
    if javascript:
        village.picture("plan-04-done-phone")
        village.axe()
    mine.locator("button:has-text('登记完成')").click()
    village.page.wait_for_url("**/plan/")
    row.refresh_from_db()
    assert row.effect == "better"
    for somebody in (cadre, leader, village):
        assert somebody.problems in (
            [],
            [
                "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
            ],
        )
    if not javascript:
        return
    clock("2026-10-19T09:00:00+08:00")
    cadre.goto(f"/cases/{case.public_id}/plan/")
    page.click("text=登记复查")
    cadre.picture("plan-05-review")
    cadre.axe()
    page.context.new_page().close()
    page.set_viewport_size(PHONE)
    cadre.goto(f"/cases/{case.public_id}/plan/edit/")
    cadre.picture("plan-06-form-phone")


def test_a_household_of_two_and_their_help(person, county, case, clock):
    sibling = pupil(county.second_class, "欧阳张梓豪", county.village, household=case.household)
    scope = county.scope("township_cadre")
    why = opening.ByHand("reported", date(2026, 10, 12))
    opening.open_by_hand(scope, sibling, why, the_clock.now())
    cadre = person("township_cadre")
    page = cadre.page
    cadre.goto(f"/cases/{case.public_id}/plan/edit/")
    page.select_option("[name=c0-cause]", "work.hired")
    fill(page, 0, 0, LONG, "village_cadre", "2026-10-20")
    page.click("main .kc-acts button.btn-primary")
    page.wait_for_url("**/plan/")
    cadre.goto(f"/cases/{case.public_id}/assistance/")
    page.select_option("[name=kind]", "money")
    page.fill("[name=what]", "临时救助金")
    page.fill("[name=amount]", "1500.5")
    page.fill("[name=giver_name]", "文成县慈善总会")
    page.fill("[name=starts_on]", "2026-10-12")
    page.click("button:has-text('保存帮扶')")
    assert Assistance.objects.get().giver_name == "文成县慈善总会"
    cadre.picture("plan-10-help")
    cadre.axe()
    cadre.goto(f"/cases/{case.public_id}/household/")
    assert page.locator(".kc-sibling").count() == 2
    cadre.picture("plan-11-household")
    cadre.axe()
    cadre.goto(f"/cases/{case.public_id}/household/print/")
    cadre.picture("plan-12-household-print")
    cadre.goto("/assistance/")
    cadre.picture("plan-13-help-list")
    cadre.axe()
    page.set_viewport_size(PHONE)
    for number, path in enumerate(("household/", "assistance/"), 14):
        cadre.goto(f"/cases/{case.public_id}/{path}")
        cadre.picture(f"plan-{number}-phone")
    cadre.goto("/assistance/")
    cadre.picture("plan-16-help-list-phone")
    bureau = person("bureau_leader")
    bureau.goto("/causes/")
    bureau.picture("plan-17-causes")
    bureau.axe()
    bureau.goto("/causes/work.hired/")
    bureau.picture("plan-18-cause")
    bureau.page.set_viewport_size(PHONE)
    bureau.goto("/causes/")
    bureau.picture("plan-19-causes-phone")
    assert (cadre.problems, bureau.problems) == ([], [])

"""Two children of one household at two schools, from the opening of their cases: one comes back and
its case is closed; for the other an order is served in vain and the matter is referred."""

from datetime import date

import pytest

from agencies import clock as the_clock
from agencies.queries.calendars import working_calendar
from cases.models import Case, LegalStep
from cases.queries.seats import history_of
from cases.rules.workflow import State
from cases.services import opening
from tests.browser.conftest import PHONE
from tests.support.ladder import CRITICISM, ORDER, REFERRAL, RUN, scan
from tests.support.rolls import U, take
from tests.support.world import pupil

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RECEIPT = {"name": "回证.png", "mimeType": "image/png", "buffer": scan()}
BACK, LAST = date(2026, 9, 14), date(2026, 10, 15)  # the twentieth school day (rule 14)


def submit(somebody, case: Case, page: str, **given: str) -> None:
    """Fill a form of the case and send it; it has to be accepted."""
    at = somebody.page
    somebody.goto(f"/cases/{case.public_id}/{page}")
    for name, value in given.items():
        at.fill(f"[name={name}]", value)
    at.click("main button.btn-primary")
    at.wait_for_url(f"**/cases/{case.public_id}/")


def take_rung(somebody, case: Case, rung: str, facts: dict[str, str]) -> None:
    at = somebody.page
    somebody.goto(f"/cases/{case.public_id}/ladder/rungs/{rung}/")
    for name, text in facts.items():
        at.fill(f"[name={name}]", text)
    at.click("button[value=preview]")
    at.wait_for_selector("#preview")
    at.click("button[value=issue]")
    at.wait_for_url("**/ladder/")


def serve(somebody, case: Case) -> None:
    at = somebody.page
    somebody.goto(f"/cases/{case.public_id}/ladder/")
    at.click("text=登记送达")
    at.check("input[name=method][value=direct]", force=True)
    for name, text in {"place": "家中", "receiver": "张某", "relation": "本人"}.items():
        at.fill(f"[name={name}]", text)
    at.set_input_files("input[name=receipt]", RECEIPT)
    at.click("main button[type=submit]")
    at.wait_for_url("**/ladder/")


def test_one_child_comes_back_and_the_other_is_referred(person, county, clock):
    first = county.pupils[0]
    second = pupil(county.second_class, "张小弟", county.village, household=first.household)
    for day in RUN:
        take(county, day, {0: U})
    clock("2026-09-04T18:00:00+08:00")
    assert opening.open_from_runs(the_clock.now()) == 1
    here = Case.objects.get(student=first)

    clock("2026-09-07T09:00:00+08:00")
    leader = person("second_leader")
    leader.goto(f"/students/{second.public_id}/open-case/")
    leader.page.check("input[value=whereabouts_unknown]", force=True)
    leader.page.fill("[name=note]", "家中无人")
    leader.page.click("main button.btn-primary")
    leader.page.wait_for_url("**/cases/*/")
    there = Case.objects.get(student=second)

    cadre, village = person("township_cadre"), person("village_cadre", PHONE)
    for case in (here, there):
        submit(cadre, case, "actions/confirm/", note="家访核实")
    cadre.picture("household-01-second-confirmed")
    assert cadre.page.locator(".kc-seats li").count() == 8

    clock("2026-09-08T09:00:00+08:00")
    page = cadre.page
    cadre.goto(f"/cases/{here.public_id}/plan/edit/")
    page.select_option("[name=c0-cause]", "learning.behind")
    page.fill("[name=c0-m0-what]", "每周三次补课")
    page.select_option("[name=c0-m0-seat]", "teacher")
    page.fill("[name=c0-m0-due_on]", "2026-09-30")
    page.click("main .kc-acts button.btn-primary")
    page.wait_for_url("**/plan/")
    chief = person("township_leader")
    chief.goto(f"/cases/{here.public_id}/plan/")
    chief.page.click("text=批准方案")

    village.goto(f"/cases/{here.public_id}/visit/")
    for name, value in (("place", "home"), ("reached", "guardian"), ("outcome", "promised")):
        village.page.check(f"input[name={name}][value={value}]", force=True)
    village.page.check(f"input[name='for-{there.public_id}'][value=refused]", force=True)
    village.page.click("main button.btn-primary")
    village.page.wait_for_url(f"**/cases/{here.public_id}/")
    village.picture("household-02-visited-phone")

    clock("2026-09-10T12:00:00+08:00")
    take_rung(cadre, there, "criticism", CRITICISM)
    serve(cadre, there)
    clock("2026-09-11T09:00:00+08:00")
    take_rung(cadre, there, "order", ORDER)
    clock("2026-09-13T10:00:00+08:00")
    serve(cadre, there)
    order = LegalStep.objects.get(case=there, order=2)
    assert (order.served_on, order.ends_on) == (date(2026, 9, 13), date(2026, 9, 20))  # rule 15

    clock("2026-09-14T09:00:00+08:00")
    take(county, BACK, {})
    school = person("school_leader")
    submit(school, here, "actions/record_return/")
    teacher = person("teacher", PHONE)
    submit(teacher, here, "catch-up/", what="每周三次补课，与李浩然结对")

    clock("2026-09-20T10:00:00+08:00")  # the last day of the period, a working Sunday
    chief.goto(f"/cases/{there.public_id}/ladder/")
    assert chief.page.locator("a[href$='/rungs/referral/']").count() == 0
    chief.picture("household-03-not-yet")
    clock("2026-09-21T09:00:00+08:00")
    chief.goto(f"/cases/{there.public_id}/ladder/steps/{order.public_id}/outcome/")
    chief.page.check("input[value=not_complied]", force=True)
    chief.page.fill("[name=note]", "仍未送返")
    chief.page.click("main button[type=submit]")
    chief.page.wait_for_url("**/ladder/")
    take_rung(chief, there, "referral", {**REFERRAL, "addressee": "县司法局"})
    chief.picture("household-04-referred")
    assert LegalStep.objects.filter(case=there, order=3).exists()

    for day in working_calendar().working_days(date(2026, 9, 15), LAST):
        take(county, day, {})
    clock("2026-10-15T17:00:00+08:00")
    submit(cadre, here, "actions/request_closure/")
    bureau = person("bureau_leader")
    submit(bureau, here, "actions/approve_closure/")
    bureau.picture("household-05-closed")
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.state, there.state) == (State.CLOSED, State.PERSUADING)
    left = [one.seat for one in history_of(there) if one.seat.until]
    assert {seat.post.user.username for seat in left} >= {"school_leader", "teacher"}
    cadre.goto(f"/cases/{there.public_id}/household/")
    cadre.axe()
    cadre.picture("household-06-plans")
    for somebody in (leader, cadre, village, chief, school, teacher, bureau):
        assert somebody.problems == []

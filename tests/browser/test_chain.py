"""The whole chain as four people: teacher, school leader, township cadre, bureau."""

from datetime import date, timedelta

import pytest

from agencies import clock as the_clock
from cases.models import Case
from cases.rules.workflow import State
from cases.services import opening
from tests.browser.conftest import PHONE
from tests.support.rolls import U, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_child_through_the_chain(person, county, clock):
    for day in (date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8)):
        take(county, day, {0: U})

    # Friday: the teacher's home is today's roll; one absent pupil is one tap, and submit.
    clock("2026-10-09T08:05:00+08:00")
    teacher = person("teacher")
    roll = teacher.page
    assert "/roll/2026-10-09/" in roll.url
    row = roll.locator(".kc-pupil", has_text="张梓涵")
    row.locator("label", has_text="旷课").click()
    teacher.picture("chain-01-roll")
    roll.click("button.kc-submit")
    roll.wait_for_url("**saved=1")
    assert "旷4日" in row.inner_text()
    teacher.picture("chain-02-roll-saved")

    # A minute later the sweep has opened the case and seated six people.
    assert opening.open_from_runs(the_clock.now()) == 1
    case = Case.objects.get()

    leader = person("school_leader")
    leader.goto("/cases/")
    leader.page.click("text=张梓涵")
    assert leader.page.locator(".kc-state").first.inner_text() == "疑似辍学"
    leader.picture("chain-03-case-school-leader")

    cadre = person("township_cadre", PHONE)
    work = cadre.page
    assert work.url.endswith("/cases/")
    cadre.picture("chain-04-worklist-phone")
    work.click("a.btn-primary:has-text('开始核实')")
    work.click("main button.btn-primary")
    work.wait_for_url(f"**/cases/{case.public_id}/")
    cadre.goto(f"/cases/{case.public_id}/actions/confirm/")
    work.fill("textarea[name=note]", "在温州随父务工")
    work.click("main button.btn-primary")
    cadre.goto(f"/cases/{case.public_id}/visit/")
    for name, value in (("place", "home"), ("reached", "guardian"), ("outcome", "promised")):
        work.check(f"input[name={name}][value={value}]", force=True)
    work.fill("textarea[name=note]", "家长答应下周一送回")
    cadre.picture("chain-05-visit-phone")
    work.click("main button.btn-primary")
    work.wait_for_url(f"**/cases/{case.public_id}/")
    case.refresh_from_db()
    assert case.state == State.PERSUADING
    assert work.locator("text=家长答应下周一送回").count() == 1

    # Monday: back in class, proved by the roll; recorded by the school.
    clock("2026-10-12T09:00:00+08:00")
    take(county, date(2026, 10, 12), {})
    leader.goto(f"/cases/{case.public_id}/actions/record_return/")
    leader.page.click("main button.btn-primary")
    leader.page.wait_for_url(f"**/cases/{case.public_id}/")
    leader.picture("chain-06-returned")

    day = date(2026, 10, 13)
    while day <= date(2026, 11, 6):
        if day.weekday() < 5:
            take(county, day, {})
        day += timedelta(days=1)
    clock("2026-11-06T16:00:00+08:00")
    cadre.goto(f"/cases/{case.public_id}/actions/request_closure/")
    work.click("main button.btn-primary")
    work.wait_for_url(f"**/cases/{case.public_id}/")

    bureau = person("bureau_leader")
    bureau.goto(f"/cases/{case.public_id}/")
    bureau.picture("chain-07-closure-asked")
    bureau.page.click("text=批准销号")
    bureau.page.click("main button.btn-primary")
    bureau.page.wait_for_url(f"**/cases/{case.public_id}/")
    case.refresh_from_db()
    assert case.state == State.CLOSED
    bureau.picture("chain-08-closed")
    for somebody in (teacher, leader, cadre, bureau):
        assert somebody.problems == []


def test_full_attendance_is_two_taps_and_three_absent_are_four(person, county, clock):
    clock("2026-10-13T08:05:00+08:00")
    teacher = person("teacher", PHONE)
    page = teacher.page
    page.click("button.kc-submit")
    page.click("dialog[open] button[value=yes]")
    page.wait_for_url("**saved=1")
    clock("2026-10-14T08:05:00+08:00")
    teacher.goto("/")
    for index in range(3):
        page.locator(".kc-pupil").nth(index).locator("label", has_text="病假").click()
    page.click("button.kc-submit")
    page.wait_for_url("**saved=1")
    assert page.locator("[data-count=leave]").inner_text() == "3"


def test_the_roll_works_without_javascript(person, county, clock):
    clock("2026-10-13T08:05:00+08:00")
    teacher = person("teacher", java_script_enabled=False)
    teacher.page.locator(".kc-pupil").nth(1).locator("label", has_text="旷课").click()
    teacher.page.click("button.kc-submit")
    assert "saved=1" in teacher.page.url


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_serious(person, county, clock, language):
    for day in (date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)):
        take(county, day, {0: U})
    opening.open_from_runs(the_clock.now())
    case = Case.objects.get()
    visited = {
        "teacher": [f"/classes/{county.school_class.public_id}/roll/2026-10-12/", "/students/"],
        "school_leader": ["/imports/", "/rolls/"],
        "township_cadre": ["/cases/", f"/cases/{case.public_id}/", "/board/"],
        "bureau_leader": ["/board/", f"/students/{county.pupils[0].public_id}/"],
    }
    for role, pages in visited.items():
        somebody = person(role)
        somebody.page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": somebody.server}]
        )
        for path in pages:
            somebody.goto(path)
            somebody.axe()
            assert somebody.problems == []

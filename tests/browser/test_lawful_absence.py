"""A suspension from the school's form to the decision; a home lesson on the phone, to the log."""

from datetime import date
from pathlib import Path

import pytest

from students.models import HomeSession, Placement
from tests.browser.conftest import PHONE
from tests.students.placements.cast import approved, jpeg, planned
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = date(2026, 10, 12)


def scan(folder: Path) -> Path:
    file = folder / "证明.jpg"
    file.write_bytes(jpeg())
    return file


def test_a_suspension_asked_for_and_decided(person, county: World, tmp_path: Path):
    approved(county, "home_teaching", 1)
    leader = person("school_leader")
    page = leader.page
    leader.goto(f"/students/{county.pupils[0].public_id}/placement/")
    leader.picture("absence-01-kinds")
    page.click("a[href='?kind=suspension']")
    for name, value in (
        ("reason", "骨折，需要休养"), ("ends_on", "2027-01-29"), ("months", "3"),
        ("issued_by", "文成县人民医院"), ("proof", "疾病证明〔2026〕118号"),
    ):  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.set_input_files("[name=file]", scan(tmp_path))
    leader.picture("absence-02-form")
    leader.axe()
    page.click("main button[type=submit]")
    assert page.locator("button:has-text('批准')").count() == 0  # who asked does not decide
    leader.picture("absence-03-asked")

    decider = person("township_leader", PHONE)
    page = decider.page
    decider.goto("/placements/")
    decider.picture("absence-04-list-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("a.kc-work-link")
    page.fill("[name=answer]", "同意休学")
    decider.picture("absence-05-decide-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    decider.axe()
    page.click("button:text-is('批准')")
    assert Placement.objects.get(student=county.pupils[0]).ends_on == date(2027, 1, 29)
    decider.goto(f"/students/{county.pupils[0].public_id}/")
    assert page.locator("text=suspension").count() == 0
    assert page.locator(".kc-disposition-suspension").count() == 1

    bureau = person("bureau_staff")
    bureau.goto("/placements/")
    bureau.picture("absence-06-list")
    bureau.axe()
    bureau.goto("/placements/print/")
    bureau.picture("absence-07-print")
    assert [*leader.problems, *decider.problems, *bureau.problems] == []


def test_a_lesson_at_home_on_the_phone(person, county: World, tmp_path: Path):
    plan = planned(county)
    teacher = person("teacher", PHONE)
    page = teacher.page
    teacher.goto("/home-teaching/")
    teacher.picture("home-01-plans-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("main th a")
    page.click("a:has-text('记录送教')")
    page.fill("[name=at]", "2026-10-12T07:00")
    page.fill("[name=content]", "认读1到10，练习扣纽扣")
    page.fill("[name=signed_by]", "张某")
    page.set_input_files("[name=photo]", scan(tmp_path))
    teacher.picture("home-02-session-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    teacher.axe()
    page.click("main button[type=submit]")
    assert HomeSession.objects.get().periods == 2
    assert page.locator(".kc-photos img").count() == 1
    teacher.picture("home-03-plan-phone")
    bureau = person("bureau_staff")
    bureau.goto(f"/home-teaching/{plan.public_id}/")
    bureau.picture("home-04-plan")
    bureau.axe()
    bureau.goto(f"/home-teaching/{plan.public_id}/print/")
    bureau.picture("home-05-log")
    bureau.goto(f"/students/{county.pupils[0].public_id}/")
    bureau.picture("home-06-child")
    assert [*teacher.problems, *bureau.problems] == []

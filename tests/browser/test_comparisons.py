"""The three comparisons side by side, and statistics narrowed to a focus group."""

import re

import pytest
from playwright.sync_api import expect

from students.models import PersonList
from students.rules.focus import FocusGroup
from tests.browser.conftest import PHONE
from tests.reporting.county import FRIDAY, case, morning
from tests.reporting.test_tags import tagged
from tests.students.consistency.test_sweep import rolls
from tests.support.registers import register
from tests.support.world import pupil

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(county):
    """A morning with two poor dropouts, one of them with a long name, and somebody never seen."""
    day = morning(county)
    long_name = pupil(county.second_class, "阿卜杜热合曼·买买提江·吐尔逊", county.other_village)
    case(long_name, "persuading", FRIDAY)
    tagged(county, FocusGroup.POOR, *county.pupils[:2], long_name, day.cases[2].student)
    county.school_class, kept = county.second_class, county.school_class
    county.pupils, all_of_them = [long_name, day.other_pupils[0]], county.pupils
    rolls(county, 20, {0: "sick_leave", 1: "sick_leave"}, FRIDAY)
    county.school_class, county.pupils = kept, all_of_them
    return day


def test_a_clerk_goes_through_the_comparisons(person, cast):
    county = cast.world
    register(county, PersonList.State.APPLIED, kind="poverty")
    register(county, PersonList.State.APPLIED)
    clerk = person("bureau_staff")
    page = clerk.page
    clerk.goto("/comparison/")
    tabs = page.locator("nav.kc-tabs a")
    expect(tabs).to_have_count(3)
    clerk.picture("comparison-tabs")
    tabs.nth(1).click()
    expect(page.locator("tbody th a", has_text="钱一")).to_have_count(1)
    clerk.axe()
    clerk.picture("comparison-attendance")
    tabs.nth(2).click()
    expect(page.locator("h1")).to_contain_text("3")
    clerk.axe()
    clerk.picture("comparison-poor")
    page.locator("table").first.locator("a", has_text="大峃镇").click()
    expect(page.locator("table").nth(1).locator("tbody tr")).to_have_count(2)
    page.locator("table").nth(1).locator("tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}/"))


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_every_page_keeps_the_group(person, cast, size):
    clerk = person("bureau_staff", size) if size else person("bureau_staff")
    page, end = clerk.page, "-phone" if size else ""
    clerk.goto("/board/")
    page.select_option("select[name=tag]", "poor")
    page.click("main form.kc-head-acts button[type=submit]")
    expect(page).to_have_url(re.compile("tag=poor"))
    clerk.axe()
    clerk.picture(f"board-poor{end}")
    page.locator(".kc-figure-number a").first.click()
    expect(page.locator("main .kc-sub")).to_contain_text(re.compile("脱贫户|poor household"))
    clerk.picture(f"board-poor-list{end}")
    for path, name in (
        ("/cases/?tag=poor", "worklist-poor"),
        ("/dropouts/poor/", "poor"),
        ("/records/attendance/", "attendance"),
    ):
        clerk.goto(path)
        clerk.axe()
        clerk.picture(f"{name}{end}")
        if size:
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path

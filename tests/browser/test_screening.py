"""A round at the doors of a village: two taps a child on a phone, and without JavaScript."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from students.models import Household, ScreenedChild
from students.rules.focus import FocusGroup
from students.services import focus, screening
from students.services.focus import Given
from tests.browser.conftest import PHONE
from tests.support.rolls import at
from tests.support.world import pupil

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = date(2026, 10, 12)


def test_a_cadre_goes_from_door_to_door(person, county):
    by = county.posts["bureau_staff"].pk
    ids = [county.pupils[0].pk]
    focus.tag(ids, FocusGroup.LEFT_BEHIND_BOTH, Given("学籍", date(2026, 9, 1)), by, TODAY)
    long_name = pupil(county.school_class, "阿卜杜热合曼·买买提江·吐尔逊", county.village)
    Household.objects.filter(members=long_name).update(
        address="城南社区外来人口聚居区第十二片区3号楼"
    )
    screening.open_due(at(TODAY))
    cadre = person("village_cadre", PHONE)
    page = cadre.page
    cadre.goto("/screenings/")
    cadre.picture("screenings-phone")
    page.click("main table a")
    expect(page.locator("details.kc-door")).to_have_count(7)
    cadre.axe()
    first = page.locator("details.kc-door").first
    name = first.locator("strong").inner_text()
    first.locator("summary").click()
    cadre.picture("screening-village-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    first.locator("button.kc-found-not_found").click()
    expect(page.locator("details.kc-door")).to_have_count(6)
    found = ScreenedChild.objects.get(found="not_found")
    assert found.student.name == name
    page.click("text=/已排查|Asked about/")
    page.locator("details.kc-door summary").click()
    cadre.axe()
    cadre.picture("screening-asked-phone")
    page.click("form[action$='/case/'] button")
    expect(page).to_have_url(re.compile("/cases/"))
    cadre.goto(f"/screenings/{found.round.public_id}/villages/{county.village.code}/unknown/")
    cadre.axe()
    cadre.picture("screening-unknown-phone")


def test_the_pages_of_township_and_bureau(person, county):
    by = county.posts["bureau_staff"].pk
    ids = [child.pk for child in county.pupils[:3]]
    for group in (FocusGroup.POOR, FocusGroup.DISABLED):
        focus.tag(ids, group, Given("县名单 2026-09", date(2026, 9, 1)), by, TODAY)
    screening.open_due(at(TODAY))
    bureau, town = person("bureau_staff"), person("township_cadre")
    bureau.goto("/screenings/new/")
    bureau.axe()
    bureau.picture("screening-new")
    bureau.goto("/screenings/")
    bureau.page.click("main table a")
    bureau.axe()
    bureau.picture("screening-bureau")
    town.goto("/screenings/")
    town.page.click("main table a")
    town.page.click("details summary >> nth=-1")
    town.axe()
    town.picture("screening-township")
    town.page.click("main table th a")
    town.page.click("a[href*='/print/']")
    town.picture("screening-sheet")
    for path, name in (
        ("/focus/", "focus"),
        ("/focus/disabled/", "focus-disabled"),
        ("/focus/poor/?print=1", "focus-print"),
        ("/students/?tag=poor", "students-by-tag"),
        (f"/students/{county.pupils[0].public_id}/tags/", "tags"),
        (f"/students/{county.pupils[0].public_id}/disability/", "disability"),
        (f"/students/{county.pupils[0].public_id}/", "student-with-tags"),
    ):
        bureau.goto(path)
        bureau.axe()
        bureau.picture(name)

"""The team of a household with children at two schools, as the township and the teacher see it."""

from datetime import date

import pytest

from cases.rules.workflow import Action
from cases.services import team
from tests.browser.conftest import PHONE
from tests.cases.services.test_chain import absent_for_four_days, act
from tests.cases.services.test_team import open_for, sibling_of
from tests.support.rolls import at, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_eight_people_for_two_children(person, county, clock):
    clock("2026-10-09T14:00:00+08:00")
    case = absent_for_four_days(county)
    open_for(county, sibling_of(county, case))
    order = team.Order(date(2026, 10, 9), at(date(2026, 10, 9), 15))
    team.put(case, {"village_cadre": None}, order)
    url = f"/cases/{case.public_id}/"

    cadre = person("township_cadre")
    cadre.goto(f"{url}team/")
    assert cadre.page.locator("select").count() == 8
    cadre.axe()
    cadre.picture("team-01-form")
    cadre.page.click("main button.btn-primary")
    cadre.page.wait_for_url(f"**{url}")
    assert cadre.page.locator(".kc-seats .kc-red").count() == 0  # the proposal was saved

    clock("2026-10-12T12:00:00+08:00")
    take(county, date(2026, 10, 12), {})
    act(county, case, "township_cadre", Action.CONFIRM, date(2026, 10, 12))
    act(county, case, "township_cadre", Action.RECORD_RETURN, date(2026, 10, 12))
    teacher = person("teacher", PHONE)
    teacher.goto(url)
    teacher.picture("team-02-case-phone")
    teacher.page.click("a:has-text('补学安排')")
    teacher.page.fill("textarea[name=what]", "每周二放学后补数学，与李浩然结对")
    teacher.axe()
    teacher.picture("team-03-catch-up-phone")
    teacher.page.click("main button.btn-primary")
    teacher.page.wait_for_url(f"**{url}")
    assert "每周二放学后补数学" in teacher.page.inner_text("main")
    teacher.goto(f"{url}team/history/")
    teacher.axe()
    teacher.picture("team-04-history-phone")
    cadre.goto(f"{url}team/history/")
    cadre.picture("team-05-history")
    cadre.goto(url)
    cadre.picture("team-06-case")
    assert cadre.problems + teacher.problems == []

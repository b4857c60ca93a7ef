"""The term-start check at a desk and on a phone: before the rolls, answering, signed, decided."""

from datetime import date

import pytest

from students.models import Term
from students.services import terms
from students.services.terms import TermDates
from tests.browser.conftest import PHONE
from tests.reporting.census.county import OPENS, autumn, placement
from tests.reporting.county import roll
from tests.support.rolls import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [None, PHONE])
def test_check_from_the_first_day_to_the_signature(person, county, clock, size):
    clock("2026-09-01T07:30:00+08:00")
    Term.objects.filter(pk=county.term.pk).delete()
    dates = TermDates(2026, "autumn", OPENS, date(2027, 1, 29))
    county.term = terms.open_term(county.county, dates, at(OPENS, 7))
    made = autumn(county)
    suffix = "-phone" if size else ""
    options = {"size": size} if size else {}
    leader = person("school_leader", **options)
    leader.goto("/census/")
    leader.axe()
    leader.picture(f"census-01-before-rolls{suffix}")

    clock("2026-09-04T10:00:00+08:00")
    zhang, li, wang, *_ = county.pupils
    placement(wang, county.posts["school_leader"])
    roll(county.school_class, OPENS, {zhang: "unexcused", li: "unknown"})
    roll(county.school_class, date(2026, 9, 2), {zhang: "unexcused", li: "unexcused"})
    leader.goto("/census/")
    page = leader.page
    for child, code, note in (
        (zhang, "unknown", "电话停机，家中无人，邻居称全家外出"),
        (li, "", ""),
    ):
        page.select_option(f"select[name=code-{child.public_id}]", code)
        page.fill(f"input[name=note-{child.public_id}]", note)
    leader.axe()
    leader.picture(f"census-02-answering{suffix}")
    page.click("button.kc-submit")
    page.click("#sign button.btn-primary")
    assert "李浩然" in page.locator("[role=alert]").inner_text()
    leader.picture(f"census-03-refused{suffix}")
    for child in (li, made["from_sixth"]):
        page.select_option(f"select[name=code-{child.public_id}]", "other_school")
        page.fill(f"input[name=note-{child.public_id}]", "对方学校来电确认")
    page.click("button.kc-submit")
    page.click("#sign button.btn-primary")
    page.wait_for_selector(".kc-note-good")
    leader.picture(f"census-04-signed{suffix}")
    page.goto(page.url + "?show=explained")
    leader.picture(f"census-05-explained{suffix}")
    assert leader.problems == [] or all("422" in problem for problem in leader.problems)

    office = person("bureau_staff", **options)
    office.goto(f"/terms/{county.term.public_id}/no-zone/")
    office.picture(f"census-06-no-zone{suffix}")

"""The leader sets a rule after a look at what moves; staff loads the coming year's notice."""

import json
from datetime import date

import pytest

from agencies.models import CalendarYear, Obligation
from agencies.rules.obligations import ObligationKind
from tests.agencies.services.test_calendars import changed_2026
from tests.agencies.services.test_recompute import owed
from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [pytest.param(DESK, "desk", id="desk"), pytest.param(PHONE, "phone", id="phone")]


@pytest.mark.parametrize(("size", "name"), SIZES)
def test_a_rule_is_set_after_a_look(person, county, clock, size, name):
    row = owed(county, start=date(2026, 10, 12))
    leader = person("bureau_leader", size)
    page = leader.page
    leader.goto("/policy/")
    leader.picture(f"rules-01-{name}")
    leader.axe()
    page.click("text=开学全面清查的期限")
    page.fill("input[name=value]", "0")
    page.fill("input[name=source]", "文教〔2026〕12号")
    page.click("button[value=check]")
    assert page.evaluate("document.querySelector('input[name=value]').validity.rangeUnderflow")
    page.fill("input[name=value]", "8")
    page.click("button[value=check]")
    page.wait_for_selector(".kc-preview")
    leader.picture(f"rules-02-check-{name}")
    leader.axe()
    page.click("button[value=set]")
    page.wait_for_url("**/policy/term.census_days/")
    leader.picture(f"rules-03-set-{name}")
    assert Obligation.objects.get(pk=row.pk).due_on == date(2026, 10, 20)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert leader.problems == []


@pytest.mark.parametrize(("size", "name"), SIZES)
def test_a_notice_is_loaded_after_a_look(person, county, clock, tmp_path, size, name):
    clock("2026-11-20T09:00:00+08:00")
    owed(county, ObligationKind.CLOSURE, date(2026, 12, 28))
    file = tmp_path / "2027.csv"
    days = [f"2027-02-{day:02},放假,春节" for day in (5, 8, 9, 10, 11)]
    days += [f"2027-10-{day:02},放假,国庆节" for day in (1, 2, 4, 5, 6, 7)]
    lines = ["日期,类型,名称", "2027-01-01,放假,元旦", *days, "2027-02-20,调休上班,"]
    file.write_text("\n".join(lines), "gb18030")
    staff = person("bureau_staff", size)
    page = staff.page
    staff.goto("/calendar/")
    page.click("summary:has-text('2026')")
    staff.picture(f"calendar-01-{name}")
    staff.axe()
    page.set_input_files("input[name=file]", file)
    page.fill("input[name=source]", "国务院办公厅关于2027年部分节假日安排的通知")
    page.click("main button.btn-primary")
    page.wait_for_url("**/calendar/check/")
    staff.picture(f"calendar-02-check-{name}")
    staff.axe()
    page.click("main button.btn-primary")
    page.wait_for_url("**/calendar/")
    staff.picture(f"calendar-03-loaded-{name}")
    assert CalendarYear.objects.filter(year=2027).exists()
    against = tmp_path / "2026.json"
    against.write_text(json.dumps({"2026": changed_2026()}), "utf-8")
    page.set_input_files("input[name=file]", against)
    page.click("main button.btn-primary")
    page.wait_for_url("**/calendar/check/")
    page.click("main button.btn-primary")
    page.wait_for_selector(".kc-note-bad")
    staff.picture(f"calendar-04-against-{name}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

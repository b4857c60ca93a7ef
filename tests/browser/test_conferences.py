"""Responsibility on file, and a joint conference from its agenda to the signed minutes."""

from datetime import date

import pytest

from agencies.models import Decision
from agencies.rules.obligations import ObligationKind
from tests.browser.conftest import PHONE
from tests.reporting.conferences.meetings import set_up
from tests.support.duties import owe
from tests.support.ladder import scan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_township_files_its_letter(person, county):
    leader = person("township_leader")
    leader.goto(f"/responsibility/{county.town_hall.public_id}/new/letter/")
    page = leader.page
    page.fill("input[name=title]", "2026年控辍保学目标责任书")
    page.check("input[name=side][value=government]")
    page.fill("input[name=signer]", "镇长 王某")
    page.fill("input[name=signed_on]", "2026-09-01")
    scanned = {"name": "a.png", "mimeType": "image/png", "buffer": scan()}
    page.set_input_files("input[name=attached]", files=[scanned])
    leader.picture("responsibility-1-letter")
    leader.axe()
    page.click("main button.btn-primary")
    page.wait_for_url("**/commitments/**")
    leader.picture("responsibility-2-paper")
    leader.goto(f"/responsibility/{county.town_hall.public_id}/")
    leader.picture("responsibility-3-body")
    leader.axe()
    bureau = person("bureau_leader")
    bureau.goto("/responsibility/?year=2026")
    assert "工作方案（已公布）" in bureau.page.locator("main").inner_text()
    bureau.picture("responsibility-4-coverage")
    bureau.axe()
    phone = person("township_leader", PHONE)
    phone.goto("/responsibility/?year=2026")
    phone.picture("responsibility-5-phone")
    assert leader.problems == bureau.problems == phone.problems == []


def test_a_meeting_from_agenda_to_minutes(person, county):
    row = set_up(county)
    owe(county, school=county.school)
    owe(county, ObligationKind.TERM_REPORT, county.other_school)
    leader = person("bureau_leader")
    page = leader.page
    leader.goto(f"/conferences/{row.public_id}/")
    leader.picture("conference-1-one")
    leader.axe()
    page.fill("form[action$='/plan/'] input[name=on]", "2026-10-12")
    page.fill("form[action$='/plan/'] input[name=place]", "县政府三楼会议室")
    page.click("form[action$='/plan/'] button")
    page.wait_for_url("**/meetings/**")
    leader.picture("conference-2-agenda")
    leader.axe()
    assert county.school.name in page.locator("main").inner_text()
    page.click("details:has(form[action$='/hold/']) > summary")
    page.fill("input[name=chair]", "副县长 李某")
    page.fill("form[action$='/hold/'] textarea[name=minutes]", "各单位通报情况，研究下一步工作。")
    for seat in row.seats.all():
        page.check(f"input[name=seat-{seat.pk}][value=present]")
    leader.picture("conference-3-hold")
    leader.axe()
    page.click("form[action$='/hold/'] button")
    page.wait_for_load_state()
    police = county.posts["agency_staff"].agency
    page.fill("form[action$='/decisions/'] textarea", "整治校园周边网吧，取缔私塾。")
    page.select_option("form[action$='/decisions/'] select", str(police.public_id))
    page.fill("form[action$='/decisions/'] input[name=due_on]", "2026-10-30")
    page.click("form[action$='/decisions/'] button")
    page.wait_for_load_state()
    page.click("form[action$='/sign/'] button")
    page.wait_for_load_state()
    leader.picture("conference-4-signed")
    leader.axe()
    officer = person("agency_staff", PHONE)
    decision = Decision.objects.get()
    officer.goto(decision.obligation.href)
    officer.page.click("details:has(form[action$='/done/']) > summary")
    officer.page.fill("textarea[name=outcome]", "已取缔一处，其余网吧已整改。")
    officer.picture("conference-5-phone")
    officer.axe()
    officer.page.click("form[action$='/done/'] button")
    officer.page.wait_for_load_state()
    decision.refresh_from_db()
    assert (decision.state, decision.obligation.due_on) == ("done", date(2026, 10, 30))
    assert leader.problems == officer.problems == []

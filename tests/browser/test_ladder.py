"""A school late with its check: the ladder climbs to the bureau; each recipient signs in its time."""

import io
from datetime import date

import pytest
from django.core.management import call_command

from agencies.models import Obligation
from students.models import Term
from students.services import terms
from students.services.terms import TermDates
from tests.browser.conftest import PHONE
from tests.reporting.county import roll
from tests.support.rolls import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPENS = date(2026, 9, 1)


def tick() -> None:
    call_command("tick", json=True, stdout=io.StringIO())


def test_late_check_ladder_and_receipts(person, county, clock):
    clock("2026-08-28T09:00:00+08:00")
    Term.objects.filter(pk=county.term.pk).delete()
    dates = TermDates(2026, "autumn", OPENS, date(2027, 1, 29))
    term = terms.open_term(county.county, dates, at(date(2026, 8, 28)))
    absent = county.pupils[0]
    for day in (OPENS, date(2026, 9, 2)):
        roll(county.school_class, day, {absent: "unknown"})

    # The last day is Monday 09-07 (Sunday rolls). Two hours later the head is told, nobody above.
    clock("2026-09-08T02:00:00+08:00")
    tick()
    census = Obligation.objects.get(kind="census", owed_by=county.school)
    assert (census.due_on, census.level) == (date(2026, 9, 7), 1)
    leader, bureau = person("school_leader"), person("bureau_leader")
    leader.goto("/inbox/")
    assert "期限已过" in leader.page.content() or "逾期" in leader.page.content()
    leader.picture("ladder-01-inbox-of-the-head")
    bureau.goto("/inbox/")
    assert "大峃镇实验学校" not in bureau.page.locator("main").inner_text()

    # One working day later the staff of the bureau, two more and its leader.
    clock("2026-09-09T08:30:00+08:00")
    tick()
    staff = person("bureau_staff")
    staff.goto("/inbox/")
    assert "大峃镇实验学校" in staff.page.locator("main").inner_text()
    clock("2026-09-11T08:30:00+08:00")
    tick()
    census.refresh_from_db()
    assert census.level == 3
    bureau.goto("/inbox/")
    assert "大峃镇实验学校" in bureau.page.locator("main").inner_text()
    bureau.picture("ladder-02-inbox-of-the-bureau-leader")
    staff.goto(f"/terms/{term.public_id}/progress/")
    assert "大峃镇实验学校" in staff.page.locator("main").inner_text()
    staff.picture("ladder-03-progress")

    # The head answers for the missing child, signs (late), and sends the report in time.
    leader.goto("/census/")
    page = leader.page
    page.select_option(f"select[name=code-{absent.public_id}]", "unknown")
    page.fill(f"input[name=note-{absent.public_id}]", "电话停机，邻居不知去向")
    page.click("button.kc-submit")
    page.click("#sign button.btn-primary")
    page.wait_for_selector(".kc-note-good")
    census.refresh_from_db()
    assert census.late is True
    leader.goto(f"/terms/{term.public_id}/report/{county.school.code}/")
    page.click("button.btn-primary:has-text('签')")
    page.wait_for_load_state()
    leader.picture("ladder-04-report-sent")

    # The bureau signs on the last day, the township one day after it.
    clock("2026-09-11T16:00:00+08:00")
    staff.goto(f"/terms/{term.public_id}/report/{county.school.code}/")
    staff.page.click("button.btn-primary:has-text('签收')")
    clock("2026-09-12T10:00:00+08:00")
    cadre = person("township_cadre", PHONE)
    cadre.goto("/filings/")
    cadre.picture("ladder-05-filings-of-the-township-phone")
    cadre.goto(f"/terms/{term.public_id}/report/{county.school.code}/")
    cadre.page.click("button.btn-primary:has-text('签收')")
    cadre.page.wait_for_load_state()
    report = Obligation.objects.get(kind="term_report", owed_by=county.school)
    assert report.late is False
    receipts = {one.recipient.name: one.late for one in report.receipts.select_related("recipient")}
    assert receipts == {"县教育局": False, "大峃镇人民政府": True}
    leader.goto(f"/terms/{term.public_id}/report/{county.school.code}/")
    said = leader.page.locator("main").inner_text()
    assert "2026-09-11 16:00" in said
    assert "2026-09-12 10:00" in said
    leader.picture("ladder-06-receipts")
    for somebody in (leader, bureau, staff, cadre):
        somebody.axe()
        assert [text for text in somebody.problems if "422" not in text] == []

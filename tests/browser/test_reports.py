"""The report of a school from draft to receipts, and the county's page of sixty schools."""

from datetime import date, datetime, timedelta

import pytest

from agencies.models import Obligation, Region
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind
from agencies.services import obligations, receipts
from reporting.services import periodic
from tests.browser.conftest import PHONE
from tests.reporting.term_report.county import Autumn, autumn, sign_census
from tests.support.world import World, agency, pupil

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def many_schools(world: World) -> None:
    """Sixty in ten townships, one of them with a name as long as names become."""
    towns = Region.objects.filter(parent=world.county).order_by("code")[:10]
    for serial in range(57):
        name = f"{towns[serial % 10].name}第{serial // 10 + 1}小学"
        if serial == 5:
            name = "文成县南田镇百丈漈库区移民安置点希望小学（含西坑畲族镇教学点）"
        agency(name, AgencyKind.SCHOOL, towns[serial % 10], f"21{serial:08d}")


def some_have_signed(made: Autumn) -> None:
    """A third of the full checks in time, some late; a few reports, with one receipt each."""
    day = datetime(2026, 9, 4, 15, 0, tzinfo=CHINA)
    rows = Obligation.objects.order_by("owed_by__code", "kind")
    for at, row in enumerate(rows.filter(kind="census")[:40]):
        if at % 3:
            obligations.fulfil([row.pk], day + timedelta(days=at % 7))
    for at, row in enumerate(rows.filter(kind="term_report").exclude(key=made.key)[:20]):
        if at % 2:
            obligations.fulfil([row.pk], day + timedelta(days=1))
            receipts.send(row, [made.world.bureau, made.world.town_hall], day)


def test_report_from_draft_to_receipts(person, county, clock):
    made = autumn(county)
    long_name = "阿卜杜热合曼·买买提托合提·阿依古丽"
    pupil(county.school_class, long_name, county.village)
    clock("2026-09-10T10:00:00+08:00")
    leader = person("school_leader")
    leader.goto(made.page)
    leader.picture("report-01-draft-without-census")
    sign_census(made)
    leader.goto(made.page)
    leader.picture("report-02-draft")
    leader.page.fill("textarea[name=remarks]", "九月九日已逐一家访。")
    leader.page.click("text=签发并发送给3个单位")
    leader.page.wait_for_selector("text=签收情况")
    clock("2026-09-11T23:59:59+08:00")
    bureau = person("bureau_staff")
    bureau.goto("/filings/")
    bureau.picture("report-03-arrived-bureau")
    bureau.page.click("main button:has-text('签收')")
    clock("2026-09-12T09:00:00+08:00")
    cadre = person("other_cadre", PHONE)
    cadre.goto("/filings/")
    cadre.picture("report-04-arrived-phone")
    cadre.page.click("main button:has-text('签收')")
    cadre.page.wait_for_selector("text=逾期签收")
    cadre.goto(made.page)
    cadre.picture("report-05-township-phone")
    assert "外乡生" in cadre.page.inner_text("main")
    assert "张梓涵" not in cadre.page.inner_text("main")
    leader.goto(made.page)
    leader.picture("report-06-receipts")
    table = leader.page.locator("table", has_text="签收时间").inner_text()
    assert "按时签收" in table
    assert "逾期签收" in table
    assert "未签收" in table
    phone = person("school_leader", PHONE)
    phone.goto(made.page)
    phone.picture("report-07-receipts-phone")
    for somebody in (leader, bureau, cadre):
        assert somebody.problems == []
        somebody.axe()


def test_progress_of_sixty_schools(person, county, clock):
    many_schools(county)
    made = autumn(county)
    sign_census(made)
    some_have_signed(made)
    clock("2026-09-14T10:00:00+08:00")
    page = f"/terms/{county.term.public_id}/progress/"
    staff = person("bureau_staff")
    staff.goto(page)
    staff.picture("progress-01-desk")
    staff.axe()
    staff.page.click("text=/一键催办/")
    staff.page.wait_for_selector("text=/已发出/")
    staff.goto(f"{page}?kind=census&state=overdue")
    staff.picture("progress-02-overdue")
    phone = person("bureau_staff", PHONE)
    phone.goto(f"{page}?township=330328100")
    phone.picture("progress-03-phone")
    phone.axe()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert staff.problems == []


def test_the_monthly_report(person, county, clock):
    clock("2026-10-08T10:00:00+08:00")
    periodic.raise_due(datetime(2026, 10, 8, 9, 0, tzinfo=CHINA))
    leader = person("school_leader", PHONE)
    leader.goto("/filings/")
    leader.picture("period-01-desk-phone")
    leader.goto(f"/periodic/monthly_report/{date(2026, 9, 30)}/{county.school.code}/")
    leader.picture("period-02-draft-phone")
    leader.page.click("button[name=sign]")
    leader.page.wait_for_selector("text=签发记录")
    leader.axe()
    staff = person("bureau_staff")
    staff.goto("/periodic/quarterly_review/2026-09-30/county/")
    staff.picture("period-03-review")
    staff.page.click("button[name=sign]")
    staff.page.wait_for_selector("text=签发记录")
    staff.picture("period-04-review-signed")
    staff.axe()
    assert leader.problems == staff.problems == []

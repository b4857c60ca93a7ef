"""A transfer from the application to the new class, in Chinese and at the width of a phone."""

from datetime import date

import pytest

from reporting.services import records
from students.models import Catchment, EnrollmentRecord, TransferApplication
from tests.browser.conftest import PHONE
from tests.support.rolls import at
from tests.support.world import START

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_child_moves_to_another_school_of_the_county(county, person, clock):
    child = county.pupils[0]
    leader = person("school_leader")
    leader.goto(f"/students/{child.public_id}/transfer/")
    page = leader.page
    page.select_option("select[name=to_school]", str(county.other_school.public_id))
    page.fill("textarea[name=reason]", "随父母迁居百丈漈镇")
    page.fill("input[name=by]", "张某")
    leader.picture("moves-01-application")
    page.click("main button.btn-primary")
    page.wait_for_url("**/transfers/*/")
    leader.picture("moves-02-asked")
    page.click("button:has-text('同意并办理转出')")
    page.wait_for_selector("text=待教育局审批")
    office = person("bureau_staff", PHONE)
    row = TransferApplication.objects.get()
    office.goto("/transfers/")
    office.picture("moves-03-list-phone")
    office.goto(f"/transfers/{row.public_id}/")
    office.axe()
    office.picture("moves-04-decide-phone")
    office.page.click("button:has-text('批准转学')")
    office.page.wait_for_selector("text=待接收学校确认")
    clock("2026-10-13T09:00:00+08:00")
    other = person("other_leader")
    other.goto(f"/transfers/{row.public_id}/")
    other.page.select_option("select[name=receive-school_class]", index=1)
    other.picture("moves-05-receive")
    other.page.click("button:has-text('接收入班')")
    other.page.wait_for_selector("text=接收学校已确认")
    stays = EnrollmentRecord.objects.filter(student=child).order_by("starts_on")
    assert [stay.school for stay in stays] == [county.school, county.other_school]


def test_promotion_admission_and_records_on_a_desk_and_a_phone(county, person):
    Catchment.objects.create(
        county=county.county, region=county.village, school=county.school, grade=1, starts_on=START
    )
    records.sweep(at(date(2026, 10, 12)))
    for size, suffix in ((None, ""), (PHONE, "-phone")):
        office = person("bureau_staff", size) if size else person("bureau_staff")
        for path, name in (
            ("/moves/", "moves-06-moves"),
            ("/admission/?year=2027&grade=1", "moves-07-entrants"),
            ("/admission/migrants/", "moves-08-migrants"),
            ("/records/", "moves-09-records"),
        ):
            office.goto(path)
            office.axe()
            office.picture(f"{name}{suffix}")

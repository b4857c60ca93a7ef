"""Missing rolls, contacts and transfers as a school sees them, on a desk and on a phone."""

from datetime import date

import pytest

from agencies.models import Obligation
from students.models import GuardianContact
from students.services import contacts, transfers
from tests.browser.conftest import PHONE
from tests.support.rolls import U, at, take
from tests.support.world import pupil, school_class

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONDAY = date(2026, 10, 12)


def test_missing_rolls_a_contact_and_a_transfer(person, county, clock):
    for number in (4, 5):
        pupil(school_class(county.school, 7, number), f"邻班生{number}", county.village)
    clock("2026-10-12T10:30:00+08:00")
    leader = person("school_leader")
    leader.goto("/cases/")
    leader.picture("clocks-01-missing-rolls")
    leader.axe()
    on_phone = person("school_leader", PHONE)
    clock("2026-10-12T16:45:00+08:00")
    on_phone.goto("/cases/")
    on_phone.picture("clocks-02-missing-rolls-phone")
    on_phone.goto("/rolls/")
    on_phone.picture("clocks-03-rolls-phone")

    clock("2026-10-12T08:10:00+08:00")
    take(county, MONDAY, {0: U, 1: U})
    contacts.raise_due(at(MONDAY, 8))
    teacher = person("teacher", PHONE)
    teacher.goto(f"/classes/{county.school_class.public_id}/roll/2026-10-12/?saved=1")
    teacher.picture("clocks-04-roll-links-phone")
    page = teacher.page
    page.locator(".kc-pupil", has_text=county.pupils[0].name).locator("a.kc-contact").click()
    teacher.picture("clocks-05-contact-phone")
    teacher.axe()
    for name, value in (("channel", "phone"), ("reached", "guardian"), ("said", "ill")):
        page.check(f"input[name={name}][value={value}]", force=True)
    page.click("main button.btn-primary")
    page.wait_for_url(f"**/students/{county.pupils[0].public_id}/")
    teacher.picture("clocks-06-child-phone")
    assert GuardianContact.objects.get().answer == "生病"
    assert Obligation.objects.filter(met_at__isnull=False).count() == 1

    child = county.pupils[2]
    leader.goto(f"/students/{child.public_id}/change/")
    leader.picture("clocks-07-change")
    leader.page.check("input[name=kind][value='21']", force=True)
    leader.page.fill("input[name=on]", "2026-09-14")
    leader.page.fill("input[name=destination]", "温州市龙湾区第八中学")
    leader.page.click("main button.btn-primary")
    transfers.follow(at(MONDAY, 9))
    leader.goto(f"/students/{child.public_id}/")
    leader.picture("clocks-08-transfer")
    leader.axe()
    on_phone.goto(f"/students/{child.public_id}/")
    on_phone.picture("clocks-09-transfer-phone")
    for somebody in (leader, on_phone, teacher):
        assert somebody.problems == []

"""Duties of the document on a desk and on a phone: what a body owes, the clauses, one clause."""

import pytest

from agencies.models import Agency, AgencyDuty
from agencies.rules.obligations import ObligationKind
from tests.browser.conftest import PHONE
from tests.support.duties import owe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "文成县百丈漈镇黄坦片区石垟林场民族团结希望九年一贯制寄宿学校（南田教学点）"


def test_a_body_a_clause_and_an_added_duty(person, county):
    Agency.objects.filter(pk=county.school.pk).update(name=LONG)
    owe(county, ObligationKind.CENSUS)
    school = person("school_leader", PHONE)
    school.goto("/agencies/duties/")
    school.page.get_by_role("link", name="S1-51").wait_for()
    school.picture("duties-of-a-school-phone")
    assert school.page.evaluate("document.documentElement.scrollWidth") <= 390
    school.axe()
    leader = person("bureau_leader")
    leader.goto("/clauses/")
    leader.picture("clauses")
    leader.axe()
    leader.goto("/clauses/S1-51/")
    assert leader.page.get_by_text(LONG).count() == 1
    leader.picture("clause")
    leader.axe()
    leader.goto("/clauses/new/")
    leader.page.fill("input[name=zh]", "每月走访一次")
    leader.page.check("input[name=owed_by][value=township]")
    leader.page.check("input[name=owed_to][value=bureau]")
    leader.page.fill("input[name=document]", "文政办发〔2026〕3号")
    leader.picture("clause-new")
    leader.page.click(".kc-form button[type=submit]")
    leader.page.wait_for_url("**/clauses/OWN-01/")
    assert AgencyDuty.objects.get(clause="OWN-01").zh == "每月走访一次"
    leader.goto(f"/agencies/{county.town_hall.public_id}/duties/")
    leader.page.get_by_role("link", name="OWN-01").wait_for()
    leader.picture("duties-of-a-township")
    assert school.problems + leader.problems == []

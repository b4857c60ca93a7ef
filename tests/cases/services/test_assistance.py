"""Help: written down, ended, taken back; never lost from the timeline."""

from datetime import date
from decimal import Decimal

import pytest

from agencies.errors import NotPermitted, NotVisible, RuleBroken
from cases.models import Assistance, CaseEvent
from cases.rules.assistance import Given
from cases.services import assistance
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.rolls import at

TODAY = date(2026, 10, 12)
MONEY = Given("money", "临时救助金", TODAY, giver_name="县慈善总会", amount=Decimal("1500.50"))


def test_help_is_recorded_by_who_knows_of_it(world, clock):
    case = absent_for_four_days(world)
    for role in ("township_cadre", "village_cadre", "school_leader", "bureau_staff"):
        assistance.record(world.scope(role), case.public_id, MONEY, at(TODAY))
    with pytest.raises(NotPermitted):
        assistance.record(world.scope("teacher"), case.public_id, MONEY, at(TODAY))
    with pytest.raises(NotVisible):
        assistance.record(world.scope("other_cadre"), case.public_id, MONEY, at(TODAY))
    assert Assistance.objects.filter(case=case, amount=Decimal("1500.50")).count() == 4
    version = case.version
    case.refresh_from_db()
    assert case.version == version + 4


def test_the_giver_is_an_agency_of_the_county_or_a_name(world, clock):
    case, scope = absent_for_four_days(world), world.scope("township_cadre")
    by_hall = Given("meals", "免费午餐", TODAY, giver=str(world.town_hall.public_id))
    row = assistance.record(scope, case.public_id, by_hall, at(TODAY))
    assert (row.giver, row.giver_name) == (world.town_hall, "")
    nobody = Given("meals", "免费午餐", TODAY, giver=str(case.public_id))
    with pytest.raises(RuleBroken) as refused:
        assistance.record(scope, case.public_id, nobody, at(TODAY))
    assert [reason.pointer for reason in refused.value.reasons] == ["/giver"]
    assert Assistance.objects.count() == 1


def test_help_ends_and_a_wrong_record_is_taken_back_with_its_reason(world, clock):
    case, scope = absent_for_four_days(world), world.scope("township_cadre")
    row = assistance.record(scope, case.public_id, MONEY, at(TODAY))
    with pytest.raises(RuleBroken):
        assistance.end(scope, case.public_id, row.public_id, date(2026, 10, 11), at(TODAY))
    assistance.end(scope, case.public_id, row.public_id, TODAY, at(TODAY))
    assert Assistance.objects.get().ends_on == TODAY
    with pytest.raises(RuleBroken):
        assistance.take_back(scope, case.public_id, row.public_id, "", at(TODAY))
    assistance.take_back(scope, case.public_id, row.public_id, "重复登记", at(TODAY))
    assert not Assistance.objects.exists()
    event = CaseEvent.objects.get(action="assistance_taken_back")
    assert event.detail["amount"] == "1500.50"
    assert "重复登记" in event.note
    with pytest.raises(NotVisible):
        assistance.take_back(scope, case.public_id, row.public_id, "重复登记", at(TODAY))

"""The county's own ladder: loaded once, changed and ended from a day on."""

from dataclasses import replace
from datetime import date

import pytest

from agencies.errors import NotPermitted, NotVisible, RuleBroken
from agencies.models import AuditEvent
from cases.models import LadderRung
from cases.queries import ladder as queries
from cases.services import ladder_list
from cases.services.ladder_list import Wanted
from tests.support.ladder import confirmed, serve, step
from tests.support.rolls import at

D = date
ON, NOW = D(2026, 10, 12), at(D(2026, 10, 12), 9)
BASIS = "浙江省义务教育条例 第五十条"
WANTED = Wanted("限期返校", BASIS, ("township_leader",), 10, "calendar_days", "civil_code")


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def keys(world, on) -> list[str]:
    return [row.key for row in queries.rows_on(world.county.pk, on)]


def test_it_is_loaded_for_every_county_and_not_again(world):
    assert keys(world, ON) == ["criticism", "order", "referral", "others"]
    assert keys(world, D(2021, 12, 31)) == []
    row = {"key": "order", "order": 9}
    assert ladder_list.load(world.county, [row], ON) == 0


def test_a_change_begins_on_its_day_and_steps_keep_theirs(world, clock):
    clock("2026-09-10T12:00:00+08:00")
    case = confirmed(world)
    serve(world, step(world, case, "criticism", D(2026, 9, 10)), D(2026, 9, 10))
    order = step(world, case, "order", D(2026, 9, 10))
    clock("2026-10-12T09:00:00+08:00")
    scope = world.scope("bureau_leader")
    made = ladder_list.change(scope, "order", WANTED, D(2026, 11, 1), NOW)
    before, after = (
        next(row for row in queries.rows_on(world.county.pk, day) if row.key == "order")
        for day in (D(2026, 10, 31), D(2026, 11, 1))
    )
    assert (before.name, before.days) == ("责令限期改正", 7)
    assert (after, after.days, after.paper) == (made, 10, "order_to_return")
    order.refresh_from_db()
    assert (order.name, order.days) == ("责令限期改正", 7)
    assert AuditEvent.objects.get(verb="rung.change").subject == "rung:order"
    again = ladder_list.change(scope, "order", replace(WANTED, days=15), D(2026, 11, 1), NOW)
    assert (again.pk, again.days) == (made.pk, 15)
    with pytest.raises(RuleBroken) as refused:
        ladder_list.change(scope, "order", WANTED, D(2026, 10, 20), NOW)
    assert codes(refused) == ["later"]


def test_an_ended_rung_is_not_offered_and_can_come_back(world):
    scope = world.scope("bureau_leader")
    ladder_list.end(scope, "referral", D(2026, 11, 1), NOW)
    assert keys(world, D(2026, 10, 31)) == ["criticism", "order", "referral", "others"]
    assert keys(world, D(2026, 11, 1)) == ["criticism", "order", "others"]
    with pytest.raises(RuleBroken) as refused:
        ladder_list.end(scope, "referral", D(2026, 11, 2), NOW)
    assert codes(refused) == ["ended"]
    back = Wanted("移送", BASIS, ("bureau_leader",))
    ladder_list.change(scope, "referral", back, D(2027, 1, 1), NOW)
    assert keys(world, D(2026, 12, 31)) == ["criticism", "order", "others"]
    assert keys(world, D(2027, 1, 1)) == ["criticism", "order", "referral", "others"]


@pytest.mark.parametrize(
    ("change", "on", "expected"),
    [
        ({"name": " "}, ON, ["name"]),
        ({"basis": "文政办发〔2019〕26号 第四条"}, ON, ["basis_normative"]),
        ({"positions": ()}, ON, ["positions"]),
        ({"positions": ("king",)}, ON, ["positions"]),
        ({"days": None}, ON, ["days"]),
        ({"days": 400}, ON, ["days"]),
        ({"law": ""}, ON, ["counting"]),
        ({}, D(2026, 10, 11), ["past"]),
    ],
)
def test_what_a_county_cannot_set(world, change, on, expected):
    with pytest.raises(RuleBroken) as refused:
        ladder_list.change(
            world.scope("bureau_leader"), "order", replace(WANTED, **change), on, NOW
        )
    assert codes(refused) == expected
    assert LadderRung.objects.filter(county=world.county).count() == 4


def test_only_who_manages_the_lists(world):
    with pytest.raises(NotPermitted):
        ladder_list.end(world.scope("bureau_staff"), "order", ON, NOW)
    with pytest.raises(NotVisible):
        ladder_list.end(world.scope("bureau_leader"), "nothing", ON, NOW)

"""The list of causes: loaded once for each county, changed from a day on, never rewritten."""

import io
import json
from datetime import date

import pytest
from django.core.management import call_command

from agencies.errors import NotPermitted, NotVisible, RuleBroken
from agencies.models import AuditEvent
from cases.models import Cause
from cases.services import causes
from tests.support.rolls import at

TODAY, NEXT = date(2026, 10, 12), date(2026, 11, 1)


def load() -> int:
    out = io.StringIO()
    call_command("load_reference", "--json", stdout=out)
    return json.loads(out.getvalue())["causes"]


def codes(reasons) -> list[tuple[str, str]]:
    return [(reason.code, reason.pointer) for reason in reasons]


def named(world, code: str, day: date) -> list[str]:
    rows = Cause.objects.on(day).filter(county=world.county, code=code)
    return list(rows.values_list("name", flat=True))


def test_every_county_has_the_list_in_two_levels_and_loading_again_adds_nothing(world):
    rows = Cause.objects.filter(county=world.county)
    upper = rows.filter(parent=None)
    assert upper.count() == 13
    assert all(row.children.exists() for row in upper)
    assert not rows.filter(parent__parent__isnull=False).exists()
    assert Cause.objects.values("county").distinct().count() == 2
    assert load() == 0


def test_a_new_name_holds_from_its_day_on_and_what_was_before_stays(world, clock):
    scope = world.scope("bureau_leader")
    causes.rename(scope, "work.hired", "被非法招用", NEXT, at(TODAY))
    assert named(world, "work.hired", TODAY) == ["被用人单位非法招用（童工）"]
    assert named(world, "work.hired", NEXT) == ["被非法招用"]
    assert AuditEvent.objects.filter(verb="cause.rename", subject="cause:work.hired").exists()
    with pytest.raises(RuleBroken) as refused:
        causes.rename(scope, "work.hired", "童工", TODAY, at(TODAY))
    assert codes(refused.value.reasons) == [("later", "/starts_on")]
    assert load() == 0


def test_what_a_county_ended_is_not_loaded_again_and_takes_those_below_along(world):
    causes.end(world.scope("bureau_leader"), "faith", NEXT, at(TODAY))
    for code in ("faith", "faith.place", "faith.family"):
        assert (named(world, code, TODAY) != [], named(world, code, NEXT)) == (True, [])
    assert load() == 0
    with pytest.raises(NotVisible):
        causes.end(world.scope("bureau_leader"), "faith", NEXT, at(TODAY))


def test_a_county_adds_its_own(world):
    scope = world.scope("bureau_leader")
    made = causes.add(scope, " 茶季采茶 ", "work", TODAY, at(TODAY))
    assert (made.name, made.parent.code, made.code) == ("茶季采茶", "work", "own-1")
    assert causes.add(scope, "自然灾害", "", TODAY, at(TODAY)).code == "own-2"


@pytest.mark.parametrize(
    ("name", "below", "day", "expected"),
    [
        ("", "work", TODAY, [("name", "/name")]),
        ("在家务农、放牧", "work", TODAY, [("name_twice", "/name")]),
        ("新的", "nowhere", TODAY, [("below", "/below")]),
        ("新的", "work.farm", TODAY, [("below", "/below")]),
        ("新的", "work", date(2026, 10, 11), [("past", "/starts_on")]),
    ],
)
def test_what_the_list_refuses(world, name, below, day, expected):
    before = Cause.objects.count()
    with pytest.raises(RuleBroken) as refused:
        causes.add(world.scope("bureau_leader"), name, below, day, at(TODAY))
    assert codes(refused.value.reasons) == expected
    assert Cause.objects.count() == before


def test_only_a_leader_of_the_bureau_changes_the_list(world):
    for role in ("bureau_staff", "township_leader", "system_admin"):
        with pytest.raises(NotPermitted):
            causes.end(world.scope(role), "faith", NEXT, at(TODAY))

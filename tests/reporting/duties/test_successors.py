"""A body takes over from others: who may, by command, and what was asked of the old one."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from agencies.errors import RuleBroken
from agencies.models import Agency
from agencies.services import successors
from cases.rules.requests import Move
from tests.cases.requests.county import asked, bodies, case_of, take
from tests.conftest import NOW
from tests.support.world import agency

TODAY = date.fromisoformat(NOW[:10])
SINCE = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("kinds", "on", "code"),
    [
        ((), SINCE, "agency"),
        (("school",), SINCE, "kind"),
        (("township",), SINCE, "kind"),
        (("bureau",), SINCE, "kind"),
        (("market", "culture"), SINCE, "kinds"),
        (("market",), date(2026, 10, 13), "day"),
        (("market",), date(2019, 9, 1), "day"),
    ],
)
def test_what_is_refused(world, kinds, on, code):
    old = [agency(f"县某局{n}", kind, world.county) for n, kind in enumerate(kinds)]
    with pytest.raises(RuleBroken, match=rf"\b{code}\b"):
        successors.succeed(old, "县新局", on, TODAY)
    assert not Agency.objects.filter(name="县新局").exists()


def test_a_body_that_has_ended_is_not_taken_over_twice(world):
    old = agency("县扶贫办", "poverty", world.county)
    successors.succeed([old], "县乡村振兴局", SINCE, TODAY)
    old.refresh_from_db()
    with pytest.raises(RuleBroken, match="ended"):
        successors.succeed([old], "县农业农村局", SINCE, TODAY)


def command(*old: str, name: str) -> str:
    out = io.StringIO()
    given = {"county": "330328000000", "name": name, "since": "2026-10-01"}
    call_command("succeed_agency", *old, **given, stdout=out)
    return out.getvalue().strip()


def test_the_command_hands_over_what_was_asked_and_the_holder_goes_on(world):
    bodies(world)
    row = asked(world, case_of(world), world.posts["labour"].agency)
    old = world.posts["labour"].agency
    told = command(old.name, name="县人社局")
    assert told == f"县人社局 has taken over from {old.name}."
    row.refresh_from_db()
    assert row.to.name == "县人社局"
    assert row.obligation.owed_by == row.to
    take(world, row, "labour", Move.ACCEPT)  # the same person, now in the new body
    row.refresh_from_db()
    assert row.state == "accepted"


def test_the_command_says_what_is_wrong(world):
    with pytest.raises(CommandError, match="No such body in county 330328000000: 县无此局"):
        command("县无此局", name="县新局")
    with pytest.raises(CommandError, match="Schools, townships"):
        command(world.school.name, name="新学校")

"""Posts: who holds what, and what ends with a post."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from agencies.errors import RuleBroken
from agencies.models import AuditEvent, PolicyRule, Zone
from agencies.rules.duties import Position
from agencies.services import audit, posts
from cases.models import CaseGrant, TeamSeat
from cases.services import team
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.rolls import at

TODAY = date(2026, 10, 12)


def test_a_position_belongs_to_its_kind_of_agency(world):
    user = world.posts["teacher"].user
    with pytest.raises(RuleBroken):
        posts.appoint(user, world.school, Position.BUREAU_LEADER, TODAY)


def test_the_same_post_cannot_be_held_twice_at_once(world):
    post = world.posts["teacher"]
    with pytest.raises(IntegrityError), transaction.atomic():
        posts.appoint(post.user, post.agency, Position.TEACHER, TODAY)


def test_a_post_that_ends_takes_its_zones_scope_and_seats_along(world):
    case = absent_for_four_days(world)
    cadre = world.posts["village_cadre"]
    posts.assign_zone(cadre, TODAY, region=world.village)
    posts.relieve(cadre, TODAY)
    assert Zone.objects.get().ends_on == TODAY
    assert team.refill(TODAY, at(TODAY)) == 0  # the last day is still held
    tomorrow = TODAY + timedelta(days=1)
    assert team.refill(tomorrow, at(tomorrow)) == 1
    assert TeamSeat.objects.get(post=cadre).until == TODAY
    assert not CaseGrant.objects.filter(user=cadre.user, content_object=case).exists()
    assert team.refill(tomorrow, at(tomorrow)) == 0


def test_two_values_of_a_policy_cannot_hold_at_once(world):
    rule = PolicyRule.objects.filter(county=world.county)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyRule.objects.create(
            county=world.county, key=rule.key, value=4, source="x", starts_on=TODAY
        )


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_access_log_is_append_only(world, change):
    audit.record(world.scope("teacher"), "case.read", "case:x", now=at(TODAY))
    rows = AuditEvent.objects.all()
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        rows.delete() if change == "delete" else rows.update(verb="x")

"""Two signatures at the same moment: one paper. Two first answers: one filing, one is told."""

import pytest

from agencies.errors import Conflict
from reporting.models import CensusAnswer, Filing, FrozenPaper
from reporting.rules.expected import Given
from reporting.services import census
from reporting.services.census import Answer, Sent, Signed
from tests.flows.test_concurrency import at_once
from tests.reporting.census.county import OPENS, autumn
from tests.reporting.census.test_service import FRIDAY, NOW
from tests.reporting.county import roll
from tests.support.world import build_or_load

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(transactional_db, clock):
    clock("2026-09-04T10:00:00+08:00")
    return autumn(build_or_load())


def sent(child, version):
    given = Given("unknown", "电话不通", "王老师", FRIDAY)
    return Sent((Answer(str(child.public_id), given),), version=version)


def test_two_submits_are_one_paper(made):
    world = made.world
    roll(world.school_class, OPENS, {})
    scope = world.scope("school_leader")
    census.answer(scope, world.term, world.school, sent(made["from_sixth"], 1), NOW)
    scopes = [world.scope(role) for role in ("school_leader", "deputy_leader")] * 2
    results = at_once(
        *[
            lambda scope=scope: census.submit(scope, world.term, world.school, Signed("", 2), NOW)
            for scope in scopes
        ]
    )
    assert len({result.pk for result in results}) == 1
    assert FrozenPaper.objects.count() == 1


def test_two_first_answers(made):
    world = made.world
    scopes = [world.scope(role) for role in ("school_leader", "deputy_leader")]
    works = [
        lambda scope=scope, child=child: census.answer(
            scope, world.term, world.school, sent(child, 1), NOW
        )
        for scope, child in zip(scopes, world.pupils, strict=False)
    ]
    results = at_once(*works)
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert (Filing.objects.count(), CensusAnswer.objects.count()) == (1, 1)

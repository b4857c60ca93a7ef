"""Sent twice at the same moment: one row, and the other is told why not."""

from functools import partial

import pytest

from agencies.errors import RuleBroken
from students.access import pupil_for
from students.models import Placement, TransferApplication
from students.rules.enrollment import Change
from students.services import changes
from students.services.changes import Given
from tests.flows.test_concurrency import at_once
from tests.students.moves.test_transfer_chain import asked
from tests.students.placements.cast import TODAY
from tests.students.placements.test_suspension import away
from tests.support.rolls import at
from tests.support.world import build_or_load

SENT = Given(Change.TRANSFER_OUT, TODAY, destination="瑞安市塘下小学", note="随迁")
pytestmark = pytest.mark.django_db(transaction=True)


def test_two_placements_and_two_applications_of_one_child(transactional_db):
    world = build_or_load()
    both = at_once(*[lambda: away(world, "hospital")] * 4)
    assert [one.reasons[0].code for one in both if isinstance(one, RuleBroken)] == ["overlap"] * 3
    both = at_once(*[lambda: asked(world)] * 4)
    told = [one.reasons[0].code for one in both if isinstance(one, RuleBroken)]
    assert told == ["open_application"] * 3
    assert (Placement.objects.count(), TransferApplication.objects.count()) == (1, 1)
    scope = world.scope("school_leader")
    pupil = pupil_for(scope, world.pupils[1].public_id)
    away_at_once = partial(changes.record, scope, pupil, SENT, at(TODAY, 12))
    both = at_once(*[away_at_once] * 4)
    told = [one.reasons[0].code for one in both if isinstance(one, RuleBroken)]
    assert told == ["open_application"] * 3

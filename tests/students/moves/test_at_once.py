"""Sent twice at the same moment: one row, and the other is told why not."""

import pytest

from agencies.errors import RuleBroken
from students.models import Placement, TransferApplication
from tests.flows.test_concurrency import at_once
from tests.students.moves.test_transfer_chain import asked
from tests.students.placements.test_suspension import away
from tests.support.world import build_or_load

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_placements_and_two_applications_of_one_child(transactional_db):
    world = build_or_load()
    both = at_once(*[lambda: away(world, "hospital")] * 4)
    assert [one.reasons[0].code for one in both if isinstance(one, RuleBroken)] == ["overlap"] * 3
    both = at_once(*[lambda: asked(world)] * 4)
    told = [one.reasons[0].code for one in both if isinstance(one, RuleBroken)]
    assert told == ["open_application"] * 3
    assert (Placement.objects.count(), TransferApplication.objects.count()) == (1, 1)

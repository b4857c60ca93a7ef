"""The catalogue is complete, and shading is what it says."""

import pytest

from reporting.queries.areas import own
from reporting.queries.facts import FACTS
from reporting.queries.lens import look
from reporting.rules.indicators import CATALOGUE, heat
from tests.reporting.county import NOW, TODAY
from tests.support.world import World


def test_every_indicator_is_counted_and_says_what_it_is(world: World) -> None:
    scope = world.scope("bureau_staff")
    lens = look(scope, own(scope, TODAY), TODAY, NOW)
    counted = {key for fact in FACTS for key in fact.conditions(lens)}
    for key, indicator in CATALOGUE.items():
        assert key in counted
        assert indicator.definition.endswith((".", "。"))
        needed = {indicator.over.count if indicator.over else key, indicator.unknown or key}
        assert needed <= counted


@pytest.mark.parametrize(
    ("number", "most", "shade"), [(0, 0, 0), (0, 9, 0), (1, 9, 1), (5, 9, 3), (9, 9, 5), (1, 1, 5)]
)
def test_heat(number: int, most: int, shade: int) -> None:
    assert heat(number, most) == shade

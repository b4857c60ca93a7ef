"""How wide the columns of a table are: short values whole, the rest to the long ones."""

from collections.abc import Sequence

STEPS = 40  # halvings of the search for the level; far finer than a printed point


def shares(wishes: Sequence[float], needs: Sequence[float], total: float) -> list[float]:
    """Widths that fill `total`: each column between what it must have and what it would like.

    When there is not enough for every wish, the widest columns give way first, down to one level.
    When there is not even enough for the needs, all are cut by the same ratio.
    """
    low, high = 0.0, max(wishes)
    if sum(_at(high, wishes, needs)) > total:
        for _ in range(STEPS):
            level = (low + high) / 2
            if sum(_at(level, wishes, needs)) > total:
                high = level
            else:
                low = level
        high = low
    widths = _at(high, wishes, needs)
    return [width * total / sum(widths) for width in widths]


def _at(level: float, wishes: Sequence[float], needs: Sequence[float]) -> list[float]:
    return [max(need, min(wish, level)) for wish, need in zip(wishes, needs, strict=True)]

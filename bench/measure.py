"""What a scenario hands back, and how it takes its samples."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
Call = Callable[[int], object]


@dataclass(frozen=True)
class Size:
    """How large and how often. rounds: at most so many; rows: of the roster file."""

    scale: float = 12
    rounds: int = 100
    rows: int = 50_000

    @property
    def small(self) -> float:
        return min(1, self.scale / 2)


@dataclass
class Measured:
    """Samples of one scenario in milliseconds (storage: megabytes)."""

    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    queries: int | None = None
    mib: float | None = None
    unit: str = "ms"


Found = dict[str, Measured]


def timed(call: Call, nth: int) -> float:
    begun = time.perf_counter()
    call(nth)
    return (time.perf_counter() - begun) * 1000


def in_turn(rounds: int, *calls: Call) -> list[list[float]]:
    """Samples of each: all of them in every round, after one round that does not count."""
    samples: list[list[float]] = [[] for _ in calls]
    for nth in range(rounds + 1):
        for call, found in zip(calls, samples, strict=True):
            found.append(timed(call, nth))
    return [found[1:] for found in samples]


def statements(call: Call, nth: int) -> int:
    """How many queries it takes; transaction control is not counted."""
    with CaptureQueriesContext(connection) as captured:
        call(nth)
    return sum(not one["sql"].startswith(CONTROL) for one in captured)


def get(client: Client, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)

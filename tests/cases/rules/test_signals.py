"""Questions about visits: what raises one, and what does not."""

from datetime import datetime, timedelta

import pytest

from agencies.rules.deadlines import CHINA
from cases.rules.signals import Limits, Made, SignalKind, questions

LIMITS = Limits(visits=4, minutes=timedelta(minutes=10), same_texts=3)
NINE = datetime(2026, 10, 12, 9, tzinfo=CHINA)
WORDS = "家长说孩子在温州打工，答应下周一送回学校"


def made(id: int, minutes: float, **more: object) -> Made:
    given = {"writer": 1, "people": frozenset({1}), "in_person": True}
    return Made(id, NINE + timedelta(minutes=minutes), **{**given, **more})


def asked(visits: list[Made]) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.kind.value, one.visits) for one in questions(visits, LIMITS)]


A, B = frozenset({1}), frozenset({2})


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ([], []),
        # as many as the limit, within the time, the last minute included
        ([made(n, m) for n, m in enumerate((0, 3, 6, 10))], [("many", (0, 1, 2, 3))]),
        ([made(n, m) for n, m in enumerate((0, 3, 6, 10.1))], []),
        ([made(n, m) for n, m in enumerate((0, 3, 6))], []),
        # one more belongs to the same question, and a second burst is another one
        ([made(n, m) for n, m in enumerate((0, 1, 2, 3, 4))], [("many", (0, 1, 2, 3, 4))]),
        (
            [made(n, m) for n, m in enumerate((0, 1, 2, 3, 60, 61, 62, 63))],
            [("many", (4, 5, 6, 7)), ("many", (0, 1, 2, 3))],
        ),
        # calls are quick, and four people can make four visits
        ([made(n, n, in_person=False) for n in range(4)], []),
        ([made(n, n, people=frozenset({n})) for n in range(4)], []),
        # six who went together raise one question, not six
        ([made(n, n, people=A | B) for n in range(4)], [("many", (0, 1, 2, 3))]),
        # the same words, whatever their spaces and points; the writer counts
        (
            [
                made(0, 0, text=WORDS),
                made(1, 900, text=WORDS + "。"),
                made(2, 1800, text=f" {WORDS}"),
            ],
            [("same_text", (0, 1, 2))],
        ),
        ([made(n, n * 900, text=WORDS, writer=n) for n in range(3)], []),
        ([made(n, n * 900, text=WORDS) for n in range(2)], []),
        ([made(n, n * 900, text="无人在家") for n in range(9)], []),
        ([made(n, n * 900, text="") for n in range(9)], []),
        # two villages at once; the same village, or an hour later, is no question
        ([made(0, 0, village="1"), made(1, 9, village="2")], [("two_places", (0, 1))]),
        ([made(0, 0, village="1"), made(1, 9, village="1")], []),
        ([made(0, 0, village="1"), made(1, 60, village="2")], []),
        ([made(0, 0, village="1"), made(1, 9, village="2", people=B)], []),
        ([made(0, 0, village="1"), made(1, 5), made(2, 9, village="2")], [("two_places", (0, 2))]),
        # a photo that was used before, by anybody
        (
            [made(0, 0, photos=frozenset("x")), made(1, 900, photos=frozenset("xy"), writer=2)],
            [("same_photo", (0, 1))],
        ),
        ([made(0, 0, photos=frozenset("x")), made(1, 900, photos=frozenset("y"))], []),
        # two photos used twice are one question
        ([made(n, n * 900, photos=frozenset("xy")) for n in range(2)], [("same_photo", (0, 1))]),
    ],
)
def test_what_raises_a_question(visits, expected):
    assert asked(visits) == expected
    assert asked(visits[::-1]) == expected


def test_no_question_says_who():
    """Questions are about visits: nothing in them counts or names a person."""
    (one,) = questions([made(n, n) for n in range(4)], LIMITS)
    assert set(vars(one)) == {"kind", "visits", "last_at"}
    assert all(kind.label for kind in SignalKind)

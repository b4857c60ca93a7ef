"""Promotion and merger as tables: where each class goes."""

import pytest

from students.rules.moving import Fate, Next, Place, merged, promoted, repeating

F = Fate


@pytest.mark.parametrize(
    ("grade", "last_grade", "expected"),
    [
        (1, 9, Next(F.MOVES, Place(2027, 2, 3))),
        (6, 9, Next(F.MOVES, Place(2027, 7, 3))),
        (6, 6, Next(F.LEAVES)),
        (5, 6, Next(F.MOVES, Place(2027, 6, 3))),
        (9, 9, Next(F.FINISHES)),
    ],
)
def test_promotion_by_grade(grade, last_grade, expected):
    assert promoted(Place(2026, grade, 3), 2027, last_grade, 9, called=False) == expected


@pytest.mark.parametrize(
    ("place", "called", "problem"),
    [
        (Place(2025, 3, 1), False, "old_class"),
        (Place(2025, 3, 1), True, "old_class"),
        (Place(2026, 3, 1), True, "roll_taken"),
    ],
)
def test_what_is_left_out_says_why(place, called, problem):
    assert promoted(place, 2027, 9, 9, called) == Next(F.LEFT_OUT, problem=problem)


def test_who_stays_back_keeps_grade_and_number():
    assert repeating(Place(2026, 3, 2), 2027) == Next(F.REPEATS, Place(2027, 3, 2))


def test_merged_classes_stay_together_under_free_numbers():
    ours = [Place(2026, 3, 1), Place(2026, 3, 2), Place(2026, 4, 5), Place(2026, 7, 1)]
    taken = {Place(2026, 3, 1), Place(2026, 3, 4), Place(2025, 4, 9)}
    found = merged(ours, taken, 1, 6)
    assert found == {
        ours[0]: Next(F.MOVES, Place(2026, 3, 5)),
        ours[1]: Next(F.MOVES, Place(2026, 3, 6)),
        ours[2]: Next(F.MOVES, Place(2026, 4, 1)),
        ours[3]: Next(F.LEFT_OUT, problem="no_grade"),
    }

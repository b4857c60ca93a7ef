"""Which pairs a machine may join, and which a person is asked about."""

import pytest

from students.rules.matching import (
    CERTAIN,
    MOST_SHOWN,
    SHOWN,
    Agreement,
    Level,
    Pair,
    may_be_settled,
    points,
    score,
    settle,
)

LETTERS = {level.value[0]: level for level in Level}


def agreement(letters: str) -> Agreement:
    """name, number, birth, guardian, address, sex: s, r, n, a, o or u."""
    return Agreement(*(LETTERS[letter] for letter in letters))


@pytest.mark.parametrize(
    ("letters", "certain", "why"),
    [
        ("ssssss", True, "everything agrees"),
        ("susssu", True, "no number, all the rest"),
        ("snssos", True, "one wrong digit, moved"),
        ("russns", True, "a homophone sign, the rest agrees"),
        ("nsssos", True, "a sign mistyped, the number says who"),
        ("nnssss", True, "a sign and a digit mistyped"),
        ("nussss", False, "a sign otherwise and no number: may be the twin"),
        ("nossss", False, "another valid number: the twin"),
        ("sossss", False, "registered twice, or two of one name: a person decides"),
        ("sunsss", True, "birth day and month swapped, no number"),
        ("susuos", False, "only name and birth: a common name"),
        ("osssss", False, "one number with two names"),
    ],
)
def test_what_a_machine_may_join(letters, certain, why):
    assert may_be_settled(agreement(letters)) is certain, why


@pytest.mark.parametrize(
    ("letters", "asked"),
    [("susuos", True), ("nussss", True), ("ouooas", False), ("nuooos", False), ("osssss", True)],
)
def test_what_a_person_is_asked_about(letters, asked):
    assert (points(agreement(letters)) >= SHOWN) is asked


def test_the_score_is_a_chance_that_grows_with_the_points():
    assert score(agreement("ssssss")) == 1000
    assert 900 < score(agreement("susuas")) < 1000
    assert score(agreement("ouooos")) == 0
    assert points(agreement("susuas")) > CERTAIN > points(agreement("susuos"))


def test_twins_on_both_sides_keep_apart():
    pairs = [
        Pair(1, 10, agreement("sussss")),
        Pair(1, 11, agreement("nussss")),
        Pair(2, 10, agreement("nussss")),
        Pair(2, 11, agreement("nussss")),  # 子涵 written otherwise
    ]
    settled = settle(pairs)
    assert [(one.entry, one.student) for one in settled.certain] == [(1, 10)]
    assert [one.student for one in settled.asked[2]] == [11]


def test_the_only_record_that_is_left_is_found_in_the_second_round():
    pairs = [
        Pair(1, 10, agreement("ssssss")),
        Pair(2, 10, agreement("susssu")),
        Pair(2, 11, agreement("susssu")),
    ]
    settled = settle(pairs)
    assert {(one.entry, one.student) for one in settled.certain} == {(1, 10), (2, 11)}
    assert settled.asked == {}


def test_two_rows_that_may_be_the_same_child_are_both_asked_about():
    pairs = [Pair(1, 10, agreement("susssu")), Pair(2, 10, agreement("susssu"))]
    settled = settle(pairs)
    assert settled.certain == []
    assert sorted(settled.asked) == [1, 2]


def test_a_child_that_another_row_means_is_shown_where_it_may_be_registered_twice():
    settled = settle(
        [
            Pair(1, 10, agreement("sossss"), taken=True),
            Pair(2, 11, agreement("nussss"), taken=True),  # the twin of a child that is joined
        ]
    )
    assert settled.certain == []
    assert list(settled.asked) == [1]


def test_only_the_best_few_are_shown():
    settled = settle(
        Pair(1, student, agreement("susuos" if student else "nussss")) for student in range(9)
    )
    assert settled.asked[1][0].student == 0
    assert len(settled.asked[1]) == MOST_SHOWN

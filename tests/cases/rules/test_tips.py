"""Moves of a tip, tracking numbers, and the proof of work, without a database."""

import pytest

from agencies.rules import masking
from cases.rules import proof, tips
from cases.rules.tips import TipAction as A
from cases.rules.tips import TipState as S

ALLOWED = {
    (S.NEW, A.TAKE): S.IN_WORK,
    (S.NEW, A.LINK): S.LINKED,
    (S.NEW, A.ANSWER): S.ANSWERED,
    (S.NEW, A.SPAM): S.SPAM,
    (S.IN_WORK, A.LINK): S.LINKED,
    (S.IN_WORK, A.ANSWER): S.ANSWERED,
    (S.IN_WORK, A.SPAM): S.SPAM,
    (S.LINKED, A.ANSWER): S.LINKED,
    (S.LINKED, A.REOPEN): S.IN_WORK,
    (S.ANSWERED, A.LINK): S.LINKED,
    (S.ANSWERED, A.ANSWER): S.ANSWERED,
    (S.ANSWERED, A.REOPEN): S.IN_WORK,
    (S.SPAM, A.REOPEN): S.IN_WORK,
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", A)
def test_the_table_of_moves(state, action):
    after = ALLOWED.get((state, action))
    assert tips.MOVES[action].get(state) == after
    assert (tips.refusal(state, action) is None) == (after is not None)
    assert (action in tips.possible(state)) == (after is not None)


def test_outside_a_linked_tip_is_told_like_an_answered_one():
    assert set(tips.TOLD) == set(S)
    assert str(tips.TOLD[S.LINKED]) == str(tips.TOLD[S.ANSWERED])


def test_the_letters_of_a_number_sound_and_look_different():
    assert len(set(tips.ALPHABET)) == len(tips.ALPHABET) == 24
    assert not set("01OILBDGQSVZ") & set(tips.ALPHABET)
    assert len(tips.ALPHABET) ** tips.LENGTH > 2**73


@pytest.mark.parametrize(
    "typed",
    [
        "23AC EFHJ KMNP RTUW",
        "23acefhjkmnprtuw",
        " 23ac-efhj-kmnp-rtuw ",
        "２３ＡＣ　ＥＦＨＪ　ＫＭＮＰ　ＲＴＵＷ",
    ],
)
def test_a_number_is_understood_as_people_write_it(typed):
    assert tips.normal(typed) == "23ACEFHJKMNPRTUW"
    assert tips.grouped(tips.normal(typed)) == "23AC EFHJ KMNP RTUW"


@pytest.mark.parametrize(
    "typed", ["", "23AC", "23AC EFHJ KMNP RTU0", "23AC EFHJ KMNP RTUW2", "张" * 16]
)
def test_what_can_be_no_number(typed):
    assert tips.normal(typed) == ""


@pytest.mark.parametrize(
    ("number", "is_right"), [(7, True), (8, False), (-1, False), (proof.MOST + 1, False)]
)
def test_a_proof_is_the_number_that_was_drawn(number, is_right):
    assert proof.solved("salt", number, proof.target("salt", 7)) is is_right


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("打 13812345678 找他", "打 138****5678 找他"),
        ("138 1234 5678", "138****5678"),
        ("138-1234-5678。", "138****5678。"),
        ("330328201305041526", "3303**********1526"),
        ("第1381234567800号", "第1381234567800号"),
    ],
)
def test_numbers_in_the_words_of_a_stranger_are_masked(written, seen):
    assert masking.strangers_text(written) == seen

from agencies.channels.base import MOST_DETAIL, Outcome, later, never, sent


def test_a_detail_is_cut():
    assert later("x", "y" * 999).detail == "y" * MOST_DETAIL
    assert Outcome(False, "x", "y" * MOST_DETAIL).detail == "y" * MOST_DETAIL


def test_the_three_kinds_of_outcome():
    assert (sent().ok, later("x").ok, never("x").ok) == (True, False, False)
    assert (sent().retry, later("x").retry, never("x").retry) == (False, True, False)

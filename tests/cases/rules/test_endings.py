"""Each end rests on what the registers say, or on its proof; every reason is told at once."""

from datetime import date

import pytest

from cases.rules.endings import GROUNDS, Asked, Ending, Records, gone, problems
from students.rules.enrollment import PlacementFacts

TODAY = date(2026, 10, 12)
BEFORE, AFTER = date(2026, 9, 1), date(2026, 12, 31)
SICK = PlacementFacts("hospital", BEFORE, AFTER, "a letter")
THERE = PlacementFacts("elsewhere", BEFORE, AFTER, "a letter")
OVER = PlacementFacts("hospital", BEFORE, date(2026, 10, 11), "a letter")
BACK = PlacementFacts("hospital", BEFORE, AFTER, "a letter", returned_on=TODAY)
HERE = Records(enrolled=True)


@pytest.mark.parametrize(
    ("ending", "records", "codes"),
    [
        ("completed", Records(completed_on=TODAY), []),
        ("completed", Records(completed_on=AFTER), ["completed"]),
        ("completed", HERE, ["completed"]),
        ("elsewhere", Records(transferred_on=BEFORE), []),
        ("elsewhere", Records(transferred_on=AFTER), ["elsewhere"]),
        # Said to be in Guangdong; or sent away once, and on a roster of the county since.
        ("elsewhere", Records(), ["elsewhere"]),
        ("elsewhere", Records(enrolled=True, transferred_on=BEFORE), ["elsewhere"]),
        ("elsewhere", Records(enrolled=True, placements=(THERE,)), []),
        ("elsewhere", Records(enrolled=True, placements=(SICK,)), ["elsewhere"]),
        ("placement", Records(enrolled=True, placements=(OVER, SICK)), []),
        ("placement", Records(enrolled=True, placements=(OVER,)), ["placement"]),
        ("placement", Records(enrolled=True, placements=(BACK,)), ["placement"]),
        ("placement", Records(enrolled=True, placements=(THERE,)), ["placement"]),
        ("abroad", HERE, []),
        ("died", Records(died_on=TODAY), []),
        ("died", HERE, ["died"]),
        ("died", Records(), []),  # on no roster: no school can record it
        ("mistake", HERE, []),
    ],
)
def test_what_an_end_rests_on(ending, records, codes):
    found = problems(Asked(ending, "a letter", TODAY), records, TODAY)
    assert [reason.code for reason in found] == codes
    assert all(str(reason.text) for reason in found)


@pytest.mark.parametrize("ending", Ending)
def test_every_end_needs_a_proof_and_a_day_that_has_come(ending):
    found = [reason.code for reason in problems(Asked(ending, "  ", AFTER), HERE, TODAY)]
    assert found[:2] == ["future", "proof"]
    assert str(GROUNDS[ending].words)
    assert GROUNDS[ending].clause


def test_nothing_ends_before_the_child_was_born():
    asked = Asked("abroad", "a passport", BEFORE)
    assert problems(asked, Records(born_on=BEFORE), TODAY) == []
    found = problems(asked, Records(born_on=TODAY), TODAY)
    assert [(reason.code, reason.pointer) for reason in found] == [("too_early", "/on")]


def test_an_end_without_a_name():
    found = problems(Asked("", "", None), HERE, TODAY)
    assert [(reason.code, reason.pointer) for reason in found] == [
        ("ending", "/ending"),
        ("proof", "/proof"),
    ]


@pytest.mark.parametrize(
    ("completed_on", "died_on", "codes"),
    [
        (None, None, []),
        (TODAY, None, ["completed"]),
        (AFTER, None, []),
        (TODAY, TODAY, ["died"]),
    ],
)
def test_who_is_out_of_the_work_for_good(completed_on, died_on, codes):
    assert [reason.code for reason in gone(completed_on, died_on, TODAY)] == codes

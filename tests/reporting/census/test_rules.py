"""Tables of the rule: states, answers, cohorts, changes that need a word."""

from datetime import date

import pytest

from reporting.rules.expected import (
    STATE,
    Given,
    State,
    Why,
    entrants,
    needs_word,
    problems,
    state,
)
from reporting.rules.whereabouts import Whereabouts
from students.rules.enrollment import Change

OPENS, TODAY = date(2026, 9, 1), date(2026, 9, 4)


def test_every_reason_has_a_state():
    assert set(STATE) == set(Why)


@pytest.mark.parametrize(
    ("why", "code", "expected"),
    [
        (Why.SEEN, "", State.ARRIVED),
        (Why.LEAVE, "", State.EXPLAINED),
        (Why.ELSEWHERE, "", State.EXPLAINED),
        (Why.TRANSFERRED, "", State.EXPLAINED),
        (Why.TRANSFER_OPEN, "", State.MISSING),  # rule 13
        (Why.NO_ROLL, "", State.MISSING),
        (Why.NO_ROLL, "arrived", State.ARRIVED),
        (Why.SEEN, "unknown", State.MISSING),  # an explicit answer goes first
        (Why.ABSENT, "said_elsewhere", State.MISSING),  # rule 7: said to be in Guangdong
        (Why.ABSENT, "other_school", State.EXPLAINED),
        (Why.NOT_ENROLLED, "not_of_age", State.EXPLAINED),
    ],
)
def test_state(why, code, expected):
    assert state(why, code) == expected


def test_cohorts():
    """Rule 9: school year 2026/27, born 2011-09-01 to 2020-08-31."""
    who = entrants(2026, 6, 9)
    assert (who.compulsory.first, who.compulsory.last) == (date(2011, 9, 1), date(2020, 8, 31))
    assert (who.entry.first, who.entry.last) == (date(2019, 9, 1), date(2020, 8, 31))


@pytest.mark.parametrize(
    ("kind", "grade", "needed"),
    [
        (Change.ENTRY, None, False),
        (Change.PROMOTION, 6, False),
        (Change.CLASS, 6, False),
        (Change.TRANSFER_OUT, 6, True),
        (Change.TRANSFER_IN, None, True),
        (Change.SUSPEND, 6, True),
        (Change.RESUME, 6, True),
        (Change.REPEAT, 6, True),
        (Change.SKIP, 6, True),
        (Change.DIED, 6, True),
        (Change.CORRECTION, 6, True),
        (Change.COMPLETED, 9, False),
        (Change.COMPLETED, 8, True),
        (Change.COMPLETED, None, True),
    ],
)
def test_which_changes_need_a_word(kind, grade, needed):
    assert needs_word(kind, grade, 9) is needed


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (Given("arrived", "", "王老师", TODAY), []),
        (Given("unknown", "电话停机", "王老师", TODAY), []),
        (Given("unknown", " ", "王老师", TODAY), ["note"]),
        (Given("arrived", "", "", TODAY), ["checked_by"]),
        (Given("arrived", "", "王老师", date(2026, 9, 5)), ["future"]),
        (Given("arrived", "", "王老师", date(2026, 8, 2)), []),
        (Given("arrived", "", "王老师", date(2026, 8, 1)), ["too_early"]),
        (Given("nowhere", "", "", date(2026, 9, 5)), ["code", "checked_by", "future"]),
    ],
)
def test_answers(given, found):
    assert [reason.code for reason in problems(given, OPENS, TODAY)] == found


def test_every_code_has_a_state():
    assert {state(Why.ABSENT, code) for code in Whereabouts} == set(State)

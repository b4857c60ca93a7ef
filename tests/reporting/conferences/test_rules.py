"""Holding a meeting and deciding in it: as tables."""

from datetime import date

import pytest

from agencies.rules.conferences import problems_with_decision, problems_with_holding

TODAY, SEATS = date(2026, 10, 12), frozenset({1, 2})


@pytest.mark.parametrize(
    ("on", "seats", "presence", "codes"),  # who came instead is known of seat 1 only
    [
        (TODAY, SEATS, {1: "present", 2: "absent"}, []),
        (TODAY, SEATS, {1: "substitute", 2: "excused"}, []),
        (TODAY, SEATS, {1: "present", 2: "substitute"}, ["who"]),
        (date(2026, 10, 13), SEATS, {1: "present", 2: "absent"}, ["held_on"]),
        (TODAY, SEATS, {1: "present"}, ["attendance"]),
        (TODAY, SEATS, {1: "present", 2: "asleep"}, ["attendance"]),
        (TODAY, SEATS, {1: "absent", 2: "excused"}, ["nobody"]),
        (TODAY, frozenset(), {}, ["members", "nobody"]),
    ],
)
def test_holding(on, seats, presence, codes):
    found = problems_with_holding(on, TODAY, seats, presence, {1: "王某", 2: " "})
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("text", "due_on", "codes"),
    [
        ("修缮校舍", date(2026, 10, 13), []),
        (" ", date(2026, 10, 13), ["text"]),
        ("修缮校舍", TODAY, ["due_on"]),
    ],
)
def test_a_decision(text, due_on, codes):
    assert [one.code for one in problems_with_decision(text, TODAY, due_on)] == codes

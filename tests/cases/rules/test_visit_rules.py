"""Which contacts meet the duty to visit, and when the next one is owed."""

from datetime import date

import pytest

from cases.rules.visits import Outcome, Place, in_person, meets_the_duty, next_is_owed

DAY = date(2026, 10, 20)


def test_a_call_and_a_message_are_no_visit():
    assert {place for place in Place if not in_person(place)} == {Place.PHONE, Place.MESSAGE}
    for place in Place:
        assert meets_the_duty(place, Outcome.PROMISED) is in_person(place)
        assert meets_the_duty(place, Outcome.FOUND_AT_SCHOOL)


@pytest.mark.parametrize(
    ("place", "outcome", "agreed", "out", "owed"),
    [
        ("home", "promised", None, True, True),
        ("home", "promised", None, False, False),
        ("home", "promised", DAY, False, True),
        ("phone", "promised", None, True, False),
        ("phone", "promised", DAY, True, True),
        ("school", "found_at_school", None, True, False),
        ("school", "found_at_school", DAY, True, True),
        ("home", "returned", None, True, True),
    ],
)
def test_when_the_next_one_is_owed(place, outcome, agreed, out, owed):
    assert next_is_owed(place, outcome, agreed, out) is owed

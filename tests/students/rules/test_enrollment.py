"""Rule 7: what lawfully explains that a child is not in class, and until when."""

from datetime import date

import pytest

from students.rules.enrollment import PlacementFacts, explains, is_finding, placement_problem


def facts(kind: str = "suspension", proof: str = "county hospital", **more: object):
    days = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31), **more}
    return PlacementFacts(kind=kind, proof=proof, **days)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (facts(), None),
        (facts("specialised_school"), None),
        (facts("home_study"), "not_lawful"),
        (facts("private_classics"), "not_lawful"),
        (facts("unconfirmed_elsewhere"), "not_lawful"),
        (facts(proof="  "), "no_proof"),
        (facts(ends_on=date(2026, 8, 31)), "ends_before_start"),
        (facts(ends_on=date(2027, 9, 3)), "too_long"),
    ],
)
def test_lawful_or_not(given, problem):
    assert placement_problem(given) == problem


@pytest.mark.parametrize(
    ("day", "explained", "finding"),
    [
        ("2026-08-31", False, False),
        ("2026-09-01", True, False),
        ("2027-08-31", True, False),
        ("2027-09-01", False, True),  # the next day it is a finding
    ],
)
def test_an_ended_placement_is_a_finding_the_next_day(day, explained, finding):
    on = date.fromisoformat(day)
    assert explains(facts(), on) is explained
    assert is_finding(facts(), on) is finding


def test_a_child_that_is_back_is_no_finding():
    back = facts(returned_on=date(2027, 3, 1))
    assert not explains(back, date(2027, 3, 1))
    assert not is_finding(back, date(2027, 9, 1))

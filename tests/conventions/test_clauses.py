"""Every clause of both documents is served by a page and proved by a test, or says why not."""

from agencies.rules.agency_duties import DutyKind
from agencies.rules.clauses import clauses
from config.embedded import ROOT


def test_every_clause_is_served_and_proved_or_says_why_not():
    bare = {
        one.id
        for one in clauses().values()
        if one.kind != DutyKind.CONTEXT and not (one.features and one.tests)
    }
    assert bare == set()


def test_every_duty_has_what_proves_that_it_was_done():
    # An address list; a duty of guardians; seen from the figures themselves; a merger that a year
    # may lack; and the restricted ledgers, whose entries are counted nowhere.
    outside = {"S1-02", "S1-32", "S1-71", "S1-72", "S2-33", "S2-10"}
    silent = {
        one.id
        for one in clauses().values()
        if one.kind != DutyKind.CONTEXT and not (one.evidence or one.obligations)
    }
    assert silent - outside == set()


def test_the_tests_that_a_clause_names_exist():
    missing = {
        f"{one.id}: {test}"
        for one in clauses().values()
        for test in one.tests
        if not (ROOT / test).is_file()
    }
    assert missing == set()

"""Every clause of both documents is served by a page and proved by a test, or says why not."""

from agencies.rules.agency_duties import DutyKind
from agencies.rules.clauses import clauses
from config.embedded import ROOT

# Clauses whose pages are being built. It only ever gets shorter.
AWAITED: frozenset[str] = frozenset(
    {
        "S1-08", "S1-09", "S1-10", "S1-14", "S1-15", "S1-16", "S1-20", "S1-21", "S1-23", "S1-39",
        "S1-40", "S1-41", "S1-66", "S1-67", "S1-68", "S1-69", "S1-70", "S1-71", "S1-72", "S1-73",
        "S1-74", "S1-75", "S1-76", "S2-10", "S2-17", "S2-19", "S2-20", "S2-21", "S2-22", "S2-28",
        "S2-36", "S2-39", "S2-40", "S2-45", "S2-46", "S2-48", "S2-49", "S2-50", "S2-51", "S2-52",
    }
)  # fmt: skip


def test_every_clause_is_served_and_proved_or_says_why_not():
    bare = {
        one.id
        for one in clauses().values()
        if one.kind != DutyKind.CONTEXT and not (one.features and one.tests)
    }
    assert bare - AWAITED == set()
    assert AWAITED - bare == set(), "These are served now: take them off the list."


def test_every_duty_but_the_awaited_has_what_proves_that_it_was_done():
    outside = {"S1-02", "S1-32"}  # its copies are on the circulars; it is owed by guardians
    silent = {
        one.id
        for one in clauses().values()
        if one.kind != DutyKind.CONTEXT and not (one.evidence or one.obligations)
    }
    assert silent - AWAITED - outside - {"S2-33"} == set()


def test_the_tests_that_a_clause_names_exist():
    missing = {
        f"{one.id}: {test}"
        for one in clauses().values()
        for test in one.tests
        if not (ROOT / test).is_file()
    }
    assert missing == set()

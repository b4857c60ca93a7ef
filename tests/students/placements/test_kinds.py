"""The table of lawful placements: who decides, whose proof, how long, in which order (rule 7)."""

from dataclasses import replace
from datetime import date

import pytest

from agencies.rules.duties import AgencyKind
from students.rules.enrollment import NOT_LAWFUL, PlacementKind
from students.rules.placement_kinds import KINDS, Asked, Known, Limits, judge, missing, rule_of

LIMITS = Limits(rest_months=3, chain_months=24, renew_days=10)
TODAY = date(2026, 10, 12)
SICK = Asked(
    "suspension", TODAY, date(2027, 8, 31), "证明12号", "张某", "骨折", "hospital", "县人民医院", 4
)
LATER = Asked(
    "deferral", date(2026, 9, 1), date(2027, 8, 31), "证明3号", "李某", "体弱", "hospital",
    "县人民医院", due_entry=date(2026, 9, 1),
)  # fmt: skip
HERE, NOWHERE = Known(enrolled=True), Known(enrolled=False)


def codes(asked: Asked, known: Known = HERE, today: date = TODAY) -> list[str]:
    return [one.code for one in judge(asked, known, LIMITS, today).problems]


def test_every_kind_has_a_row_and_the_law_says_who_decides():
    assert set(KINDS) == set(PlacementKind)
    either = {kind for kind, rule in KINDS.items() if AgencyKind.TOWNSHIP in rule.decides}
    assert either == {PlacementKind.DEFERRAL, PlacementKind.SUSPENSION}  # 义务教育法 11
    by_school = {kind for kind, rule in KINDS.items() if not rule.needs_decision(enrolled=True)}
    assert by_school == {PlacementKind.HOSPITAL, PlacementKind.ELSEWHERE}


@pytest.mark.parametrize("word", [*sorted(NOT_LAWFUL), "", "31", "in_class"])
def test_what_is_no_placement_is_refused_in_words(word):
    assert rule_of(word) is None
    [reason] = judge(replace(SICK, kind=word), HERE, LIMITS, TODAY).problems
    assert (reason.code, reason.pointer) == ("not_lawful", "/kind")
    assert len(str(reason.text)) > 20


@pytest.mark.parametrize(
    ("changed", "known", "found"),
    [
        ({}, HERE, []),
        ({"ends_on": date(2027, 10, 11)}, HERE, []),  # a year, its last day included
        ({"ends_on": date(2027, 10, 12)}, HERE, ["too_long"]),
        ({"ends_on": date(2026, 10, 11)}, HERE, ["ends_before_start"]),
        ({"proof": " "}, HERE, ["no_proof"]),
        ({"months": 2}, HERE, ["rest"]),
        ({"months": 3}, HERE, []),
        ({"issuer": "school"}, HERE, ["issuer"]),
        ({}, NOWHERE, ["not_enrolled"]),
        ({}, Known(True, transfer=True), ["transfer"]),
        ({}, Known(True, running=(("hospital", date(2026, 9, 1), TODAY),)), ["overlap"]),
        ({}, Known(True, running=(("hospital", date(2026, 9, 1), date(2026, 10, 11)),)), []),
    ],
)
def test_suspension(changed, known, found):
    assert codes(replace(SICK, **changed), known) == found


def test_a_suspension_with_its_renewals_lasts_two_years_at_most():
    before = ("suspension", date(2025, 10, 12), date(2026, 10, 11))
    first = ("suspension", date(2024, 10, 12), date(2025, 10, 11))
    assert codes(SICK, Known(True, running=(before,))) == []
    assert codes(SICK, Known(True, running=(before, first))) == ["chain"]
    gap = ("suspension", date(2024, 10, 12), date(2025, 10, 10))  # back for one day
    assert codes(SICK, Known(True, running=(before, gap))) == []


@pytest.mark.parametrize(
    ("changed", "known", "found"),
    [
        ({}, NOWHERE, []),
        ({}, HERE, ["enrolled"]),
        ({"ends_on": date(2027, 9, 1)}, NOWHERE, ["too_long"]),
        ({"issuer": "disability"}, NOWHERE, []),
    ],
)
def test_deferral(changed, known, found):
    assert codes(replace(LATER, **changed), known) == found


@pytest.mark.parametrize(
    ("today", "late"),
    [(date(2027, 8, 21), False), (date(2027, 8, 22), True), (date(2027, 9, 1), True)],
)
def test_the_renewal_of_a_deferral_is_asked_for_ten_days_before_its_end(today, late):
    known = Known(False, running=(("deferral", date(2026, 9, 1), date(2027, 8, 31)),))
    again = replace(LATER, starts_on=date(2027, 9, 1), ends_on=date(2028, 8, 31))
    standing = judge(again, known, LIMITS, today)
    assert (standing.problems, standing.late) == ([], late)
    assert judge(again, NOWHERE, LIMITS, today).late is False  # not a renewal


def test_what_the_form_still_lacks():
    assert missing(SICK) == []
    assert missing(LATER) == []
    bare = Asked("suspension", TODAY, date(2027, 8, 31), "证明12号")
    assert {one.code for one in missing(bare)} == {
        "applicant", "reason", "issuer", "issued_by", "months",
    }  # fmt: skip
    assert "due_entry" in {one.code for one in missing(replace(bare, kind="deferral"))}

"""Who may be asked for what, what each gets to see, and every reason for a refusal."""

from datetime import date

import pytest

from agencies.rules.clauses import clauses
from agencies.rules.duties import AGENCIES_OF, AgencyKind, Position
from cases.rules import requests as rules
from cases.rules.requests import (
    LIVE,
    MATTERS,
    RESULTS,
    STEPS,
    Answer,
    Matter,
    Move,
    Outcome,
    Particular,
    RequestState,
    Shared,
)
from cases.rules.two_tests import Referral

TODAY = date(2026, 10, 12)
LABOUR = {"employer": "鞋厂", "place": "瑞安"}
HEALTH = {Particular.DIFFICULTY, Particular.CONDITION}


def codes(reasons) -> list[tuple[str, str]]:
    return [(reason.code, reason.pointer) for reason in reasons]


def test_every_matter_has_bodies_that_can_answer_a_clause_and_results():
    answering = AGENCIES_OF[Position.AGENCY_STAFF]
    for matter, row in MATTERS.items():
        assert row.to, matter
        assert row.to <= answering, matter
        assert row.clause in clauses()
        assert row.outcomes
    assert set(MATTERS) == set(Matter)
    assert set(RESULTS) == set(Outcome)
    assert {result.clause for result in RESULTS.values()} <= {"", *clauses()}


def test_only_who_needs_it_gets_the_id_number_and_only_two_hear_of_health():
    with_number = {matter for matter, row in MATTERS.items() if Shared.ID_NUMBER in row.shares}
    assert with_number == {
        Matter.AID, Matter.CHILD_LABOUR, Matter.SEARCH, Matter.DISABILITY
    }  # fmt: skip
    of_health = {matter for matter, row in MATTERS.items() if HEALTH & {*row.must, *row.may}}
    assert of_health == {Matter.DISABILITY, Matter.ILLNESS}
    assert {kind for matter in of_health for kind in MATTERS[matter].to} == {
        AgencyKind.DISABLED, AgencyKind.HEALTH
    }  # fmt: skip
    assert MATTERS[Matter.LICENCE].shares == (Shared.AGE,)


@pytest.mark.parametrize(
    ("matter", "kind", "asked", "given", "expected"),
    [
        (Matter.CHILD_LABOUR, AgencyKind.LABOUR, "查处", LABOUR, []),
        (Matter.CHILD_LABOUR, AgencyKind.POLICE, "查处", LABOUR, []),
        (Matter.CHILD_LABOUR, AgencyKind.WOMEN, "查处", LABOUR, [("wrong_kind", "/to")]),
        (Matter.CHILD_LABOUR, AgencyKind.SCHOOL, "查处", LABOUR, [("wrong_kind", "/to")]),
        (
            Matter.CHILD_LABOUR, AgencyKind.LABOUR, "查处", {"place": "瑞安", "employer": "  "},
            [("missing", "/particulars/employer")],
        ),
        (
            Matter.CHILD_LABOUR, AgencyKind.LABOUR, " ", {},
            [
                ("asked", "/asked"), ("missing", "/particulars/employer"),
                ("missing", "/particulars/place"),
            ],
        ),
        (
            Matter.AID, AgencyKind.CIVIL_AFFAIRS, "救助", {"condition": "抑郁"},
            [("not_asked_for", "/particulars/condition")],
        ),
        (
            Matter.ILLNESS, AgencyKind.HEALTH, "诊断", {},
            [("missing", "/particulars/condition")],
        ),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_of_asking(matter, kind, asked, given, expected):
    assert codes(rules.problems_with_asking(matter, kind, asked, given)) == expected


def test_the_words_say_whom_to_ask_instead():
    (reason,) = rules.problems_with_asking(
        Matter.SEARCH, AgencyKind.WOMEN, "找", {"last_seen": "x"}
    )
    assert str(reason.text) == "This body is not the one for “search for a child”: ask police."


@pytest.mark.parametrize(
    ("referrals", "words"),
    [
        ({Referral.LABOUR}, None),
        ({Referral.LABOUR, Referral.SCHOOLING}, None),
        (set(), "not illegal."),
        ({Referral.SCHOOLING}, "legal steps."),
    ],
)
def test_from_16_on_labour_is_not_asked_and_schooling_goes_its_own_way(referrals, words):
    found = rules.age_problem(Matter.CHILD_LABOUR, referrals)
    assert (found and str(found.text).endswith(words)) or (words is None and found is None)
    assert rules.age_problem(Matter.AID, set()) is None


def test_the_moves_from_every_state():
    possible = {
        (state, move)
        for state in RequestState
        for move in Move
        if rules.why_not(state, move, over=False) is None
    }
    assert possible == {
        ("asked", "accept"), ("asked", "refuse"), ("asked", "withdraw"),
        ("accepted", "answer"), ("accepted", "withdraw"),
        ("answered", "done"), ("answered", "withdraw"),
    }  # fmt: skip
    for state in RequestState:
        for move in Move:
            assert rules.why_not(state, move, over=True).code == "ended"
    assert {step.target for step in STEPS.values()} - LIVE == {"refused", "done", "withdrawn"}
    assert rules.possible(RequestState.ASKED, theirs=True, over=False) == [Move.ACCEPT, Move.REFUSE]
    assert rules.possible(RequestState.ANSWERED, theirs=False, over=False) == [
        Move.DONE, Move.WITHDRAW
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer("order_issued", "文人社监〔2026〕7号"), []),
        (Answer("order_issued"), [("number", "/paper_number")]),
        (Answer("sent_back"), [("day", "/day")]),
        (Answer("sent_back", "", date(2026, 10, 9)), []),
        (Answer("sent_back", "", date(2026, 10, 13)), [("future", "/day")]),
        (Answer("sent_back", "", date(2026, 9, 30)), [("before", "/day")]),
        (Answer("aid_granted"), [("outcome", "/outcome")]),
        (Answer("nonsense"), [("outcome", "/outcome")]),
        (Answer("no_grounds"), []),
    ],
)
def test_what_an_answer_needs(answer, expected):
    found = rules.problems_with_answer(Matter.CHILD_LABOUR, answer, date(2026, 10, 1), TODAY)
    assert codes(found) == expected


@pytest.mark.parametrize("move", [Move.REFUSE, Move.WITHDRAW])
def test_no_refusal_and_no_withdrawal_without_a_reason(move):
    assert rules.problem_with_words(move, " ").pointer == "/text"
    assert rules.problem_with_words(move, "不属于本部门职责") is None
    assert rules.problem_with_words(Move.DONE, "") is None

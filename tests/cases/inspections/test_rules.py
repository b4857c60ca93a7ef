"""Inspections as tables: approvals, steps of findings, opinions, words that give a person away."""

from datetime import date

import pytest

from agencies.rules.duties import AgencyKind
from cases.rules import inspections, opinions, publication
from cases.rules.inspections import Deed, FindingState, Penalty, Said, Topic
from cases.rules.opinions import Known, Stage
from cases.rules.venues import Approval, ApprovalState, VenueKind, approval_state

ON = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("kind", "approval", "state"),
    [
        (VenueKind.CLASSICS, Approval(), ApprovalState.NONE),
        (VenueKind.NET_CAFE, Approval(), ApprovalState.NOT_NEEDED),
        (VenueKind.ARTS, Approval("7号"), ApprovalState.VALID),
        (VenueKind.ARTS, Approval("7号", ON), ApprovalState.VALID),
        (VenueKind.ARTS, Approval("7号", date(2026, 10, 11)), ApprovalState.EXPIRED),
        (VenueKind.ARTS, Approval("7号", None, ON), ApprovalState.ENDED),
        (VenueKind.ARTS, Approval("7号", None, date(2026, 10, 13)), ApprovalState.VALID),
    ],
)
def test_how_an_approval_stands(kind, approval, state):
    assert approval_state(kind, approval, ON) is state


PLANS = [
    (Topic.TRAINING, VenueKind.CLASSICS, {1, 2}, [1], None, []),
    (Topic.TRAINING, VenueKind.CLASSICS, {1}, [1], None, ["joint"]),
    (Topic.TRAINING, VenueKind.NET_CAFE, {1, 2}, [1], None, ["topic"]),
    (Topic.SURROUNDINGS, VenueKind.NET_CAFE, {2, 3}, [1], None, ["own"]),
    (Topic.DROPOUT, AgencyKind.SCHOOL, {1}, [1], 9, []),
    (Topic.AID, AgencyKind.TOWNSHIP, {1, 9}, [1], 9, ["itself"]),
    (Topic.TEACHERS, AgencyKind.POLICE, {1}, [1], 9, ["topic"]),
]


@pytest.mark.parametrize(("topic", "kind", "bodies", "own", "unit", "codes"), PLANS)
def test_what_can_be_planned(topic, kind, bodies, own, unit, codes):
    found = inspections.problems_with_plan(topic, kind, bodies, own, unit)
    assert [reason.code for reason in found] == codes


def test_the_four_fields_of_the_county_document_are_those_of_schools_and_townships():
    four = {topic for topic, row in inspections.TOPICS.items() if row.clause == "S2-51"}
    assert four == {Topic.DROPOUT, Topic.SCHOOLS, Topic.TEACHERS, Topic.AID}
    assert all(set(inspections.topics_of(kind)) == four for kind in inspections.UNITS)


@pytest.mark.parametrize(
    ("state", "deeds"),
    [
        (FindingState.OPEN, {Deed.ORDER, Deed.PENALTY, Deed.WITHDRAW}),
        (FindingState.ORDERED, set(Deed) - {Deed.ORDER}),
        (FindingState.ANSWERED, set(Deed) - {Deed.ORDER, Deed.ANSWER}),
        (FindingState.RECTIFIED, set()),
        (FindingState.PENALISED, set()),
        (FindingState.WITHDRAWN, set()),
    ],
)
def test_what_can_be_done_with_a_finding(state, deeds):
    assert set(inspections.possible(state)) == deeds


GOOD = {"text": "已查", "number": "5号"}
STEPS = [
    (Deed.ORDER, {**GOOD, "due_on": date(2026, 10, 20), "recheck_on": date(2026, 10, 20)}, []),
    (Deed.ORDER, {**GOOD, "due_on": ON, "recheck_on": ON}, ["due_on"]),
    (Deed.ORDER, {**GOOD, "recheck_on": ON}, ["due_on"]),
    (Deed.ORDER, {**GOOD, "due_on": date(2026, 10, 20)}, ["recheck_on"]),
    (
        Deed.ORDER,
        {"due_on": date(2026, 10, 20), "recheck_on": date(2026, 10, 19)},
        ["number", "recheck_on"],
    ),
    (Deed.ANSWER, {"text": " "}, ["text"]),
    (Deed.PASS, {}, []),
    (Deed.FAIL, {}, ["text"]),
    (Deed.WITHDRAW, {}, ["text"]),
    (Deed.PENALTY, {**GOOD, "penalty": "licence_revoked", "body": "market"}, []),
    (Deed.PENALTY, {**GOOD, "penalty": "licence_revoked", "body": "bureau"}, ["body"]),
    (Deed.PENALTY, {**GOOD, "penalty": "registration_revoked", "body": "market"}, ["body"]),
    (Deed.PENALTY, {**GOOD, "penalty": "criticised", "body": "bureau"}, ["penalty"]),
    (Deed.PENALTY, {"penalty": "fined", "body": "police"}, ["number"]),
]


@pytest.mark.parametrize(("deed", "given", "codes"), STEPS)
def test_what_a_step_needs(deed, given, codes):
    found = inspections.problems_with_step(deed, Said(ON, **given), ON, ON, venue=True)
    assert [reason.code for reason in found] == codes


@pytest.mark.parametrize(
    ("on", "code"), [(date(2026, 10, 11), "before"), (ON, None), (date(2026, 10, 13), "future")]
)
def test_a_step_is_neither_to_come_nor_before_what_it_rests_on(on, code):
    found = inspections.day_problems(on, ON, ON)
    assert [reason.code for reason in found] == ([code] if code else [])


def test_who_revokes_what_is_the_county_document_s():
    assert inspections.PENALTIES[Penalty.LICENCE_REVOKED] == ("S1-29", {AgencyKind.MARKET})
    registration = inspections.PENALTIES[Penalty.REGISTRATION_REVOKED]
    assert registration == ("S1-29", {AgencyKind.CIVIL_AFFAIRS})


def test_an_inspection_does_not_end_with_an_open_finding():
    assert inspections.why_not_closed([]) is None
    assert inspections.why_not_closed(["rectified", "penalised", "withdrawn"]) is None
    refused = inspections.why_not_closed(["rectified", "answered", "open"])
    assert refused is not None
    assert "2" in str(refused.text)


D = date
HELD = Known(D(2026, 10, 9))
DRAFT = Known(D(2026, 10, 9), D(2026, 10, 12), D(2026, 10, 22))
HEARD = Known(D(2026, 10, 9), D(2026, 10, 12), D(2026, 10, 22), D(2026, 10, 14))
OUT = Known(
    D(2026, 10, 9), D(2026, 10, 12), D(2026, 10, 22), D(2026, 10, 14), D(2026, 10, 20), D(2026, 10, 30)
)  # fmt: skip


@pytest.mark.parametrize(
    ("known", "on", "stages"),
    [
        (HELD, D(2026, 10, 12), {Stage.DRAFT}),
        (DRAFT, D(2026, 10, 22), {Stage.REPLY}),
        (DRAFT, D(2026, 10, 23), {Stage.ISSUE}),
        (HEARD, D(2026, 10, 15), {Stage.ISSUE}),
        (OUT, D(2026, 10, 30), {Stage.REPORT, Stage.ASK_REVIEW}),
        (OUT, D(2026, 10, 31), {Stage.REPORT}),
    ],
)
def test_the_inspected_body_is_heard_before_the_opinion(known, on, stages):
    assert set(opinions.possible(known, on)) == stages


TEXTS = [
    ("张梓涵在该班读经", ["张梓涵"], ["张梓涵"]),
    ("张 梓 涵在该班读经", ["张梓涵"], ["张梓涵"]),
    ("身份证330328201501012345在册", [], ["330328201501012345"]),
    ("身份证 330328 20150101 234X 在册", [], ["33032820150101234X"]),
    ("电话１３８１２３４５６７８", [], ["13812345678"]),
    ("电话138-1234-5678", [], ["13812345678"]),
    ("联系0577-67861234", [], ["057767861234"]),
    ("负责人王建国已被约谈", [], ["王建国"]),
    ("李浩同学已返校", [], ["李浩"]),
    ("负责人王某已被约谈", [], []),
    ("学生周边环境，教师高度重视，负责人应当整改", [], []),
    ("2026年10月12日，文教督改〔2026〕5号，罚款20000元", [], []),
]


@pytest.mark.parametrize(("text", "names", "words"), TEXTS)
def test_words_that_give_a_person_away(text, names, words):
    assert publication.given_away(text, names) == words

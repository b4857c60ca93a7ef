"""Which result a row may have: by our records, or by a person whom they do not contradict."""

import pytest

from cases.rules.comparison import FOLLOWED_BY, Facts, evident, opens_case, problems, stands
from students.rules.enrollment import PlacementKind
from students.rules.person_list import Result


def child(**known) -> Facts:
    return Facts(joined=True, **known)


@pytest.mark.parametrize(
    ("facts", "result"),
    [
        (Facts(joined=False), None),
        (child(), None),
        (child(past_age=True), None),  # past the age, and nothing says that it has completed
        (child(enrolled=True), Result.IN_SCHOOL),
        (child(enrolled=True, died=True), Result.REGISTER_ERROR),
        (child(completed=True, past_age=True), Result.PAST_AGE),
        (child(enrolled=True, open_case=True), Result.OUT_OF_SCHOOL),
        (child(abroad=True), Result.ABROAD),
        (child(placement=PlacementKind.ABROAD), Result.ABROAD),
        (child(enrolled=True, placement=PlacementKind.HOME_TEACHING), Result.UNABLE),
        (child(enrolled=True, placement=PlacementKind.VOCATIONAL), Result.IN_SCHOOL),
        (child(placement=PlacementKind.ELSEWHERE), None),  # in which province, says a person
    ],
)
def test_what_our_records_show(facts, result):
    assert evident(facts) == result


@pytest.mark.parametrize(
    ("result", "facts", "note", "codes"),
    [
        (Result.IN_SCHOOL, child(enrolled=True), "", []),
        (Result.IN_SCHOOL, child(), "在校", ["not_enrolled"]),
        (Result.REGISTER_ERROR, Facts(joined=False), "查无此人", []),
        (Result.REGISTER_ERROR, child(), " ", ["note"]),
        (Result.OTHER, Facts(joined=False), "随父母外出", ["no_child"]),
        (Result.OTHER, child(), "随父母外出", []),
        (Result.SAME_PROVINCE, child(), "在温州市某校", []),
        (Result.SAME_PROVINCE, child(enrolled=True), "在温州市某校", ["enrolled"]),
        (Result.OTHER_PROVINCE, child(), "在广东", ["not_confirmed"]),
        (Result.OTHER_PROVINCE, child(elsewhere=True), "转学证明", []),
        (Result.OTHER_PROVINCE, child(placement=PlacementKind.ELSEWHERE), "就读证明", []),
        (Result.PAST_AGE, child(), "年满", ["of_school_age"]),
        (Result.PAST_AGE, child(past_age=True), "毕业证", []),
        (Result.ABROAD, child(), "在意大利", ["not_abroad"]),
        (Result.ABROAD, child(placement=PlacementKind.ABROAD), "出境记录", []),
        (Result.UNABLE, child(), "重度残疾", []),
        (Result.OUT_OF_SCHOOL, child(), "在家", []),
        (Result.OUT_OF_SCHOOL, child(died=True), "在家", ["not_in_the_work"]),
        (Result.OUT_OF_SCHOOL, child(below_age=True), "三岁", ["not_in_the_work"]),
        (Result.OUT_OF_SCHOOL, Facts(joined=False), "", ["no_child", "note"]),
    ],
)
def test_what_a_person_may_say(result, facts, note, codes):
    assert [one.code for one in problems(result, facts, note)] == codes


@pytest.mark.parametrize(
    ("result", "facts", "done"),
    [
        (Result.SAME_PROVINCE, child(), False),
        (Result.SAME_PROVINCE, child(enrolled=True), True),
        (Result.SAME_PROVINCE, child(placement=PlacementKind.ELSEWHERE), True),
        (Result.OTHER_PROVINCE, child(placement=PlacementKind.ELSEWHERE), True),
        (Result.OTHER_PROVINCE, child(), False),
        (Result.UNABLE, child(placement=PlacementKind.DEFERRAL), True),
        (Result.UNABLE, child(placement=PlacementKind.ELSEWHERE), False),
        (Result.REGISTER_ERROR, child(), False),
    ],
)
def test_when_a_follow_up_is_done(result, facts, done):
    assert result in FOLLOWED_BY
    assert stands(result, facts) is done


@pytest.mark.parametrize(
    ("result", "facts", "opened"),
    [
        (Result.OUT_OF_SCHOOL, child(), True),
        (Result.OUT_OF_SCHOOL, child(enrolled=True), True),
        (Result.OUT_OF_SCHOOL, child(open_case=True), False),
        (Result.OTHER, child(), True),
        (Result.OTHER, child(past_age=True), True),  # it has completed nothing
        (Result.OTHER, child(below_age=True), False),
        (Result.OTHER, child(enrolled=True), False),
        (Result.OTHER, child(open_case=True), False),
        (Result.OTHER, child(placement=PlacementKind.DEFERRAL), False),
        (Result.OTHER, child(elsewhere=True), False),
        (Result.OTHER, child(abroad=True), False),
        (Result.OTHER, child(died=True), False),
        (Result.OTHER, Facts(joined=False), False),
        (Result.UNABLE, child(), False),
    ],
)
def test_which_result_opens_a_case(result, facts, opened):
    assert opens_case(result, facts) is opened

"""Talks and circulars as tables, without a database."""

from datetime import date

import pytest

from agencies.rules.duties import Position
from reporting.rules.areas import AreaKind
from reporting.rules.circulars import differences
from reporting.rules.talks import (
    Call,
    Outcome,
    Step,
    TalkDeed,
    TalkState,
    problems_with_call,
    problems_with_outcome,
    problems_with_step,
    state_after,
    why_not,
)

TODAY, BEFORE, LATER = date(2026, 10, 12), date(2026, 10, 9), date(2026, 10, 26)


@pytest.mark.parametrize(
    ("kind", "position", "planned_on", "reason", "by_itself", "codes"),
    [
        (AreaKind.TOWNSHIP, Position.TOWNSHIP_LEADER, TODAY, "率高", False, []),
        (AreaKind.SCHOOL, Position.TOWNSHIP_LEADER, TODAY, "率高", False, ["position"]),
        (AreaKind.TOWNSHIP, "", BEFORE, " ", True, ["position", "passed", "reason", "itself"]),
        (AreaKind.COUNTY, Position.BUREAU_LEADER, LATER, "率高", True, ["itself"]),
    ],
)
def test_who_can_be_called(kind, position, planned_on, reason, by_itself, codes) -> None:
    call = Call(kind, position, planned_on, reason, by_itself)
    assert [one.code for one in problems_with_call(call, TODAY)] == codes


@pytest.mark.parametrize(
    ("deed", "step", "codes"),
    [
        (TalkDeed.HOLD, Step(TODAY, "要求"), []),
        (TalkDeed.HOLD, Step(LATER), ["future", "text"]),
        (TalkDeed.HOLD, Step(date(2026, 10, 8), "x"), ["before"]),
        (TalkDeed.ORDER, Step(TODAY), ["number", "items", "due_on"]),
        (TalkDeed.ORDER, Step(TODAY, "", "1号", TODAY, ("一",)), ["due_on"]),
        (TalkDeed.ORDER, Step(TODAY, "", "1号", LATER, ("一", "")), []),
        (TalkDeed.REPORT, Step(TODAY, reports={1: "已办"}), ["report"]),
        (TalkDeed.REPORT, Step(TODAY, reports={1: "已办", 2: "已办"}), []),
        (TalkDeed.RECHECK, Step(TODAY, "看过", put_right=frozenset({1, 2})), []),
        (TalkDeed.RECHECK, Step(TODAY, "看过", put_right=frozenset({1})), ["due_on"]),
        (TalkDeed.OUTCOME, Step(TODAY, "x", outcome=Outcome.RESPONSIBLE), ["number"]),
    ],
)
def test_what_a_step_needs(deed, step, codes) -> None:
    found = problems_with_step(deed, step, BEFORE, TODAY, [1, 2])
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("put_right", "after"),
    [({1, 2}, TalkState.PUT_RIGHT), ({2}, TalkState.ORDERED), (set(), TalkState.ORDERED)],
)
def test_what_is_left_is_ordered_again(put_right, after) -> None:
    step = Step(TODAY, "看过", put_right=frozenset(put_right))
    assert state_after(TalkDeed.RECHECK, TalkState.REPORTED, step, [1, 2]) is after


@pytest.mark.parametrize(
    ("outcome", "state", "replied", "until", "codes"),
    [
        (Outcome.DONE, TalkState.PUT_RIGHT, True, LATER, []),
        (Outcome.DONE, TalkState.REPORTED, True, LATER, ["outcome"]),
        (Outcome.NO_MORE, TalkState.ORDERED, True, LATER, ["outcome"]),
        (Outcome.RESPONSIBLE, TalkState.ORDERED, False, BEFORE, []),
        (Outcome.RESPONSIBLE, TalkState.ORDERED, False, TODAY, ["reply"]),
        (Outcome.NO_MORE, TalkState.HELD, False, LATER, ["reply"]),
        ("", TalkState.HELD, True, LATER, ["outcome"]),
    ],
)
def test_nothing_is_decided_before_the_reply(outcome, state, replied, until, codes) -> None:
    found = problems_with_outcome(outcome, state, replied=replied, reply_until=until, today=TODAY)
    assert [one.code for one in found] == codes


def test_each_deed_has_its_states() -> None:
    assert why_not(TalkState.CALLED, TalkDeed.HOLD) == []
    for deed in set(TalkDeed) - {TalkDeed.HOLD, TalkDeed.CANCEL}:
        assert [one.code for one in why_not(TalkState.CALLED, deed)] == ["state"]
    for deed in TalkDeed:
        for over in (TalkState.ENDED, TalkState.CANCELLED):
            assert why_not(over, deed)


def row(key: str, numerator: int, denominator: int = 500) -> dict[str, object]:
    return {
        "unit": "township", "key": key, "name": key, "stage": "junior",
        "numerator": numerator, "denominator": denominator, "as_of": "2026-10-12",
        "line": "1.80 %", "above": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        ([row("a", 1), row("b", 2)], []),
        ([row("a", 1) | {"as_of": "2026-10-13"}, row("b", 2)], []),
        ([row("a", 2), row("b", 2)], ["a"]),
        ([row("a", 1), row("b", 2) | {"line": "0.30 %", "above": True}], ["b"]),
        ([row("a", 1), row("b", 2, 501)], ["b"]),
        ([row("b", 2), row("c", 0)], ["a", "c"]),
        ([row("a", 2, 1000), row("b", 2)], ["a"]),  # the same rate of other heads
    ],
)
def test_what_changed_since_a_circular_was_drawn(now, changed) -> None:
    found = differences([row("a", 1), row("b", 2)], now)
    assert [one.name for one in found] == changed

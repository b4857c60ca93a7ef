"""What a plan may say, who may approve it, when a measure was done: as tables."""

import uuid
from datetime import date

import pytest

from cases.rules.plan import (
    Approval,
    Draft,
    Kept,
    Known,
    PlannedCause,
    PlannedMeasure,
    approval_problems,
    done_problem,
    problems,
)

TODAY, YESTERDAY, LATER = date(2026, 10, 12), date(2026, 10, 11), date(2026, 10, 30)
OLD, SIGNED, FINISHED = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
KEPT = {
    OLD: Kept("家访", YESTERDAY, approved=False),
    SIGNED: Kept("送教", YESTERDAY, approved=True),
    FINISHED: Kept("补课", YESTERDAY, approved=True, open=False),
}
KNOWN = Known(TODAY, {"work.hired", "learning.weary"}, {"faith.place"}, review_on=YESTERDAY)


def measure(what="联系劳动监察", seat="village_cadre", due_on=LATER, id=None) -> PlannedMeasure:
    return PlannedMeasure(what, seat, due_on, id)


def cause(code="work.hired", main=True, *measures: PlannedMeasure) -> PlannedCause:
    return PlannedCause(code, main, "", measures)


def found(draft: Draft, known: Known = KNOWN) -> list[tuple[str, str]]:
    return [(reason.code, reason.pointer) for reason in problems(draft, known)]


@pytest.mark.parametrize(
    ("causes", "expected"),
    [
        ([cause("work.hired", True, measure())], []),
        ([cause(), cause("learning.weary", False)], []),  # measures may follow before approval
        ([], [("no_cause", "/causes")]),
        ([cause(main=False)], [("no_main", "/causes")]),
        ([cause(), cause("learning.weary", True)], [("two_main", "/causes/1/main")]),
        ([cause("nonsense")], [("cause", "/causes/0/cause")]),
        ([cause("faith.place")], [("cause_ended", "/causes/0/cause")]),
        ([cause(), cause(main=False)], [("cause_twice", "/causes/1/cause")]),
        (
            [
                cause(
                    "work.hired",
                    True,
                    measure(),
                    measure(what=" ", seat="nobody", due_on=YESTERDAY),
                )
            ],
            [
                ("what", "/causes/0/measures/1/what"),
                ("seat", "/causes/0/measures/1/seat"),
                ("due_past", "/causes/0/measures/1/due_on"),
            ],
        ),
        ([cause("work.hired", True, measure(due_on=TODAY))], []),
    ],
)
def test_what_a_plan_may_say(causes, expected):
    assert found(Draft(causes)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (None, []),
        (TODAY, []),
        (YESTERDAY, []),
        (date(2026, 10, 10), [("review_past", "/review_on")]),
    ],
)
def test_a_review_is_set_for_a_day_to_come_and_one_that_was_set_may_pass(day, expected):
    assert found(Draft([cause()], review_on=day)) == expected


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ([measure(due_on=YESTERDAY, id=OLD), measure(due_on=YESTERDAY, id=SIGNED)], []),
        ([measure(id=SIGNED)], []),  # what was never approved may be left out
        ([measure(id=OLD)], [("left_out", "/causes")]),
        (
            [measure(due_on=date(2026, 10, 10), id=SIGNED)],
            [("due_past", "/causes/0/measures/0/due_on")],
        ),
        (
            [measure(id=SIGNED), measure(id=SIGNED)],
            [("measure_twice", "/causes/0/measures/1/id")],
        ),
        (
            [measure(id=SIGNED), measure(id=uuid.uuid4())],
            [("measure", "/causes/0/measures/1/id")],
        ),
    ],
)
def test_measures_that_are_there_keep_their_days_and_do_not_vanish(measures, expected):
    known = Known(TODAY, {"work.hired"}, kept=KEPT)
    assert found(Draft([cause("work.hired", True, *measures)]), known) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Approval(wrote_it=False, holds_seat=True, of_bureau=False), []),
        (Approval(wrote_it=False, holds_seat=False, of_bureau=True), []),
        (Approval(wrote_it=False, holds_seat=False, of_bureau=False), ["approver"]),
        (Approval(wrote_it=True, holds_seat=True, of_bureau=False), ["same_person"]),
        (
            Approval(False, True, False, approved=True, bare=("厌学",)),
            ["approved", "no_measure"],
        ),
    ],
)
def test_who_approves_and_what_has_to_be_there(facts, expected):
    assert [reason.code for reason in approval_problems(facts)] == expected


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (TODAY, None),
        (YESTERDAY, None),
        (date(2026, 10, 10), "before_plan"),
        (date(2026, 10, 13), "future"),
    ],
)
def test_a_measure_is_done_between_its_planning_and_today(on, code):
    problem = done_problem(on, YESTERDAY, TODAY)
    assert (problem.code if problem else None) == code

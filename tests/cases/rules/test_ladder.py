"""Rule 15: a legal step has a legal basis, a delivery and a time."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import cases
from agencies.queries.calendars import from_days
from agencies.rules.calendar_file import years
from cases.rules import ladder as rules
from cases.rules.ladder import Counting, Rung, Standing, Step, StepOutcome
from cases.rules.legal_basis import basis_problem
from cases.rules.workflow import State
from tests.support.official import FILE

CADRE = frozenset({"township_cadre"})
LADDER = [
    Rung("criticism", 1, "批评教育", "义务教育法 第五十八条", CADRE),
    Rung("order", 2, "责令限期改正", "义务教育法 第五十八条", CADRE, days=7),
    Rung("referral", 3, "移送", "未成年人保护法 第一百一十八条", frozenset({"bureau_staff"})),
    Rung("others", 4, "有关机关文书", "家庭教育促进法 第四十九条", frozenset(), own_paper=False),
]
CRITICISM, ORDER, REFERRAL, OTHERS = LADDER
AT = Standing(State.PERSUADING, CADRE, date(2026, 9, 21))
SIGNED = Step("criticism", "批评教育", date(2026, 9, 10), served_on=date(2026, 9, 10))
ORDERED = Step("order", "责令限期改正", date(2026, 9, 11))


@pytest.fixture(scope="module")
def calendar():
    files = list(years(json.loads(FILE.read_text("utf-8"))))
    return from_days(
        (file.year for file in files), [pair for file in files for pair in file.kinds.items()]
    )


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("served_on", "days", "counting", "law", "last"),
    [
        # The worked date: a make-up Sunday is a working day, so it stays.
        ("2026-09-13", 7, "calendar_days", "civil_code", "2026-09-20"),
        ("2026-09-12", 7, "calendar_days", "civil_code", "2026-09-20"),  # Sat 19 -> make-up Sun 20
        ("2026-09-18", 7, "calendar_days", "civil_code", "2026-09-28"),  # 中秋 Fri 25 -> Mon 28
        ("2026-09-24", 7, "calendar_days", "civil_code", "2026-10-08"),  # 国庆 until 10-07
        ("2026-09-24", 15, "calendar_days", "civil_code", "2026-10-09"),
        ("2026-09-30", 10, "calendar_days", "civil_code", "2026-10-10"),  # make-up Saturday stays
        # 行政处罚法 85: 二、三、五、七日 are working days, ten are not.
        ("2026-09-13", 7, "calendar_days", "penalty", "2026-09-21"),
        ("2026-09-30", 5, "calendar_days", "penalty", "2026-10-13"),  # 8, 9, 10 (make-up), 12, 13
        ("2026-09-13", 10, "calendar_days", "penalty", "2026-09-23"),
        # 行政强制法 69: up to ten are working days, fifteen are not.
        ("2026-09-13", 10, "calendar_days", "enforcement", "2026-09-24"),
        ("2026-09-13", 15, "calendar_days", "enforcement", "2026-09-28"),
        ("2026-09-24", 3, "working_days", "civil_code", "2026-09-30"),
    ],
)
def test_the_last_day(calendar, served_on, days, counting, law, last):
    counted = rules.counted_in(days, counting, law)
    end = rules.end_of_period(date.fromisoformat(served_on), days, counted, calendar)
    assert (end.on.isoformat(), end.provisional) == (last, False)


def test_the_way_of_counting_is_said_by_the_law():
    assert rules.counted_in(7, "calendar_days", "civil_code") is Counting.CALENDAR
    assert rules.counted_in(7, "calendar_days", "penalty") is Counting.WORKING
    assert rules.counted_in(8, "calendar_days", "penalty") is Counting.CALENDAR
    assert rules.counted_in(8, "working_days", "") is Counting.WORKING


@pytest.mark.parametrize(
    ("rung", "steps", "change", "expected"),
    [
        (CRITICISM, [], {}, []),
        (CRITICISM, [], {"state": State.SUSPECTED}, ["state"]),
        (CRITICISM, [], {"state": State.RETURNED}, ["state"]),
        (CRITICISM, [], {"positions": frozenset({"teacher"})}, ["position"]),
        (CRITICISM, [SIGNED], {}, ["done"]),
        (CRITICISM, [replace(SIGNED, outcome="withdrawn")], {}, []),
        (ORDER, [], {}, ["order"]),
        (ORDER, [replace(SIGNED, served_on=None)], {}, ["not_served"]),
        (ORDER, [replace(SIGNED, served_on=None, delivered=True)], {}, ["receipt"]),
        (ORDER, [SIGNED], {}, []),
        (ORDER, [SIGNED], {"today": date(2026, 9, 10)}, []),
        (ORDER, [SIGNED], {"today": date(2026, 9, 9)}, ["before_service"]),
        (REFERRAL, [], {"state": State.CLOSED}, ["state", "position", "order", "order"]),
        (OTHERS, [SIGNED], {}, ["of_others", "order", "order"]),
    ],
)
def test_every_reason_at_once(rung, steps, change, expected):
    assert codes(rules.refusals(rung, LADDER, steps, replace(AT, **change))) == expected


@pytest.mark.parametrize(
    ("today", "outcome", "expected"),
    [
        ("2026-09-20", "", ["period_runs"]),
        ("2026-09-20", "promised", ["period_runs"]),
        ("2026-09-21", "", []),
        ("2026-09-21", "promised", []),
        ("2026-09-21", "not_complied", []),
        ("2026-09-21", "complied", ["complied"]),
        ("2026-09-21", "withdrawn", ["order"]),
    ],
)
def test_the_referral_waits_for_the_guardians_last_day(today, outcome, expected):
    order = replace(
        ORDERED, served_on=date(2026, 9, 13), ends_on=date(2026, 9, 20), outcome=outcome
    )
    at = replace(AT, positions=frozenset({"bureau_staff"}), today=date.fromisoformat(today))
    assert codes(rules.refusals(REFERRAL, LADDER, [SIGNED, order], at)) == expected


def test_the_page_says_done_now_next_and_later():
    def statuses(steps):
        return [place.status for place in rules.places(LADDER, steps, AT)]

    assert statuses([]) == ["next", "later", "later", "later"]
    assert statuses([SIGNED]) == ["now", "next", "later", "later"]
    assert statuses([SIGNED, ORDERED]) == ["done", "now", "next", "later"]
    withdrawn = replace(ORDERED, outcome="withdrawn")
    assert statuses([SIGNED, withdrawn]) == ["now", "next", "later", "later"]
    paper = Step("others", "训诫书", date(2026, 9, 15), has_paper=False)
    assert statuses([SIGNED, ORDERED, paper]) == ["done", "now", "next", "now"]
    (_done, _now, referral, _later) = rules.places(LADDER, [SIGNED, ORDERED], AT)
    assert not referral.possible
    assert codes(referral.reasons) == ["position", "not_served"]


@pytest.mark.parametrize(
    ("basis", "code"),
    [
        ("义务教育法 第五十八条", None),
        ("《中华人民共和国未成年人保护法》第八十三条第二款", None),
        ("浙江省义务教育条例 第50条", None),
        ("禁止使用童工规定 第六条", None),
        ("民法典 第三十六条", None),
        ("", "basis"),
        ("义务教育法", "basis"),
        ("第五十八条", "basis"),
        ("依法处理", "basis"),
        ("文政办发〔2019〕26号 第四条", "basis_normative"),
        ("关于进一步加强控辍保学工作的通知 第三条", "basis_normative"),
        ("县控辍保学实施方案 第二条", "basis_normative"),
    ],
)
def test_a_step_outside_the_ladder_needs_an_article_of_a_law(basis, code):
    problem = basis_problem(basis, "/basis")
    assert (problem.code if problem else None) == code


def test_outside_the_ladder_a_running_period_binds_and_the_order_does_not():
    assert rules.outside_refusals([], AT) == []
    running = replace(ORDERED, served_on=date(2026, 9, 20), ends_on=date(2026, 9, 27))
    assert codes(rules.outside_refusals([running], AT)) == ["period_runs"]


def test_what_a_step_outside_the_ladder_has_to_say():
    assert codes(rules.outside_problems(" ", "", "case_file")) == ["name", "basis", "paper"]
    assert rules.outside_problems("约谈", "教育督导条例 第二十五条", "") == []


@pytest.mark.parametrize(
    ("outcome", "note", "state", "expected"),
    [
        ("complied", "", State.PERSUADING, ["not_back"]),
        ("complied", "", State.RETURNED, []),
        ("not_complied", "", State.PERSUADING, ["period_runs"]),
        ("promised", "", State.PERSUADING, []),
        ("withdrawn", " ", State.PERSUADING, ["note"]),
        ("withdrawn", "wrong name", State.PERSUADING, []),
        ("decided", "", State.PERSUADING, ["note"]),
    ],
)
def test_outcomes(outcome, note, state, expected):
    step = replace(ORDERED, served_on=date(2026, 9, 20), ends_on=date(2026, 9, 27))
    at = replace(AT, state=state)
    assert codes(rules.outcome_problems(step, StepOutcome(outcome), note, at)) == expected


def test_an_outcome_is_said_once_but_a_promise_is_none():
    at = replace(AT, state=State.RETURNED)
    for before, expected in (("promised", []), ("not_complied", ["has_outcome"])):
        step = replace(SIGNED, outcome=before)
        assert codes(rules.outcome_problems(step, StepOutcome.COMPLIED, "", at)) == expected


def test_the_ladder_that_is_loaded_rests_on_law_sets_no_fine_and_fits_the_papers():
    file = Path(cases.__file__).parent / "data" / "ladder.json"
    rows = json.loads(file.read_text("utf-8"))["rungs"]
    assert [row["key"] for row in rows] == ["criticism", "order", "referral", "others"]
    for row in rows:
        assert basis_problem(row["basis"], "") is None
        assert "罚款" not in row["name"]
        names = (
            {f.name for f in rules.papers.CATALOGUE[row["paper"]].fields} if row["paper"] else set()
        )
        assert set(row["needs"]) <= names
        assert bool(row["days"]) == bool(row["counting"]) == bool(row["law"])

"""Rules 5, 6 and 8 as tables: exact fractions, strictly above, gaps said so."""

from fractions import Fraction

import pytest

from reporting.rules.accountability import (
    AlertReason,
    Limits,
    NewTarget,
    missed,
    stage_problem,
    target_problems,
    verdicts,
)
from reporting.rules.entered import PARTS, Entered, problems
from reporting.rules.rates import (
    ConsolidationParts,
    Measure,
    NetParts,
    Rate,
    Stage,
    of_percent,
    percent_text,
    rose,
    stage_of,
)

JUNIOR_LINE = of_percent("1.8")
LIMITS = Limits({Stage.PRIMARY: of_percent("0.6"), Stage.JUNIOR: JUNIOR_LINE}, 3, 100)


@pytest.mark.parametrize(
    ("numerator", "denominator", "line", "shown", "above"),
    [
        (46, 2550, "1.8", "1.80 %", True),  # rule 5: 1.8039… %
        (9, 500, "1.8", "1.80 %", False),  # exactly on the line
        (10, 500, "1.8", "2.00 %", True),
        (6, 1000, "0.6", "0.60 %", False),
        (7, 1000, "0.6", "0.70 %", True),
        (1, 40, "1.8", "2.50 %", True),
        (0, 500, "0.6", "0.00 %", False),
        (3, 3, "0.6", "100.00 %", True),
        (5, 0, "0.6", "", False),  # no base, no rate
    ],
)
def test_control_lines_are_compared_on_the_exact_fraction(
    numerator: int, denominator: int, line: str, shown: str, above: bool
) -> None:
    rate = Rate(numerator, denominator)
    assert (rate.shown, rate.above(of_percent(line))) == (shown, above)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(125, 1_000_000), "0.01 %"),  # 0.0125
        (Fraction(5, 100_000), "0.01 %"),  # 0.005: half up
        (Fraction(49, 1_000_000), "0.00 %"),  # 0.0049
        (Fraction(-5, 100_000), "-0.01 %"),
        (Fraction(-1, 10_000_000), "0.00 %"),
        (Fraction(1472, 2237), "65.80 %"),
        (Fraction(120, 122), "98.36 %"),
    ],
)
def test_only_what_is_shown_is_rounded(value: Fraction, shown: str) -> None:
    assert percent_text(value) == shown


def test_exact_value_and_its_absence() -> None:
    assert (Rate(46, 2550).exact, Rate(0, 7).exact, Rate(1, 0).exact) == ("23/1275", "0", "")
    assert Rate(1, 0).value is None


@pytest.mark.parametrize(("base", "small"), [(0, False), (1, True), (99, True), (100, False)])
def test_a_base_under_a_hundred_is_flagged(base: int, small: bool) -> None:
    assert Rate(1, base).is_small(100) is small


@pytest.mark.parametrize(
    ("values", "rises", "expected"),
    [
        ("0.10 0.12 0.15 0.18", 3, True),
        ("0.10 0.12 0.12 0.18", 3, False),  # equal is no rise
        ("0.10 - 0.15 0.18", 3, False),  # a missing year breaks it
        ("- 0.12 0.15 0.18", 3, False),  # three values are two rises
        ("0.18 0.15 0.12 0.10", 3, False),
        ("0.18 0.12 0.15 0.18", 3, False),
        ("- 0.12 0.15 0.18", 2, True),
        ("0 0 0 0", 3, False),
        ("0 0.01 0.02 -", 3, False),
    ],
)
def test_three_rises_need_four_values(values: str, rises: int, expected: bool) -> None:
    years = {
        2022 + number: None if text == "-" else Fraction(text)
        for number, text in enumerate(values.split())
    }
    assert rose(years, 2025, rises) is expected


def test_a_rise_that_rounding_hides_is_a_rise() -> None:
    values = {2022 + n: Fraction(1000 + n, 1_000_000) for n in range(4)}
    assert {percent_text(value) for value in values.values()} == {"0.10 %"}
    assert rose(values, 2025, 3)


def test_consolidation_rate_with_its_parts() -> None:
    parts = ConsolidationParts(2000, moved_in=150, moved_out=220, died=3, graduates=1900)
    assert (parts.rate, parts.rate.shown) == (Rate(1900, 1927), "98.60 %")
    assert parts.unadjusted.shown == "95.00 %"


def test_the_net_formula_counts_suspension_and_death_and_nets_movement() -> None:
    parts = NetParts(
        suspended=4, dropped_out=3, died=1, moved_out=20, other_losses=2, moved_in=12, other_gains=1
    )
    assert parts.loss == 17
    assert NetParts(moved_in=3).loss == -3


def test_stages() -> None:
    assert [stage_of(grade) for grade in (1, 6, 7, 9)] == [
        Stage.PRIMARY, Stage.PRIMARY, Stage.JUNIOR, Stage.JUNIOR
    ]  # fmt: skip


def _years(*numerators: int) -> dict[int, Rate]:
    return {2023 + n: Rate(number, 1000) for n, number in enumerate(numerators)}


def test_a_running_year_can_pass_the_line_but_has_not_risen_yet() -> None:
    years = _years(10, 12, 15, 19)
    running = verdicts(years, 2026, Stage.JUNIOR, LIMITS, ended=False)
    assert running == [AlertReason.ABOVE_LINE]
    ended = verdicts(years, 2026, Stage.JUNIOR, LIMITS, ended=True)
    assert ended == [AlertReason.ABOVE_LINE, AlertReason.RISING]
    assert verdicts({}, 2026, Stage.JUNIOR, LIMITS, ended=True) == []
    assert verdicts(years, 2026, Stage.PRIMARY, LIMITS, ended=False) == [AlertReason.ABOVE_LINE]


def _codes(
    measure: str, stage: str, limit: str, year: int = 2026, source: str = "文件"
) -> list[str]:
    return [
        one.code for one in target_problems(NewTarget(measure, stage, year, limit, source), 2026)
    ]


@pytest.mark.parametrize("measure", ["reported", "cases_opened", "net", ""])
def test_no_target_on_what_rewards_hiding(measure: str) -> None:
    assert _codes(measure, "primary", "0") == ["rewards_hiding"]


@pytest.mark.parametrize(
    ("measure", "stage", "limit", "codes"),
    [
        ("ledger", "primary", "0", []),
        ("ledger", "primary", "0.55", []),
        ("ledger", "", "0", ["stage"]),
        ("ledger", "primary", "100.1", ["limit"]),
        ("ledger", "junior", "", ["limit"]),
        ("ledger", "junior", "1/2", ["limit"]),
        ("ledger", "junior", "-1", ["limit"]),
        ("ledger", "junior", "nan", ["limit"]),
        ("consolidation", "", "95", []),
        ("consolidation", "junior", "95", ["stage"]),
    ],
)
def test_targets(measure: str, stage: str, limit: str, codes: list[str]) -> None:
    assert _codes(measure, stage, limit) == codes


def test_a_target_is_of_this_year_or_the_next_and_has_a_paper() -> None:
    assert _codes("ledger", "primary", "0", 2025, " ") == ["school_year", "source"]
    assert _codes("ledger", "primary", "0", 2027) == []
    assert _codes("ledger", "primary", "0", 2028) == ["school_year"]


def _entered(**given: object) -> list[str]:
    counted = bool(given.pop("counted", False))
    known = {"measure": "ledger", "stage": "junior", "school_year": 2024, "source": "年报"}
    known |= {"numerator": 3, "denominator": 900} | given
    return [one.code for one in problems(Entered(**known), 2026, counted=counted)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, []),
        ({"measure": "reports"}, ["measure"]),
        ({"stage": ""}, ["stage"]),
        ({"school_year": 2027}, ["school_year"]),
        ({"school_year": 1999}, ["school_year"]),
        ({"counted": True}, ["counted"]),
        ({"source": " "}, ["source"]),
        ({"denominator": 0}, ["no_base"]),
        ({"denominator": None}, ["missing"]),
        ({"numerator": 901}, ["numerator"]),
        ({"numerator": -1}, ["numerator"]),
        ({"measure": "net", "numerator": -1}, []),
        ({"measure": "consolidation", "stage": ""}, ["missing"] * 5),
    ],
)
def test_what_may_be_entered(given: dict[str, object], codes: list[str]) -> None:
    assert _entered(**given) == codes


def test_the_consolidation_rate_is_entered_by_its_parts() -> None:
    parts = dict(zip(PARTS, (2000, 150, 220, 3, 1900), strict=True))
    given = Entered("consolidation", "", 2025, "年报", parts=parts)
    assert problems(given, 2026, counted=False) == []
    assert given.rate == Rate(1900, 1927)
    nobody = Entered("consolidation", "", 2025, "年报", parts={**parts, "entrants": 73})
    assert [one.pointer for one in problems(nobody, 2026, counted=False)] == ["/entrants"]


def test_a_target_is_missed_strictly_and_in_its_sense() -> None:
    assert not missed(Measure.LEDGER, Rate(5, 1000), of_percent("0.5"))
    assert missed(Measure.LEDGER, Rate(6, 1000), of_percent("0.5"))
    assert missed(Measure.CONSOLIDATION, Rate(94, 100), of_percent("95"))
    assert not missed(Measure.CONSOLIDATION, Rate(95, 100), of_percent("95"))
    assert not missed(Measure.RETURN, Rate(0, 0), of_percent("95"))
    assert stage_problem("return", "primary") == []

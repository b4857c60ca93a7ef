"""Rules of the assessment as tables: points, totals, schemes, and what is never an indicator."""

from datetime import date
from decimal import Decimal

import pytest

from agencies.rules.obligations import ObligationKind
from reporting.rules.accountability import TARGETS
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import (
    Found,
    Given,
    Wanted,
    changes,
    drawn,
    earned,
    given_problems,
    items,
    scheme_problems,
    text,
    total,
)
from reporting.rules.assessment_indicators import CATALOGUE, Source, of_kind, rewards_hiding
from reporting.rules.rates import Measure

D = Decimal


@pytest.mark.parametrize(
    ("most", "numerator", "denominator", "points"),
    [
        ("20", 3, 3, "20"),
        ("20", 0, 3, "0"),
        ("20", 1, 3, "6.67"),
        ("10", 1, 16, "0.63"),  # 0.625, half up
        ("7.5", 1, 2, "3.75"),
        ("20", 0, 0, ""),  # nothing to judge
    ],
)
def test_points_are_a_share(most: str, numerator: int, denominator: int, points: str) -> None:
    assert text(earned(D(most), Found(numerator, denominator))) == points


def test_what_is_not_judged_is_left_out_of_the_maximum() -> None:
    rows = [{"most": "20", "points": "15"}, {"most": "30", "points": ""}]
    found = total(rows)
    assert (found.points, found.most, found.left_out) == (15, 20, 30)


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"points": {}, "manual": ()}, "items /points"),
        ({"points": {"line": D(0)}}, "points /points/line"),
        ({"points": {"line": D("1.005")}}, "points /points/line"),
        ({"points": {"line": D(1001)}}, "most /points"),
        ({"points": {"rolls": D(5)}}, "indicator /points/rolls"),  # a school calls rolls
        ({"points": {"dropouts_reported": D(5)}}, "indicator /points/dropouts_reported"),
        ({"manual": (("", D(5)),)}, "name /manual/1/name"),
        ({"manual": (("宣传", None),)}, "points /manual/1/points"),
        ({"manual": (("上报辍学学生数", D(5)),)}, "rewards_hiding /manual/1/name"),
        ({"manual": (("宣传", D(5)), ("宣传", D(5)))}, "twice /manual"),
        ({"source": " "}, "source /source"),
        ({"school_year": 2024}, "school_year /school_year"),
        ({"kind": "village"}, "kind /kind"),
    ],
)
def test_why_there_can_be_no_such_scheme(changed: dict, place: str) -> None:
    given = {
        "kind": "township", "school_year": 2026, "starts_on": date(2026, 9, 1), "source": "1号",
        "points": {"line": D(50)},
    }  # fmt: skip
    assert scheme_problems(Wanted(**given), 2026) == []
    found = scheme_problems(Wanted(**{**given, **changed}), 2026)
    assert [f"{one.code} {one.pointer}" for one in found] == [place]


def test_a_redrawn_sheet_keeps_what_a_person_gave_to_the_same_item() -> None:
    wanted = Wanted("school", 2026, date(2026, 9, 1), "1号", {"line": D(50)}, (("宣传", D(10)),))
    scheme = items(wanted)
    before = drawn(scheme, {"line": Found(1, 2)})
    before[1] |= {"points": "7", "reason": "好"}
    after = drawn(scheme, {"line": Found(2, 2)}, before)
    assert [row["points"] for row in after] == ["50", "7"]
    assert [(then["points"], now["points"]) for then, now in changes(before, after)] == [
        ("25", "50")
    ]
    other = drawn(items(Wanted("school", 2026, date(2026, 9, 1), "1号", {}, (("宣传", D(5)),))), {},
                  before)  # fmt: skip
    assert other[0]["points"] == ""
    assert len(changes(before, other)) == 2


@pytest.mark.parametrize(
    ("points", "reason", "codes"),
    [
        ("10", "好", []),
        ("0", "无", []),
        ("10.01", "", ["most", "reason"]),
        (None, "好", ["points"]),
    ],
)
def test_points_given_by_a_person(points: str | None, reason: str, codes: list[str]) -> None:
    given = Given(D(points) if points else None, reason)
    assert [one.code for one in given_problems(3, D(10), given)] == codes


def test_no_indicator_counts_dropouts_found_or_cases_opened() -> None:
    """A share of what was owed, or a rate that can be a target: nothing that rewards hiding."""
    assert {Measure.LEDGER, Measure.RETURN} <= set(TARGETS)
    for code, one in CATALOGUE.items():
        assert bool(one.kinds) == (one.source is Source.OBLIGATIONS), code
        assert one.units, code
        assert not rewards_hiding(str(one.unit)), code
        assert ObligationKind.TRANSFER not in one.kinds  # it waits for the other side
    both = {code for kind in (AreaKind.TOWNSHIP, AreaKind.SCHOOL) for code in of_kind(kind)}
    assert both == set(CATALOGUE)


@pytest.mark.parametrize(
    ("words", "hides"),
    [
        ("上报辍学学生数", True), ("发现疑似辍学人数", True), ("辍学儿童报告数量", True),
        ("Dropouts reported", True), ("number of cases", True),
        ("宣传义务教育法", False), ("辍学率控制在红线以内", False), ("劝返复学到位", False),
    ],
)  # fmt: skip
def test_items_of_the_countys_own_are_looked_at_too(words: str, hides: bool) -> None:
    assert rewards_hiding(words) is hides

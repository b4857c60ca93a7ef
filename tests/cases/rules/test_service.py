"""Service of papers: what each way has to say, and the day that counts."""

from dataclasses import replace
from datetime import date

import pytest

from cases.rules.service import Delivery, counts_from, problems
from tests.cases.rules.test_ladder import calendar, codes  # noqa: F401 a fixture

ISSUED, TODAY = date(2026, 9, 11), date(2026, 9, 14)
DIRECT = Delivery("direct", date(2026, 9, 13), "家中", "张某", "本人")


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        (DIRECT, []),
        (replace(DIRECT, on=ISSUED), []),
        (replace(DIRECT, on=TODAY), []),
        (replace(DIRECT, on=date(2026, 9, 15)), ["future"]),
        (replace(DIRECT, on=date(2026, 9, 10)), ["before_paper"]),
        (
            replace(DIRECT, on=date(2026, 9, 10), receiver=" ", place="", relation=""),
            ["before_paper", "missing_receiver", "missing_relation", "missing_place"],
        ),
        (Delivery("left", TODAY, "家中", note="拒收", witnesses="王一、李二"), []),
        (Delivery("left", TODAY, "家中", note="拒收", witnesses="王一"), ["witnesses"]),
        (Delivery("left", TODAY, "家中", note="拒收", witnesses="王一，王一"), ["witnesses"]),
        (Delivery("left", TODAY), ["missing_place", "missing_note", "witnesses"]),
        (Delivery("post", TODAY), ["missing_note"]),
        (Delivery("post", TODAY, note="XA123"), []),
        (Delivery("notice", TODAY), ["missing_place", "missing_note"]),
        (Delivery("failed", TODAY), ["missing_note"]),
        (Delivery("failed", TODAY, note="家中无人"), []),
    ],
)
def test_what_is_missing(delivery, expected):
    assert codes(problems(delivery, ISSUED, TODAY)) == expected


@pytest.mark.parametrize(
    ("method", "on", "counts"),
    [
        ("direct", "2026-09-13", "2026-09-13"),
        ("left", "2026-10-03", "2026-10-03"),
        ("post", "2026-09-13", "2026-09-13"),
        ("notice", "2026-09-13", "2026-10-13"),  # 30 days later, a Tuesday
        ("notice", "2026-09-04", "2026-10-08"),  # 10-04 lies in the holiday
        ("notice", "2026-08-21", "2026-09-20"),  # a make-up Sunday stays
    ],
)
def test_a_notice_counts_after_its_days(calendar, method, on, counts):  # noqa: F811
    delivery = Delivery(method, date.fromisoformat(on))
    assert counts_from(delivery, 30, calendar).isoformat() == counts

"""Stages by age, groups of houses by address."""

from datetime import date

import pytest

from students.rules.identity import compulsory_cohort
from students.rules.screening import Stage, houses_of, of_stage

COHORT = compulsory_cohort(2026, 6, 9)  # born 2011-09-01 to 2020-08-31


@pytest.mark.parametrize(
    ("born_on", "stage"),
    [
        (date(2020, 8, 31), Stage.PRIMARY),
        (date(2014, 9, 1), Stage.PRIMARY),
        (date(2014, 8, 31), Stage.JUNIOR),
        (date(2011, 9, 1), Stage.JUNIOR),
    ],
)
def test_a_stage_by_birth(born_on: date, stage: Stage):
    assert born_on in COHORT
    assert [one for one in Stage if born_on in of_stage(COHORT, one)] == [stage]


@pytest.mark.parametrize(
    ("address", "groups", "expected"),
    [
        ("城南村3组12号", ["3组"], "3组"),
        ("城南村13组12号", ["3组"], ""),
        ("城南村13组12号", ["3组", "13组"], "13组"),
        ("东岸自然村3组", ["3组", "东岸自然村3组"], "东岸自然村3组"),
        ("城南村", ["3组", ""], ""),
        ("", ["3组"], ""),
        ("a.c组", ["a.c组"], "a.c组"),
        ("abc组", ["a.c组"], ""),
    ],
)
def test_a_group_of_houses_is_named_by_the_address(address, groups, expected):
    assert houses_of(address, groups) == expected

"""Rules 9 and 12: ID numbers, student numbers, the entry cohort. All numbers are invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from students.rules.identity import (
    Identity,
    IdProblem,
    check_character,
    compulsory_cohort,
    lies_in_its_year,
    parse_id,
    parse_student_number,
    stays_in_the_work,
)

TODAY = date(2026, 10, 12)
SHE = Identity("330328201503150124", date(2015, 3, 15), male=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("330328201503150124", SHE),
        ("330328201503150125", IdProblem.CHECK),
        ("330328201802290012", IdProblem.DATE),  # right check digit, no such day
        ("33032820150315012", IdProblem.LENGTH),
        ("33032820150315012A", IdProblem.FORM),
        ("330328203003150124", IdProblem.DATE),  # in the future
        (" 3303282015 03150124 ", SHE),
        (
            "３３０３２８２０１５０３１５０１２４",
            Identity("330328201503150124", date(2015, 3, 15), False),
        ),
    ],
)
def test_id_numbers(text, expected):
    assert parse_id(text, TODAY) == expected


def test_a_small_x_is_the_check_character():
    numbers = (f"33032820130504{serial:03d}" for serial in range(1, 999))
    first = next(number for number in numbers if check_character(number) == "X")
    found = parse_id(first + "x", TODAY)
    assert isinstance(found, Identity)
    assert found.number == first + "X"


@given(st.dates(date(2000, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_our_check_agrees_with_a_library(born_on, serial):
    first = f"110105{born_on:%Y%m%d}{serial:03d}"
    number = first + check_character(first)
    assert ric.is_valid(number)
    assert isinstance(parse_id(number, TODAY), Identity)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("G330328201503150124", "G330328201503150124"),
        ("G330328201503150125", IdProblem.CHECK),
        ("L330328201503150001", "L330328201503150001"),  # temporary: no check digit
        ("L330328201513150001", IdProblem.DATE),
        ("330328201503150124", IdProblem.PREFIX),
        ("l330328201503150001", "L330328201503150001"),
    ],
)
def test_student_numbers(text, expected):
    assert parse_student_number(text, TODAY) == expected


def test_the_cohort_of_2026():
    cohort = compulsory_cohort(2026, 6, 9)
    assert (cohort.first, cohort.last) == (date(2011, 9, 1), date(2020, 8, 31))
    assert date(2020, 8, 31) in cohort
    assert date(2020, 9, 1) not in cohort
    assert date(2011, 8, 31) not in cohort


@pytest.mark.parametrize(
    ("born_on", "completed", "stays"),
    [
        ("2015-03-01", False, True),
        ("2010-05-01", False, True),  # past the age without grade 9
        ("2010-05-01", True, False),
        ("2020-09-01", False, False),  # not yet
    ],
)
def test_who_stays_in_the_work(born_on, completed, stays):
    cohort = compulsory_cohort(2026, 6, 9)
    assert stays_in_the_work(date.fromisoformat(born_on), cohort, completed) is stays


@pytest.mark.parametrize(
    ("year", "season", "day", "fits"),
    [
        (2026, "autumn", date(2026, 9, 1), True),
        (2026, "autumn", date(2026, 8, 31), True),
        (2026, "autumn", date(2027, 9, 1), False),
        (2026, "autumn", date(2026, 3, 1), False),
        (2025, "spring", date(2026, 2, 24), True),
        (2026, "spring", date(2026, 3, 2), False),
    ],
)
def test_a_term_lies_in_its_school_year(year, season, day, fits):
    assert lies_in_its_year(year, season, day) is fits

"""Opening day, last day of delivery, numbers and documents, as tables."""

from datetime import date

import pytest

from students.rules.admission import (
    LEGAL,
    deliver_until,
    missing_papers,
    notice_number,
    opening_day,
)


def test_the_opening_day_is_that_of_the_term_if_it_is_set():
    assert opening_day(2027, None) == date(2027, 9, 1)
    assert opening_day(2027, date(2027, 8, 30)) == date(2027, 8, 30)


@pytest.mark.parametrize(
    ("days", "issued", "until"),
    [
        (15, date(2027, 7, 1), date(2027, 8, 17)),
        (0, date(2027, 7, 1), date(2027, 9, 1)),
        (15, date(2027, 8, 25), date(2027, 8, 25)),
    ],
)
def test_delivered_so_many_days_before_but_never_before_it_was_made(days, issued, until):
    assert deliver_until(date(2027, 9, 1), days, issued) == until


def test_a_number_has_its_year_in_brackets_and_no_zeros():
    assert notice_number(2027, 7) == "入学〔2027〕7号"


def test_what_is_missing_keeps_the_order_in_which_it_was_asked_for():
    assert missing_papers(["a", "b", "c"], ["b", "x"]) == ["a", "c"]


def test_the_legal_text_names_the_duty_and_the_liability():
    whole = "".join(LEGAL)
    assert "第五十八条" in whole
    assert "责令限期改正" in whole

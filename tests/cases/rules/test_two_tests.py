"""Rule 10: under 16 is about work, compulsory education about school."""

from datetime import date

import pytest

from cases.rules.two_tests import Person, Referral, may_be_hired_from, referrals
from students.rules.identity import compulsory_cohort

LABOUR, SCHOOLING = Referral.LABOUR, Referral.SCHOOLING
COHORT = compulsory_cohort(2026, 6, 9)  # born 2011-09-01 to 2020-08-31
ON = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("born_on", "completed", "expected"),
    [
        ((2013, 5, 4), False, {LABOUR, SCHOOLING}),
        ((2011, 9, 1), True, {LABOUR}),  # 15, grade 9 done: no school is owed, no work allowed
        ((2010, 10, 13), False, {LABOUR, SCHOOLING}),  # 16 tomorrow
        ((2010, 10, 12), False, {SCHOOLING}),  # 16 today, grade 9 not done
        ((2010, 10, 12), True, set()),
        ((2008, 1, 1), False, {SCHOOLING}),  # past the age, without grade 9 (rule 9)
        ((2020, 9, 1), False, {LABOUR}),  # not of school age yet
    ],
)
def test_two_tests_two_referrals(born_on, completed, expected):
    assert referrals(Person(date(*born_on), completed), ON, COHORT) == expected


def test_the_birthday():
    assert may_be_hired_from(date(2011, 5, 4)) == date(2027, 5, 4)
    assert may_be_hired_from(date(2012, 2, 29)) == date(2028, 2, 29)


def test_the_birthday_agrees_with_the_test_on_every_day_of_birth():
    for born_on in (date(2011, 2, 28), date(2012, 2, 29), date(2011, 12, 31)):
        first = may_be_hired_from(born_on)
        before = date.fromordinal(first.toordinal() - 1)
        assert LABOUR in referrals(Person(born_on), before, COHORT)
        assert LABOUR not in referrals(Person(born_on), first, COHORT)

"""Rule 7: on every day a child is accounted for in exactly one place."""

from datetime import date

import pytest

from cases.rules.disposition import Child, Disposition, disposition
from students.rules.enrollment import PlacementFacts
from students.rules.identity import compulsory_cohort

TODAY = date(2026, 10, 12)
COHORT = compulsory_cohort(2026, 6, 9)
AWAY = PlacementFacts("suspension", date(2026, 9, 1), date(2026, 12, 31), "hospital")
OVER = PlacementFacts("suspension", date(2026, 3, 1), date(2026, 10, 11), "hospital")
BORN = date(2014, 1, 1)


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        (Child(BORN, enrolled=True), Disposition.IN_SCHOOL),
        (Child(BORN, enrolled=False), Disposition.UNACCOUNTED),
        (Child(BORN, enrolled=False, transferred=True), Disposition.ELSEWHERE),
        (Child(date(2021, 1, 1), enrolled=False), Disposition.BELOW_AGE),
        (Child(BORN, enrolled=True, case_state="suspected"), Disposition.OPEN_CASE),
        (Child(BORN, enrolled=True, case_state="returned"), Disposition.IN_SCHOOL),
        (Child(BORN, enrolled=True, case_state="end_requested"), Disposition.OPEN_CASE),
        (Child(BORN, enrolled=True, case_state="closed", abroad=True), Disposition.ABROAD),
        (Child(BORN, enrolled=True, case_state="suspected", abroad=True), Disposition.OPEN_CASE),
        (Child(BORN, enrolled=True, placements=(AWAY,)), Disposition.SUSPENSION),
        (Child(BORN, enrolled=True, placements=(OVER,)), Disposition.UNACCOUNTED),
        (Child(BORN, enrolled=True, completed_on=date(2026, 6, 30)), Disposition.COMPLETED),
        (Child(BORN, enrolled=True, died_on=TODAY), Disposition.DIED),
    ],
)
def test_exactly_one_place(child, expected):
    assert disposition(child, TODAY, COHORT) is expected

"""Rule 11: six seats, six different people, each from the right body."""

import pytest

from agencies.rules.duties import AgencyKind
from cases.rules.team import Candidate, Home, Seat, fits, missing, problems

HOME = Home("330328100", "330328100001", frozenset({7, 8}))
RIGHT = {
    Seat.TOWNSHIP_LEADER: Candidate(1, 11, "township_leader", 1, AgencyKind.TOWNSHIP, "330328100"),
    Seat.TOWNSHIP_CADRE: Candidate(2, 12, "township_cadre", 1, AgencyKind.TOWNSHIP, "330328100"),
    Seat.VILLAGE_CADRE: Candidate(3, 13, "village_cadre", 2, AgencyKind.VILLAGE, "330328100001"),
    Seat.BUREAU_LEADER: Candidate(4, 14, "bureau_leader", 3, AgencyKind.BUREAU, "330328"),
    Seat.SCHOOL_LEADER: Candidate(5, 15, "school_leader", 7, AgencyKind.SCHOOL, "330328100"),
    Seat.TEACHER: Candidate(6, 16, "teacher", 8, AgencyKind.SCHOOL, "330328100"),
}


def test_six_right_people_have_no_problem():
    assert problems(RIGHT, HOME) == []
    assert missing(RIGHT) == []


@pytest.mark.parametrize(
    ("seat", "change"),
    [
        (Seat.TOWNSHIP_LEADER, {"region_path": "330328101"}),  # another township
        (Seat.TOWNSHIP_LEADER, {"position": "township_cadre"}),
        (Seat.VILLAGE_CADRE, {"region_path": "330328100002"}),  # another village
        (Seat.BUREAU_LEADER, {"position": "bureau_staff"}),
        (Seat.SCHOOL_LEADER, {"agency_id": 9}),  # another school
        (Seat.TEACHER, {"agency_id": 9}),
    ],
)
def test_a_person_from_the_wrong_body_is_refused(seat, change):
    wrong = Candidate(**{**vars(RIGHT[seat]), **change})
    assert not fits(seat, wrong, HOME)
    (reason,) = problems({**RIGHT, seat: wrong}, HOME)
    assert (reason.code, reason.pointer) == ("wrong_body", f"/seats/{seat.value}")


def test_one_person_cannot_sit_twice():
    twice = Candidate(**{**vars(RIGHT[Seat.TOWNSHIP_CADRE]), "user_id": 11})
    (reason,) = problems({**RIGHT, Seat.TOWNSHIP_CADRE: twice}, HOME)
    assert reason.code == "same_person"


def test_empty_seats_are_named():
    assert missing({Seat.TEACHER: object()}) == [seat for seat in Seat if seat != Seat.TEACHER]

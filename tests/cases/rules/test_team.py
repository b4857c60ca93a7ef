"""Rule 11: at least six seats, different people, each from the right body, two for each school."""

import pytest

from agencies.rules.duties import AgencyKind
from agencies.rules.obligations import KINDS, ObligationKind
from cases.rules.team import (
    OF_SCHOOL,
    SEAT_OF,
    Candidate,
    Chair,
    Home,
    SchoolAt,
    Seat,
    chair_of,
    chairs,
    fits,
    key_of,
    missing,
    problems,
)

TOWN, VILLAGE = "330328100", "330328100001"
SEVEN, EIGHT = SchoolAt("3133000007", "第七小学"), SchoolAt("3133000008", "第八中学")
HOME = Home(TOWN, VILLAGE, {7: SEVEN})
TWO_SCHOOLS = Home(TOWN, VILLAGE, {7: SEVEN, 8: EIGHT})
NO_SCHOOL = Home(TOWN, VILLAGE, {})


def person(number: int, position: str, agency: int, kind: str, path: str = TOWN) -> Candidate:
    return Candidate(number, 10 + number, position, agency, kind, f"agency {agency}", path)


FOUR = {
    Chair(Seat.TOWNSHIP_LEADER): person(1, "township_leader", 1, AgencyKind.TOWNSHIP),
    Chair(Seat.TOWNSHIP_CADRE): person(2, "township_cadre", 1, AgencyKind.TOWNSHIP),
    Chair(Seat.VILLAGE_CADRE): person(3, "village_cadre", 2, AgencyKind.VILLAGE, VILLAGE),
    Chair(Seat.BUREAU_LEADER): person(4, "bureau_leader", 3, AgencyKind.BUREAU, "330328"),
}
RIGHT = {
    **FOUR,
    Chair(Seat.SCHOOL_LEADER, 7): person(5, "school_leader", 7, AgencyKind.SCHOOL),
    Chair(Seat.TEACHER, 7): person(6, "teacher", 7, AgencyKind.SCHOOL),
}
EIGHT_PEOPLE = {
    **RIGHT,
    Chair(Seat.SCHOOL_LEADER, 8): person(7, "school_leader", 8, AgencyKind.SCHOOL),
    Chair(Seat.TEACHER, 8): person(8, "teacher", 8, AgencyKind.SCHOOL),
}


def test_one_school_has_six_seats_and_each_further_school_two_more():
    assert [chair.seat for chair in chairs(HOME)] == list(Seat)
    assert len(chairs(TWO_SCHOOLS)) == 8
    assert chairs(TWO_SCHOOLS)[-2:] == [Chair(Seat.SCHOOL_LEADER, 8), Chair(Seat.TEACHER, 8)]
    assert chairs(NO_SCHOOL) == [Chair(seat) for seat in Seat]


@pytest.mark.parametrize(("people", "home"), [(RIGHT, HOME), (EIGHT_PEOPLE, TWO_SCHOOLS)])
def test_the_right_people_have_no_problem(people, home):
    assert problems(people, home) == []
    assert missing(people, home) == []


@pytest.mark.parametrize(
    ("chair", "change"),
    [
        (Chair(Seat.TOWNSHIP_LEADER), {"region_path": "330328101"}),  # another township
        (Chair(Seat.TOWNSHIP_LEADER), {"position": "township_cadre"}),
        (Chair(Seat.VILLAGE_CADRE), {"region_path": "330328100002"}),  # another village
        (Chair(Seat.BUREAU_LEADER), {"position": "bureau_staff"}),
        (Chair(Seat.SCHOOL_LEADER, 7), {"agency_id": 9}),  # another school
        (Chair(Seat.TEACHER, 7), {"agency_id": 9}),
    ],
)
def test_a_person_from_the_wrong_body_is_refused(chair, change):
    wrong = Candidate(**{**vars(RIGHT[chair]), **change})
    assert not fits(chair, wrong, HOME)
    (reason,) = problems({**RIGHT, chair: wrong}, HOME)
    assert (reason.code, reason.pointer) == ("wrong_body", f"/seats/{chair.seat.value}")


def test_a_refusal_says_who_is_wanted_and_who_was_chosen():
    other = person(8, "teacher", 8, AgencyKind.SCHOOL)
    (reason,) = problems({**EIGHT_PEOPLE, Chair(Seat.TEACHER, 7): other}, TWO_SCHOOLS)[:1]
    assert str(reason.text) == (
        "This seat is for a teacher of 第七小学. The post that was chosen: teacher, agency 8."
    )


def test_somebody_from_one_siblings_school_cannot_sit_for_the_others():
    swapped = {
        **EIGHT_PEOPLE,
        Chair(Seat.TEACHER, 7): EIGHT_PEOPLE[Chair(Seat.TEACHER, 8)],
        Chair(Seat.TEACHER, 8): EIGHT_PEOPLE[Chair(Seat.TEACHER, 7)],
    }
    found = problems(swapped, TWO_SCHOOLS)
    assert [reason.pointer for reason in found] == ["/seats/teacher", "/seats/teacher@3133000008"]


@pytest.mark.parametrize("chair", [Chair(Seat.TOWNSHIP_CADRE), Chair(Seat.TEACHER, 8)])
def test_one_person_cannot_sit_twice(chair):
    twice = Candidate(**{**vars(EIGHT_PEOPLE[chair]), "user_id": 11})
    (reason,) = problems({**EIGHT_PEOPLE, chair: twice}, TWO_SCHOOLS)
    assert reason.code == "same_person"
    assert "township leader" in str(reason.text)


def test_empty_seats_are_named_school_by_school():
    assert missing(RIGHT, TWO_SCHOOLS) == [Chair(Seat.SCHOOL_LEADER, 8), Chair(Seat.TEACHER, 8)]
    only = {Chair(Seat.TEACHER, 7): object()}
    assert [chair.seat for chair in missing(only, HOME)] == list(Seat)[:-1]


def test_each_chair_has_a_name_and_each_name_a_chair():
    names = [key_of(chair, TWO_SCHOOLS) for chair in chairs(TWO_SCHOOLS)]
    assert names[4:] == [
        "school_leader",
        "teacher",
        "school_leader@3133000008",
        "teacher@3133000008",
    ]
    assert [chair_of(name, TWO_SCHOOLS) for name in names] == chairs(TWO_SCHOOLS)
    assert chair_of("teacher@3133000007", TWO_SCHOOLS) == Chair(Seat.TEACHER, 7)
    for unknown in ("teacher@9", "headmaster", "village_cadre@3133000008", ""):
        assert chair_of(unknown, TWO_SCHOOLS) is None


@pytest.mark.parametrize(("path", "right"), [(TOWN, True), ("330328101", False)])
def test_a_child_at_no_school_is_taken_on_by_one_of_its_township(path, right):
    teacher = person(6, "teacher", 7, AgencyKind.SCHOOL, path)
    assert fits(Chair(Seat.TEACHER), teacher, NO_SCHOOL) is right


def test_each_of_the_six_has_something_to_do():
    assert set(SEAT_OF.values()) == set(Seat)
    of_schools = {kind for kind, seat in SEAT_OF.items() if seat in OF_SCHOOL}
    assert {str(KINDS[kind].owes) for kind in of_schools} == {"school"}
    assert SEAT_OF[ObligationKind.CATCH_UP] is Seat.TEACHER

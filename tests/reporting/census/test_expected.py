"""Who is expected where, and what became of each: hand-made children, one rule each."""

from datetime import date

import pytest

from reporting.queries import census
from reporting.rules.expected import Source, State, Why
from students.models import EnrollmentRecord, Term
from tests.reporting.census.county import OPENS, autumn, old_pupil, placement, transfer
from tests.reporting.county import roll

FRIDAY = date(2026, 9, 4)


def rows(made, school=None, on=FRIDAY):
    frame = census.frame(made.world.term, on)
    found = census.of_school(frame, school or made.world.school)
    return {child.name: child for child in found.children}


@pytest.fixture
def made(world):
    return autumn(world)


def test_promoted_by_zone_and_new_entrants(made):
    first = rows(made)
    assert set(first) == {"张梓涵", "李浩然", "王欣怡", "刘诗琪", "陈宇航", "单雨桐", "升学甲"}
    assert first["升学甲"].source == Source.NEXT_SCHOOL
    assert (first["升学甲"].grade, first["升学甲"].number) == (7, None)
    assert (first["张梓涵"].grade, first["张梓涵"].number) == (7, 3)
    second = rows(made, made.world.second_school)
    assert {name: (c.source, c.grade) for name, c in second.items()} == {
        "三年级": (Source.ROSTER, 3),
        "新生甲": (Source.ENTRANT, 1),
        "大龄": (Source.OLDER, None),
    }
    assert set(rows(made, made.world.other_school)) == {"升学乙"}


def test_the_county_counts_them_all_once(made):
    counts = census.of_county(made.world.term, FRIDAY)
    of = {pk: count.expected for pk, count in counts.schools.items()}
    world = made.world
    assert of == {world.school.pk: 7, world.second_school.pk: 3, world.other_school.pk: 1}
    assert counts.schools[world.school.pk].finished == 1
    assert counts.without_zone.expected == 2
    frame = census.frame(world.term, FRIDAY)
    assert {c.name for c in census.without_zone(frame, 10)} == {"升学丙", "新生乙"}


def test_states(made):
    world = made.world
    _zhang, li, wang, liu, chen, shan = world.pupils
    roll(
        world.school_class,
        OPENS,
        {li: "late", wang: "unexcused", liu: "sick_leave", chen: "unknown"},
    )
    roll(
        world.school_class,
        date(2026, 9, 2),
        {wang: "unexcused", liu: "personal_leave", chen: "unexcused"},
    )
    placement(shan, world.posts["school_leader"])
    found = {name: (c.why, c.state) for name, c in rows(made).items()}
    assert found == {
        "张梓涵": (Why.SEEN, State.ARRIVED),
        "李浩然": (Why.SEEN, State.ARRIVED),
        "王欣怡": (Why.ABSENT, State.MISSING),
        "刘诗琪": (Why.LEAVE, State.EXPLAINED),
        "陈宇航": (Why.ABSENT, State.MISSING),
        "单雨桐": (Why.PLACEMENT, State.EXPLAINED),
        "升学甲": (Why.NOT_ENROLLED, State.MISSING),
    }


def test_before_any_roll(made):
    found = rows(made)
    assert {c.why for c in found.values()} == {Why.NO_ROLL, Why.NOT_ENROLLED}
    assert {c.state for c in found.values()} == {State.MISSING}


def test_leavers(made):
    world = made.world
    zhang, li, wang, liu, chen, _shan = world.pupils
    EnrollmentRecord.objects.filter(student__in=world.pupils[:5], starts_on=OPENS).delete()
    transfer(zhang, world.school, date(2026, 6, 20))
    transfer(li, world.school, date(2026, 6, 20), date(2026, 8, 1))
    transfer(wang, world.school, date(2026, 6, 20), date(2026, 9, 3))
    liu.died_on = date(2026, 7, 1)
    liu.save()
    EnrollmentRecord.objects.create(
        county=chen.county, student=chen, school=world.other_school,
        school_class=world.other_class, starts_on=OPENS,
    )  # fmt: skip
    found = {name: (c.why, c.state) for name, c in rows(made).items()}
    assert found == {
        "张梓涵": (Why.TRANSFER_OPEN, State.MISSING),
        "王欣怡": (Why.TRANSFERRED, State.EXPLAINED),
        "陈宇航": (Why.ELSEWHERE, State.EXPLAINED),
        "单雨桐": (Why.NO_ROLL, State.MISSING),
        "升学甲": (Why.NOT_ENROLLED, State.MISSING),
    }
    assert rows(made)["陈宇航"].now_school == world.other_school.name


def test_sent_away_in_spring_and_never_confirmed(made):
    child = old_pupil("春季转出", made.old_class, made.world.village)
    EnrollmentRecord.objects.filter(student=child).update(ends_on=date(2026, 4, 1))
    assert "春季转出" not in rows(made)
    transfer(child, made.world.school, date(2026, 4, 1))
    found = rows(made)["春季转出"]
    assert (found.source, found.grade, found.why) == (Source.TRANSFER, 7, Why.TRANSFER_OPEN)


def test_new_here(made):
    frame = census.frame(made.world.term, FRIDAY)
    there = {child.pk for child in census.of_school(frame, made.world.school).children}
    found = census.new_here(frame, made.world.school, there)
    assert [child.name for child in found] == ["转入生"]


def test_the_first_term_expects_its_own_rosters(world):
    frame = census.frame(world.term, FRIDAY)
    assert frame.is_first
    found = census.of_school(frame, world.school)
    assert len(found.children) == 6
    assert census.new_here(frame, world.school, {c.pk for c in found.children}) == []


def test_spring_expects_the_rosters_of_autumn(made):
    spring = Term.objects.create(
        county=made.world.county, school_year=2026, season="spring",
        starts_on=date(2027, 2, 22), ends_on=date(2027, 6, 30),
    )  # fmt: skip
    frame = census.frame(spring, date(2027, 2, 23))
    found = census.of_school(frame, made.world.school)
    assert {(c.name, c.grade) for c in found.children} == {
        *((child.name, 7) for child in made.world.pupils), ("转入生", 7), ("升学甲", 7),
    }  # fmt: skip
    assert "新生甲" not in {
        c.name for c in census.of_school(frame, made.world.second_school).children
    }

"""The board's numbers against counts made by hand."""

from datetime import date, datetime

import pytest

from agencies.errors import NotVisible
from agencies.models import CalendarDay
from agencies.rules.deadlines import CHINA
from cases.models import Case
from cases.rules.workflow import State
from reporting.queries import areas
from reporting.queries.board import Board, board_for
from reporting.queries.facts import cases
from reporting.queries.lens import look
from students.models import ClosedDay, EnrollmentRecord, Placement, Roll
from tests.reporting.county import FRIDAY, NOW, TODAY, Morning, event, morning
from tests.support.world import World, pupil


@pytest.fixture
def day(world: World) -> Morning:
    return morning(world)


def board(world: World, role: str, on: date = TODAY, now: datetime = NOW) -> Board:
    scope = world.scope(role)
    return board_for(scope, areas.own(scope, on), on, now)


def numbers(found: Board, *keys: str) -> dict[str, int | None]:
    return {key: found.by_key[key].number for key in keys}


def row(found: Board, name: str) -> dict[str, int]:
    return next(unit.counts for unit in found.rows if unit.name == name)


def test_county_counts(day: Morning) -> None:
    found = board(day.world, "bureau_staff")
    assert {key: figure.number for key, figure in found.by_key.items()} == {
        "enrolled": 11,
        "classes": 3,
        "rolls_taken": 1,
        "rolls_not_held": 1,
        "rolls_missing": 1,
        "absent": 3,
        "sick_leave": 1,
        "personal_leave": 1,
        "unexcused": 1,
        "unknown": 3,
        "runs_1": 0,
        "runs_2": 0,
        "runs_3": 0,
        "runs_4plus": 1,
        "cases_suspected": 1,
        "cases_verifying": 0,
        "cases_confirmed": 1,
        "cases_persuading": 0,
        "cases_returned": 1,
        "cases_closure_requested": 0,
        "cases_end_requested": 0,
        "cases_open": 3,
        "overdue": 1,
        "returned_staying": 1,
    }


def test_denominators_say_of_how_many(day: Morning) -> None:
    found = board(day.world, "bureau_staff").by_key
    assert (found["rolls_taken"].denominator, found["rolls_taken"].unknown) == (3, 1)
    assert (found["absent"].denominator, found["absent"].unknown) == (6, 3)
    assert found["unknown"].denominator == 11
    assert found["overdue"].denominator == 3
    assert found["returned_staying"].denominator == 1


def test_a_child_counts_where_its_school_is_and_without_one_where_it_lives(day: Morning) -> None:
    found = board(day.world, "bureau_staff")
    assert len(found.rows) == 17
    here, there = row(found, "大峃镇"), row(found, "百丈漈镇")
    assert (here["enrolled"], here["cases_open"], here["unknown"]) == (8, 2, 3)
    assert (there["enrolled"], there["cases_open"], there["unknown"]) == (3, 1, 0)
    township = board(day.world, "township_cadre")
    assert [(unit.name, unit.counts["cases_open"]) for unit in township.rows] == [
        ("大峃镇第二小学", 0),  # its roll is missing: first
        ("大峃镇实验学校", 1),
        ("Not in any school", 1),
    ]


def test_each_role_has_its_own_area(day: Morning) -> None:
    world = day.world
    seen = {
        role: (found.area.kind, found.by_key["enrolled"].number)
        for role in (
            "teacher",
            "school_leader",
            "township_cadre",
            "other_cadre",
            "village_cadre",
            "bureau_leader",
        )
        for found in [board(world, role)]
    }
    assert seen == {
        "teacher": ("class", 6),
        "school_leader": ("school", 6),
        "township_cadre": ("township", 8),
        "other_cadre": ("township", 3),
        "village_cadre": ("village", 9),  # lives there, wherever the school is
        "bureau_leader": ("county", 11),
    }


def test_a_village_has_children_and_no_classes(day: Morning) -> None:
    found = board(day.world, "village_cadre")
    assert "rolls_taken" not in found.by_key
    assert numbers(found, "absent", "unknown", "cases_open") == {
        "absent": 3,
        "unknown": 3,
        "cases_open": 2,
    }


FOREIGN = [
    ("teacher", "school", "3133000001"),
    ("teacher", "county", "330328000000"),
    ("school_leader", "school", "2133000002"),
    ("school_leader", "township", "330328100000"),
    ("township_cadre", "township", "330328101000"),
    ("township_cadre", "school", "3133000003"),
    ("township_cadre", "county", "330328000000"),
    ("village_cadre", "township", "330328100000"),
    ("bureau_staff", "county", "140521000000"),
    ("bureau_staff", "class", "no-id"),
    ("system_admin", "county", "330328000000"),
    ("agency_staff", "township", "330328100000"),
]


def test_a_foreign_area_is_not_there(world: World) -> None:
    for role, kind, key in FOREIGN:
        with pytest.raises(NotVisible):
            areas.find(world.scope(role), kind, key, TODAY)


def test_a_foreign_class_is_not_there(world: World) -> None:
    key = str(world.other_class.public_id)
    for role in ("teacher", "school_leader", "township_cadre", "village_cadre"):
        with pytest.raises(NotVisible):
            areas.find(world.scope(role), "class", key, TODAY)
    assert areas.find(world.scope("bureau_staff"), "class", key, TODAY).name == "Grade 8 (1)"


def test_an_area_that_was_not_looked_up_shows_nothing_foreign(day: Morning) -> None:
    world = day.world
    county = areas.own(world.scope("bureau_staff"), TODAY)
    for role in ("teacher", "township_cadre", "village_cadre", "school_leader"):
        found = board_for(world.scope(role), county, TODAY, NOW).totals
        own = board(world, role).totals
        assert found["enrolled"] <= own["enrolled"] + 1  # a child may live here, learn there
        assert found["enrolled"] < 11
    stranger = board_for(world.scope("system_admin"), county, TODAY, NOW).totals
    assert not any(stranger.values())


@pytest.mark.parametrize(
    "role", ["school_leader", "township_cadre", "other_cadre", "village_cadre"]
)
def test_every_case_counted_is_one_that_the_person_may_open(day: Morning, role: str) -> None:
    scope = day.world.scope(role)
    lens = look(scope, areas.own(scope, TODAY), TODAY, NOW)
    counted = set(cases(lens).values_list("pk", flat=True))
    assert counted
    assert counted <= set(Case.objects.visible_to(scope).values_list("pk", flat=True))


def test_a_past_day_is_seen_as_it_stood_at_its_end(day: Morning) -> None:
    world = day.world
    event(day.cases[1], State.CLOSED, TODAY)
    left = pupil(world.second_class, "钱三", world.village)
    EnrollmentRecord.objects.filter(student=left).update(ends_on=FRIDAY)
    found = board(world, "bureau_staff", FRIDAY)
    assert numbers(found, "enrolled", "rolls_taken", "rolls_missing", "unexcused", "unknown") == {
        "enrolled": 12,
        "rolls_taken": 1,
        "rolls_missing": 2,
        "unexcused": 1,
        "unknown": 6,
    }
    assert numbers(found, "runs_3", "runs_4plus") == {"runs_3": 1, "runs_4plus": 0}
    assert numbers(found, "cases_returned", "overdue") == {"cases_returned": 1, "overdue": 0}
    assert found.as_of == datetime(2026, 10, 10, tzinfo=CHINA)
    before = board(world, "bureau_staff", date(2026, 10, 8))
    assert numbers(before, "cases_open", "returned_staying", "runs_2") == {
        "cases_open": 0,
        "returned_staying": 0,
        "runs_2": 1,
    }


def test_overdue_on_a_past_day_counts_what_was_met_only_later(day: Morning) -> None:
    owed = day.cases[0].obligations.get().obligation
    owed.met_at, owed.late = NOW, True
    owed.save()
    assert board(day.world, "bureau_staff").by_key["overdue"].number == 0
    saturday = date(2026, 10, 10)
    assert board(day.world, "bureau_staff", saturday).by_key["overdue"].number == 1


def test_not_a_school_day_says_so(day: Morning) -> None:
    found = board(day.world, "bureau_staff", date(2026, 10, 11))
    assert not found.is_school_day
    assert numbers(found, "rolls_missing", "absent", "unknown", "enrolled") == {
        "rolls_missing": None,
        "absent": None,
        "unknown": None,
        "enrolled": 11,
    }
    assert found.totals["unknown"] == 0


def test_the_make_up_saturday_is_a_school_day(day: Morning) -> None:
    saturday = date(2026, 10, 10)
    assert CalendarDay.objects.filter(day=saturday, kind="make_up").exists()
    assert board(day.world, "bureau_staff", saturday).by_key["rolls_missing"].number == 3


def test_a_closed_school_owes_no_roll(day: Morning) -> None:
    world = day.world
    ClosedDay.objects.create(
        county=world.county, school=world.second_school, day=TODAY, reason="typhoon"
    )
    found = board(world, "bureau_staff")
    assert numbers(found, "rolls_missing", "unknown") == {"rolls_missing": 0, "unknown": 1}
    assert found.by_key["rolls_taken"].denominator == 2
    assert not board(world, "second_leader").is_school_day
    ClosedDay.objects.create(county=world.county, school=None, day=TODAY, reason="typhoon")
    assert not board(world, "bureau_staff").is_school_day


def test_a_pupil_lawfully_away_is_not_unknown(day: Morning) -> None:
    Placement.objects.create(
        county=day.world.county,
        student=day.other_pupils[0],
        kind="hospital",
        starts_on=FRIDAY,
        ends_on=date(2026, 12, 1),
        proof="letter",
        approved_by=day.world.posts["second_leader"],
    )
    assert board(day.world, "bureau_staff").by_key["unknown"].number == 2


def test_a_term_that_is_over_has_no_runs(day: Morning) -> None:
    assert board(day.world, "bureau_staff", date(2026, 8, 20)).by_key["runs_1"].number == 0
    assert board(day.world, "bureau_staff", date(2026, 8, 20)).by_key["enrolled"].number == 0


def test_one_who_dropped_out_again_is_not_staying(day: Morning) -> None:
    back = day.cases[1]
    back.state = State.SUSPECTED
    back.save()
    found = board(day.world, "bureau_staff").by_key["returned_staying"]
    assert (found.number, found.denominator) == (0, 1)


def test_no_roll_at_all_is_all_unknown(day: Morning) -> None:
    Roll.objects.all().delete()
    found = board(day.world, "bureau_staff")
    assert numbers(found, "unknown", "absent", "rolls_missing") == {
        "unknown": 11,
        "absent": 0,
        "rolls_missing": 3,
    }

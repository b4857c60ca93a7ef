"""Every number of the board is the number of rows in the list behind it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from agencies.errors import NotVisible
from agencies.rules.scope import Scope
from reporting.queries import areas, behind
from reporting.queries.board import Board, board_for
from reporting.rules.areas import Area
from reporting.rules.indicators import CATALOGUE
from tests.reporting.county import FRIDAY, NOW, TODAY, Morning, morning
from tests.support.world import World, pupil

SUNDAY = date(2026, 10, 11)


@pytest.fixture
def day(world: World) -> Morning:
    return morning(world)


def boards(scope: Scope, area: Area, on: date, tag: str = "") -> Iterator[Board]:
    """The board of the area and of every unit below it."""
    found = board_for(scope, area, on, NOW, tag)
    yield found
    for unit in found.rows:
        if not unit.rest and any(unit.counts.values()):
            yield from boards(scope, areas.find(scope, unit.kind, unit.key, on), on, tag)


def length(scope: Scope, key: str, area: Area, on: date, tag: str = "") -> int:
    found = behind.rows(scope, behind.Wanted(key, area, on, tag=tag), NOW)
    assert len(found.rows) == min(found.total, behind.PER_PAGE)
    return found.total


def walk(scope: Scope, on: date, tag: str = "") -> int:
    """Every number of every board in sight against its list. Returns how many were compared."""
    walked = 0
    for found in boards(scope, areas.own(scope, on), on, tag):
        for figure in found.figures:
            if figure.number is not None:
                assert length(scope, figure.key, found.area, on, tag) == figure.number, figure.key
                walked += 1
        for unit in found.rows:
            if not any(unit.counts.values()):
                continue
            area = (
                replace(found.area, rest=True)
                if unit.rest
                else areas.find(scope, unit.kind, unit.key, on)
            )
            for key in CATALOGUE:
                assert length(scope, key, area, on, tag) == unit.counts[key], (unit.name, key)
                walked += 1
    return walked


@pytest.mark.parametrize("on", [TODAY, FRIDAY, SUNDAY], ids=str)
@pytest.mark.parametrize(
    "role",
    ["teacher", "school_leader", "township_cadre", "other_cadre", "village_cadre", "bureau_staff"],
)
def test_every_number_is_the_length_of_its_list(day: Morning, role: str, on: date) -> None:
    assert walk(day.world.scope(role), on) >= 14


def test_the_rest_of_a_township_and_of_a_school(day: Morning) -> None:
    world = day.world
    left = day.cases[0]
    left.school_class = None
    left.save()
    scope = world.scope("bureau_staff")
    school = areas.find(scope, "school", world.school.code, TODAY)
    assert [unit.rest for unit in board_for(scope, school, TODAY, NOW).rows] == [False, True]
    assert length(scope, "cases_suspected", replace(school, rest=True), TODAY) == 1
    township = areas.find(scope, "township", world.township.code, TODAY)
    assert length(scope, "cases_confirmed", replace(township, rest=True), TODAY) == 1
    assert length(scope, "enrolled", replace(township, rest=True), TODAY) == 0


def test_what_a_school_at_the_county_seat_counts_is_under_no_township(day: Morning) -> None:
    world = day.world
    world.second_school.region = world.county
    world.second_school.save()
    scope = world.scope("bureau_staff")
    county = areas.own(scope, TODAY)
    rest = board_for(scope, county, TODAY, NOW).rows[-1]
    assert (rest.name, rest.counts["enrolled"]) == ("Not under a township", 2)
    assert length(scope, "enrolled", replace(county, rest=True), TODAY) == 2


def test_rows_say_what_the_list_is_about(day: Morning) -> None:
    scope = day.world.scope("teacher")
    area = areas.own(scope, TODAY)

    def only(key: str) -> behind.Row:
        (row,) = behind.rows(scope, behind.Wanted(key, area, TODAY), NOW).rows
        return row

    assert only("sick_leave").extra == "sick leave"
    assert (only("runs_4plus").extra, only("runs_4plus").since) == ("4 days", date(2026, 9, 30))
    assert only("rolls_taken").extra == "taken"
    assert only("cases_suspected").extra == "suspected dropout"
    assert only("cases_suspected").id == str(day.cases[0].public_id)


def test_a_run_with_days_without_roll_says_at_least(day: Morning) -> None:
    day.world.pupils[0].runs.update(unknown_days=1)
    scope = day.world.scope("teacher")
    wanted = behind.Wanted("runs_4plus", areas.own(scope, TODAY), TODAY)
    assert behind.rows(scope, wanted, NOW).rows[0].extra == "at least 4 days"


def test_pages_of_fifty(day: Morning) -> None:
    world = day.world
    for number in range(60):
        pupil(world.second_class, f"钱{number:02d}", world.village)
    scope = world.scope("second_leader")
    area = areas.own(scope, TODAY)
    first = behind.rows(scope, behind.Wanted("unknown", area, TODAY), NOW)
    second = behind.rows(scope, behind.Wanted("unknown", area, TODAY, page=2), NOW)
    assert (first.total, len(first.rows), len(second.rows)) == (62, 50, 12)
    assert (first.previous, first.next, second.previous, second.next) == (None, 2, 1, None)
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}


def test_a_village_has_no_list_of_classes(day: Morning) -> None:
    scope = day.world.scope("village_cadre")
    wanted = behind.Wanted("rolls_missing", areas.own(scope, TODAY), TODAY)
    with pytest.raises(NotVisible):
        behind.rows(scope, wanted, NOW)

"""The main pages run a fixed number of queries, whatever the number of pupils, cases or entries."""

import json
import uuid
from datetime import date, timedelta

import pytest

from cases.models import Case
from cases.rules.workflow import Action
from cases.services import actions, opening, visits
from cases.services.actions import Order
from cases.services.visits import Report
from tests.support.budgets import FILE, counted, query_budget
from tests.support.clients import browser
from tests.support.rolls import U, at, take
from tests.support.world import World, pupil, school_class

GOALS = {
    "roll:open": 8,
    "roll:save": 6,
    "worklist": 6,
    "worklist:leader": 8,
    "case": 15,
    "case:returned": 15,
    "board": 10,
    "duties": 8,
}
DAYS = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)]


def grow(world: World, pupils: int) -> None:
    for number in range(pupils):
        world.pupils.append(pupil(world.school_class, f"新生{number}", world.village))


def open_cases(world: World, number: int) -> None:
    for day in DAYS:
        take(world, day, dict.fromkeys(range(number), U))
    opening.open_from_runs(at(DAYS[-1], 12))


def roll_form(world: World, version: int, absent: int) -> dict[str, str]:
    marks = {f"mark-{child.public_id}": U for child in world.pupils[:absent]}
    return {"version": str(version), "state": "taken", **marks}


@pytest.mark.parametrize("more", [0, 40])
def test_roll(world, more):
    grow(world, more)
    client = browser(world, "teacher")
    url = f"/classes/{world.school_class.public_id}/roll/2026-10-12/"
    with query_budget("roll:open"):
        client.get(url)
    with query_budget("roll:save"):
        answer = client.post(url, roll_form(world, 0, 3))
    assert answer.status_code == 302


@pytest.mark.parametrize("number", [1, 5])
def test_worklist_and_case(world, clock, number):
    grow(world, 4)
    open_cases(world, number)
    client = browser(world, "township_cadre")
    with query_budget("worklist"):
        page = client.get("/cases/")
    assert page.content.count(b"kc-row-name") == number
    case = Case.objects.order_by("pk")[0]
    for entry in range(number):
        sent = Report(uuid.uuid4(), at(DAYS[-1], 9 + entry), "home", "guardian", "promised")
        visits.record(world.scope("village_cadre"), case.public_id, sent, at(DAYS[-1], 18))
    with query_budget("case"):
        client.get(f"/cases/{case.public_id}/")


@pytest.mark.parametrize("number", [1, 5])
def test_worklist_of_a_school_leader(world, clock, number):
    """Two more than a cadre's: the classes without a roll come first."""
    for nth in range(number):
        pupil(school_class(world.school, 8, nth + 1), f"新生{nth}", world.village)
    open_cases(world, 1)
    client = browser(world, "school_leader")
    with query_budget("worklist:leader"):
        page = client.get("/cases/")
    assert page.content.count(b"/roll/2026-10-12/") == number + 1


@pytest.mark.parametrize("days", [1, 5])
def test_case_of_a_child_that_is_back(world, clock, days):
    open_cases(world, 1)
    back = date(2026, 10, 12)
    clock("2026-10-16T18:00")
    for number in range(days):
        take(world, back + timedelta(days=number), {}, now=at(date(2026, 10, 16), 18))
    case = Case.objects.get()
    actions.act(
        world.scope("township_cadre"),
        case.public_id,
        Action.RECORD_RETURN,
        Order(back),
        at(back, 18),
    )
    client = browser(world, "township_cadre")
    with query_budget("case:returned"):
        client.get(f"/cases/{case.public_id}/")


@pytest.mark.parametrize("more", [0, 20])
def test_board(world, clock, more):
    grow(world, more)
    take(world, date(2026, 10, 9), {0: U})
    client = browser(world, "bureau_leader")
    with query_budget("board"):
        client.get("/board/")


def test_the_file_keeps_the_goals():
    budgets = json.loads(FILE.read_text(encoding="utf-8"))
    assert {name: n for name, n in budgets.items() if n > GOALS[name]} == {}


def test_a_correction_costs_no_more_for_more_pupils(world):
    """Every pupil's run moves: still the same number of statements."""
    counts = []
    for absent in (1, 5):
        for day in DAYS:
            take(world, day, dict.fromkeys(range(absent), U))
        with counted() as statements:
            take(world, DAYS[-1] + timedelta(days=3), dict.fromkeys(range(absent), U))
        counts.append(len(statements))
        take(world, DAYS[-1] + timedelta(days=3), {})
    assert counts[0] == counts[1]

"""Ends other than the return in the figures: still out while asked for, no return by a death."""

from datetime import date, datetime

import pytest

from agencies.rules.deadlines import CHINA
from cases.models import Case, CaseEvent, Episode
from cases.rules.workflow import Action, State
from reporting.queries.periodic import figures
from reporting.rules.periods import Period
from tests.reporting.county import FRIDAY, TODAY, case
from tests.reporting.test_board import board, numbers
from tests.support.world import World

BACK = date(2026, 10, 8)


@pytest.fixture
def back(world: World) -> Case:
    """A child that came back on Thursday and is followed up."""
    return case(world.pupils[0], State.RETURNED, BACK, returned_on=BACK)


def ended(case: Case, ending: str, on: date = TODAY) -> None:
    """Closed by the approval of another end."""
    Episode.objects.filter(pk=case.current_id).update(ending=ending, ended_on=on)
    Case.objects.filter(pk=case.pk).update(state=State.CLOSED)
    CaseEvent.objects.create(
        case=case,
        episode=1,
        action=Action.APPROVE_END,
        before=State.END_REQUESTED,
        after=State.CLOSED,
        on=on,
        at=datetime(on.year, on.month, on.day, 11, 0, tzinfo=CHINA),
        detail={"ending": ending},
    )


def staying(world: World, on: date = TODAY) -> tuple[int | None, int | None]:
    found = board(world, "bureau_staff", on).by_key["returned_staying"]
    return found.number, found.denominator


def test_an_end_that_is_asked_for_leaves_the_case_open_and_out_of_school(world: World) -> None:
    asked = case(world.pupils[0], State.END_REQUESTED, FRIDAY)
    found = board(world, "bureau_staff")
    assert numbers(found, "cases_end_requested", "cases_open", "cases_returned") == {
        "cases_end_requested": 1,
        "cases_open": 1,
        "cases_returned": 0,
    }
    assert staying(world) == (0, 0)
    assert asked.state == State.END_REQUESTED


@pytest.mark.parametrize(
    ("ending", "counts"),
    [
        ("died", 0),
        ("mistake", 0),
        ("completed", 1),
        ("elsewhere", 1),
        ("placement", 1),
        ("abroad", 1),
    ],
)
def test_who_died_or_was_there_by_mistake_is_no_return(world: World, back, ending, counts) -> None:
    assert staying(world) == (1, 1)
    ended(back, ending)
    assert staying(world) == (counts, counts)
    assert staying(world, FRIDAY) == (1, 1)  # as it stood on that day


def test_a_return_whose_end_is_still_to_be_decided_stands(world: World, back: Case) -> None:
    Case.objects.update(state=State.END_REQUESTED)
    assert staying(world) == (1, 1)


@pytest.mark.parametrize(
    ("ending", "returned", "closed"),
    [("", 1, 1), ("abroad", 1, 1), ("died", 0, 1), ("mistake", 0, 0)],
)
def test_the_monthly_report_counts_no_return_and_no_closure_by_mistake(
    world: World, back: Case, ending: str, returned: int, closed: int
) -> None:
    ended(back, ending)
    span = Period(date(2026, 10, 1), date(2026, 10, 31))
    found = figures(world.county.pk, span, [world.school])[world.school.pk]
    assert (found["returned"], found["cases_closed"]) == (returned, closed)
    assert found["cases_open"] == 0

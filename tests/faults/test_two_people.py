"""F13 and F14: two people at one case. Whoever comes second is told, and keeps what was typed."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agencies.errors import Conflict, NotPossible
from cases.models import Case, CaseEvent
from cases.rules.workflow import Action, State
from cases.services import actions, opening
from cases.services.actions import Order
from tests.flows.test_concurrency import at_once
from tests.support.clients import browser
from tests.support.rolls import U, at, take
from tests.support.world import World, build_or_load

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
DAYS = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)]
BACK, LAST = date(2026, 10, 12), date(2026, 11, 6)


@pytest.fixture
def county(transactional_db) -> World:
    return build_or_load()


@pytest.fixture
def case(county: World) -> Case:
    for day in DAYS:
        take(county, day, {0: U})
    opening.open_from_runs(at(DAYS[-1], 12))
    return Case.objects.get()


def form(client: Client, url: str, note: str) -> dict[str, object]:
    """The form as the page gives it to this person, with what they typed."""
    initial = client.get(url).context["form"].initial
    return {"version": initial["version"], "on": "2026-10-12", "note": note}


def test_two_cadres_change_one_case(county: World, case: Case, saw) -> None:
    url = reverse("case_action", args=(case.public_id, Action.VERIFY.value))
    first, second = browser(county, "township_cadre"), browser(county, "township_leader")
    theirs, ours = form(first, url, "first words"), form(second, url, "second words")
    assert theirs["version"] == ours["version"]
    stored, refused = first.post(url, theirs), second.post(url, ours)
    assert (stored.status_code, refused.status_code) == (302, 422)
    page = refused.content.decode()
    assert "second words" in page, "what was typed is kept"
    assert [reason.code for reason in refused.context["reasons"]] == ["version"]
    assert list(CaseEvent.objects.filter(action="verify").values_list("note", flat=True)) == [
        "first words"
    ]
    saw(
        "F13",
        "the first is stored; the second gets 422 with the reason and its own words in the form",
    )


def asked_for_closure(county: World, case: Case, clock) -> None:
    clock(f"{LAST}T18:00")
    cadre, day = county.scope("township_cadre"), BACK
    take(county, BACK, {})
    actions.act(cadre, case.public_id, Action.RECORD_RETURN, Order(BACK), at(BACK, 12))
    while day < LAST:
        day += timedelta(days=1)
        if day.weekday() < 5:
            take(county, day, {})
    actions.act(cadre, case.public_id, Action.REQUEST_CLOSURE, Order(LAST), at(LAST, 16))


def test_two_leaders_decide_at_once(county: World, case: Case, clock, saw) -> None:
    asked_for_closure(county, case, clock)
    case.refresh_from_db()
    assert case.state == State.CLOSURE_REQUESTED
    leader, seen = county.scope("bureau_leader"), Order(LAST, "decided", case.version)

    def decide(action: Action) -> Case:
        return actions.act(leader, case.public_id, action, seen, at(LAST, 17))

    decisions = [Action.APPROVE_CLOSURE, Action.REFUSE_CLOSURE] * 2
    results = at_once(*[lambda action=action: decide(action) for action in decisions])
    won = [result for result in results if isinstance(result, Case)]
    told = [result for result in results if isinstance(result, Conflict | NotPossible)]
    assert (len(won), len(told)) == (1, 3), results
    case.refresh_from_db()
    assert case.state in (State.CLOSED, State.RETURNED)
    made = CaseEvent.objects.filter(action__in=("approve_closure", "refuse_closure"))
    assert [event.after for event in made] == [case.state]
    saw("F14", f"4 decisions at the same moment: 1 stored ({made.get().action}), 3 told; one event")

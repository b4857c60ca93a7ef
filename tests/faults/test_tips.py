"""F34: a flood of tips, one proof sent by many at once, and two of the bureau at one tip."""

import time
from collections import Counter

import pytest
from django.test import Client

from agencies import clock
from agencies.errors import Conflict
from agencies.models import Notice, Obligation
from cases.models import SpentProof, Tip, TipStep
from cases.rules.tips import TipAction
from cases.services import proof, tip_triage
from cases.services.tip_triage import Order
from tests.flows.test_concurrency import at_once
from tests.support.budgets import counted
from tests.support.clients import browser
from tests.support.tips import form, send
from tests.support.world import World, build_or_load

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
POSTS, ADDRESSES, LIMIT, OF_ONE = 2000, 700, 200, 3


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever floods has fast machines: the limits hold without the calculation."""
    monkeypatch.setattr("cases.rules.proof.MOST", 2)


@pytest.fixture
def county(transactional_db) -> World:
    return build_or_load()


def slowest(client: Client) -> float:
    """Seconds, of twenty pages all but the slowest."""
    times = []
    for _n in range(20):
        began = time.perf_counter()
        assert client.get("/tips/queue/").status_code == 200
        times.append(time.perf_counter() - began)
    return sorted(times)[-2]


@pytest.mark.slow
def test_a_flood_ends_at_the_limits(county: World, saw) -> None:
    staff = browser(county, "bureau_staff")
    for n in range(60):  # a full page, so that both lists are alike
        send(county, f"198.51.100.{n}")
    with counted() as before:
        staff.get("/tips/queue/")
    calm = slowest(staff)
    client = Client()
    answers = Counter()
    for n in range(POSTS):
        data = form(county, proof.issue(clock.now()))
        one = n % ADDRESSES
        address = f"203.0.{one // 250}.{one % 250}"
        answers[client.post("/tips/", data, REMOTE_ADDR=address).status_code] += 1
    assert answers == {200: LIMIT - 60, 429: POSTS - LIMIT + 60}
    assert Tip.objects.count() == LIMIT
    assert max(Counter(Tip.objects.values_list("source", flat=True)).values()) <= OF_ONE
    assert SpentProof.objects.count() == LIMIT
    assert Notice.objects.filter(kind="tip").count() == 1
    with counted() as after:
        page = staff.get("/tips/queue/").content.decode()
    assert len(after) == len(before)
    flooded = slowest(staff)
    saw.within(2 * calm + 0.1, flooded, "the list after the flood")
    ids = list(Tip.objects.order_by("-pk").values_list("public_id", flat=True)[:50])
    assert page.count('name="tip"') == 50
    done = staff.post("/tips/queue/set-aside/", {"tip": ids, "words": "flood"})
    assert done.status_code == 302
    assert Tip.objects.filter(state="spam").count() == 50
    assert Obligation.objects.open().filter(kind="tip").count() == LIMIT - 50
    saw(
        "F34",
        f"{POSTS} posts: {LIMIT} rows, {answers[429]} told where to call; the list {calm:.2f} s "
        f"before and {flooded:.2f} s after; 50 set aside at once",
    )


def test_one_proof_sent_by_twenty_at_once(county: World, saw) -> None:
    data = form(county, proof.issue(clock.now()))
    results = at_once(
        *[
            lambda n=n: Client().post("/tips/", data, REMOTE_ADDR=f"203.0.113.{n}").status_code
            for n in range(20)
        ]
    )
    assert sorted(results) == [200] + [422] * 19
    assert (Tip.objects.count(), SpentProof.objects.count()) == (1, 1)
    saw("F34", "20 threads with one proof: 1 tip, 19 refused")


def test_twenty_at_once_from_one_address_are_three(county: World, saw) -> None:
    forms = [form(county, proof.issue(clock.now())) for _n in range(20)]
    results = at_once(
        *[lambda data=data: Client().post("/tips/", data).status_code for data in forms]
    )
    assert sorted(results) == [200] * OF_ONE + [429] * 17
    assert Tip.objects.count() == OF_ONE
    saw("F34", "20 threads of one address with a proof each: 3 tips")


def test_two_of_the_bureau_at_one_tip(county: World) -> None:
    send(county)
    tip = Tip.objects.get()
    staff, leader = county.scope("bureau_staff"), county.scope("bureau_leader")

    def act(scope, action: TipAction) -> Tip:
        return tip_triage.act(scope, tip.public_id, action, Order(1, "said"), clock.now())

    results = at_once(lambda: act(staff, TipAction.SPAM), lambda: act(leader, TipAction.ANSWER))
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Tip"]
    (told,) = [one for one in results if isinstance(one, Conflict)]
    tip.refresh_from_db()
    assert told.current == {"id": str(tip.public_id), "state": tip.state, "version": 2}
    assert [step.state for step in TipStep.objects.all()] == [tip.state]

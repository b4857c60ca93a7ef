"""What "overdue" is: row, list, API, page, work list, board, summary and sweep agree at any hour."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from agencies.models import Obligation
from agencies.queries import duties as listed
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.services import digests, sweep
from cases.models import CaseObligation
from cases.queries.worklist import Filters, rows_for
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.clients import api, browser
from tests.support.duties import again, office_closes
from tests.support.rolls import at as on_day
from tests.support.world import World

HOUR = timedelta(hours=1)


@pytest.fixture
def closing(request) -> str:
    return request.param


@pytest.fixture
def owed(closing, world) -> Obligation:
    """The search for a child whose case is open: a duty of the township, counted on the board."""
    office_closes(world, closing)
    case = absent_for_four_days(world)
    link = CaseObligation.objects.get(case=case, obligation__kind=ObligationKind.VERIFY)
    Obligation.objects.exclude(pk=link.obligation_id).delete()
    assert link.obligation.basis["policy"] == Key.VERIFY_DAYS
    return link.obligation


def overdue_everywhere(
    world: World, owed: Obligation, bureau: Client, client: APIClient, now: datetime
) -> dict[str, bool]:
    """Each place's own answer."""
    scope = world.scope("township_cadre")
    user = world.posts["township_cadre"].user_id
    row, one = again(owed), [owed.pk]
    found = client.get("/api/v1/obligations/?state=overdue").json()["results"]
    page = bureau.get("/duties/?state=overdue")
    cases = client.get("/api/v1/cases/?overdue=1").json()["results"]
    board = client.get("/api/v1/dashboard/").json()
    figures = {figure["key"]: figure["numerator"] for figure in board["figures"]}
    sums = digests._sums({user}, world.county.pk, now)[user]
    groups = [group.key for group in listed.page_of(scope, listed.Filters(), now).groups]
    work = bureau.get("/cases/").context["groups"]
    return {
        "row": row.state(now) == "overdue",
        "rows": list(Obligation.objects.overdue(now).values_list("pk", flat=True)) == one,
        "API": [result["id"] for result in found] == [str(owed.public_id)],
        "page": page.content.count(b"kc-row-duty") == 1,
        "page group": groups == ["overdue"],
        "work list": rows_for(scope, Filters(overdue=True), now).count() == 1,
        "work list group": [group["key"] for group in work] == ["overdue"],
        "cases of the API": len(cases) == 1,
        "board": figures["overdue"] == 1,
        "summary": (sums.overdue, sums.today + sums.soon) == (1, 0),
        "sweep": sweep.sweep(now) is not None and again(owed).level > 0,
    }


@pytest.mark.parametrize(("closing", "step"), [("24:00", 1), ("17:30", 5)], indirect=["closing"])
def test_hour_by_hour(world, owed, clock, step):
    """From 30 hours before the last moment to 30 after it, and the second on both sides."""
    bureau, client = browser(world, "bureau_staff"), api(world, "bureau_staff")
    second = timedelta(seconds=1)
    moments = [hours * HOUR for hours in range(-30, 31, step)] + [-second, second]
    for after in sorted(moments):
        now = owed.due_at + after
        clock(now.isoformat())
        found = overdue_everywhere(world, owed, bureau, client, now)
        assert found == dict.fromkeys(found, after > timedelta()), after


@pytest.mark.parametrize("closing", ["24:00", "17:30"], indirect=True)
def test_the_last_moment_of_both(world, owed):
    closing = owed.basis["closing"]
    assert owed.due_on == date(2026, 10, 13)
    midnight = on_day(date(2026, 10, 14), 0)
    assert owed.due_at == (midnight if closing == "24:00" else midnight - timedelta(hours=6.5))

"""One click reminds; at most once for each duty and day, however many click."""

import threading

import pytest
from django.db import connection

from agencies.errors import NotPermitted
from agencies.models import AuditEvent, Notice, Obligation
from agencies.services import nudges, obligations
from agencies.services.nudges import Nudged
from tests.support.duties import at, owe
from tests.support.world import build_or_load

NOW = at("2026-09-08T09:00")


def test_who_owes_it_is_told_who_asks(world):
    row = owe(world)
    assert nudges.nudge(world.scope("bureau_staff"), [row], NOW) == Nudged(1)
    told = Notice.objects.get()
    assert (told.kind, told.agency, told.obligation) == ("nudge", world.school, row)
    assert told.params == {"by": world.bureau.name}
    event = AuditEvent.objects.get(verb="obligation.remind")
    assert (event.subject, event.detail) == (
        f"obligation:{row.public_id}",
        {"told": 1, "already": 0},
    )


def test_once_a_day(world):
    rows = [owe(world), owe(world, school=world.second_school)]
    scope = world.scope("bureau_staff")
    assert nudges.nudge(scope, rows[:1], NOW) == Nudged(1)
    assert nudges.nudge(scope, rows, at("2026-09-08T23:59")) == Nudged(1, already=1)
    assert nudges.nudge(world.scope("bureau_leader"), rows, NOW) == Nudged(0, already=2)
    assert nudges.nudge(scope, rows, at("2026-09-09T00:01")) == Nudged(2)


def test_what_is_done_is_left_alone(world):
    met, waived = owe(world), owe(world, key="y")
    obligations.fulfil([met.pk], NOW)
    obligations.waive([waived.pk], "weg", NOW)
    assert nudges.nudge(world.scope("bureau_staff"), [met, waived], NOW) == Nudged(0)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", ["school_leader", "township_leader", "teacher", "system_admin"])
def test_only_the_bureau(world, role):
    with pytest.raises(NotPermitted):
        nudges.nudge(world.scope(role), [owe(world)], NOW)


def test_a_whole_list_is_bounded(world, monkeypatch):
    monkeypatch.setattr(nudges, "MOST", 2)
    for school in (world.school, world.second_school, world.other_school):
        owe(world, school=school)
    rows, scope = Obligation.objects.filter(kind="census"), world.scope("bureau_staff")
    assert nudges.nudge_all(scope, rows, NOW) == Nudged(2, left=1)
    assert AuditEvent.objects.get(verb="obligation.remind").subject == "obligations"


@pytest.mark.django_db(transaction=True)
def test_two_who_click_at_once_are_told_the_truth():
    world = build_or_load()
    row, found, barrier = owe(world), [], threading.Barrier(2)

    def click(role: str) -> None:
        barrier.wait()
        found.append(nudges.nudge(world.scope(role), [row], NOW))
        connection.close()

    threads = [threading.Thread(target=click, args=(r,)) for r in ("bureau_staff", "bureau_leader")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found, key=lambda one: one.told) == [Nudged(0, already=1), Nudged(1)]
    assert Notice.objects.count() == 1

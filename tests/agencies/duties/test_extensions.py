"""A later day with a reason: both moments are kept, and everything is said anew exactly once."""

import threading
from datetime import date

import pytest
from django.db import connection

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import AuditEvent, Escalation, Extension, Notice, Obligation
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.services import extensions, obligations, recompute, sweep
from tests.agencies.services.test_recompute import rule
from tests.support.duties import again, at, office_closes, owe
from tests.support.world import build_or_load

NOW = at("2026-09-08T09:00")  # the full check was due on 2026-09-07


def extend(world, row, day="2026-09-14", reason="台风停课", role="bureau_leader", now=NOW):
    new = date.fromisoformat(day)
    return extensions.extend(world.scope(role), row.public_id, new, reason, now)


def told(kind: str) -> int:
    return Notice.objects.filter(kind=kind).count()


def test_both_moments_are_kept_and_who_owes_it_is_told(world):
    row = owe(world)
    sweep.sweep(NOW)
    assert again(row).level == 1
    extend(world, row)
    new = again(row)
    assert (new.due_on, new.due_at) == (date(2026, 9, 14), at("2026-09-15T00:00"))
    assert (new.round, new.level, new.step) == (1, 0, 0)
    kept = Extension.objects.get()
    assert (kept.old_due_at, kept.new_due_at) == (at("2026-09-08T00:00"), at("2026-09-15T00:00"))
    assert (kept.reason, kept.approved_by) == ("台风停课", world.posts["bureau_leader"])
    moved = Notice.objects.get(kind="moved")
    assert (moved.agency, moved.obligation) == (world.school, row)
    assert AuditEvent.objects.get(verb="obligation.extend").subject == f"obligation:{row.public_id}"


def test_what_was_escalated_stays_and_the_new_day_is_said_once(world):
    row = owe(world)
    sweep.sweep(NOW)
    extend(world, row)
    assert sweep.sweep(at("2026-09-09T09:00")) == 1  # 3 working days before the new last day
    assert sweep.sweep(at("2026-09-14T23:59")) == 1  # 1 working day before
    assert again(row).level == 0
    for _again in range(2):
        sweep.sweep(at("2026-09-15T00:01"))
    reached = list(Escalation.objects.order_by("round").values_list("round", "level"))
    assert reached == [(0, 1), (1, 1)]
    assert (told("deadline"), told("reminder"), told("moved")) == (2, 2, 1)


def test_met_by_the_new_day_is_in_time(world):
    row = owe(world)
    extend(world, row)
    obligations.fulfil([row.pk], at("2026-09-14T23:00"))
    assert again(row).late is False


def test_it_ends_when_the_office_closes(world):
    office_closes(world, "17:30")
    row = owe(world)
    extend(world, row)
    assert again(row).due_at == at("2026-09-14T17:30")


def test_a_recomputing_leaves_the_granted_day(world):
    row = owe(world)
    extend(world, row)
    rule(world, Key.CENSUS_DAYS, 8)
    assert recompute.recompute_open(world.county.pk, NOW) == 0
    assert again(row).due_on == date(2026, 9, 14)


@pytest.mark.parametrize(
    ("day", "reason", "code"),
    [
        ("2026-09-14", "  ", "reason"),
        ("2026-09-14", "因" * 201, "reason"),
        ("2026-09-07", "台风停课", "not_later"),
        ("2026-09-04", "台风停课", "not_later"),
    ],
)
def test_refused(world, day, reason, code):
    row = owe(world)
    with pytest.raises(RuleBroken) as refused:
        extend(world, row, day, reason)
    assert [one.code for one in refused.value.reasons] == [code]
    assert not Extension.objects.exists()
    assert again(row).due_on == date(2026, 9, 7)


def test_a_day_that_has_passed_already_is_refused(world):
    row = owe(world)
    with pytest.raises(RuleBroken):
        extend(world, row, "2026-09-09", now=at("2026-09-10T09:00"))


def test_what_is_closed_stays(world):
    met, waived = owe(world), owe(world, key="y")
    obligations.fulfil([met.pk], NOW)
    obligations.waive([waived.pk], "weg", NOW)
    for row in (met, waived):
        with pytest.raises(NotPossible):
            extend(world, row)


@pytest.mark.parametrize("role", ["bureau_staff", "school_leader", "township_leader"])
def test_only_the_leader_of_the_bureau(world, role):
    with pytest.raises(NotPermitted):
        extend(world, owe(world), role=role)


def test_nobody_extends_what_the_own_body_owes(world):
    row = owe(world, ObligationKind.DECIDE, world.bureau)
    with pytest.raises(NotPermitted):
        extend(world, row)


def test_another_county_does_not_exist(world):
    row = owe(world)
    town = world.township
    Obligation.objects.filter(pk=row.pk).update(county=town)  # any other region stands for it
    with pytest.raises(NotVisible):
        extend(world, row)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_grant_one():
    world = build_or_load()
    row, found = owe(world), []
    barrier = threading.Barrier(2)

    def grant() -> None:
        barrier.wait()
        try:
            found.append(extend(world, row))
        except RuleBroken as refused:
            found.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=grant) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(type(one).__name__ for one in found) == ["Obligation", "RuleBroken"]
    assert Extension.objects.count() == 1
    assert (again(row).round, told("moved")) == (1, 1)


def test_a_rest_day_moves_to_the_next_working_day(world):
    row = owe(world)
    extend(world, row, day="2026-10-03")  # in the National Day holidays
    assert again(row).due_on == date(2026, 10, 8)

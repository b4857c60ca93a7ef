"""The sweep: each step at its moment, once; outages caught up in order; clocks that lie refused."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from agencies import clock as the_clock
from agencies.models import ClockMark, Escalation, Notice, Obligation
from agencies.rules.clock_guard import Doubt, Reading
from agencies.services import obligations, sweep
from students.tasks import sweep_deadlines
from tests.support.duties import again, at, owe
from tests.support.world import build_or_load

# The full check of the opening on 2026-09-01: its last day is 2026-09-07.
STEPS = (
    ("2026-09-02T08:00:01", "reminder", 0),  # 3 working days before
    ("2026-09-04T08:00:01", "reminder", 0),  # 1 working day before
    ("2026-09-08T00:00:01", "deadline", 1),  # the last moment has passed
    ("2026-09-09T00:00:01", "deadline", 2),  # 1 working day after the last day
    ("2026-09-11T00:00:01", "deadline", 3),  # 3 working days after it
)


def told() -> list[tuple[str, int]]:
    return list(Notice.objects.order_by("pk").values_list("kind", "level"))


def climbed() -> list[int]:
    return list(Escalation.objects.order_by("pk").values_list("level", flat=True))


def test_each_step_at_its_moment_and_not_a_second_before(world, clock):
    """Through the task that beat runs, with the clock moved."""
    row, said = owe(world), []
    for moment, kind, level in STEPS:
        clock((at(moment) - timedelta(seconds=1)).isoformat())
        assert sweep_deadlines() == 0
        assert told() == said
        clock(at(moment).isoformat())
        assert sweep_deadlines() == 1
        assert sweep_deadlines() == 0
        said.append((kind, level))
        assert told() == said
        assert again(row).level == level
    assert climbed() == [1, 2, 3]
    assert again(row).next_check_at is None
    clock("2027-01-10T09:00:00+08:00")
    assert sweep_deadlines() == 0


def test_due_moment_and_moment_of_raising_are_kept(world):
    row = owe(world)
    sweep.sweep(at("2026-09-09T09:30"))
    found = Escalation.objects.order_by("level").values_list("level", "due_at", "raised_at")
    raised = at("2026-09-09T09:30")
    assert list(found) == [
        (1, at("2026-09-08T00:00"), raised),
        (2, at("2026-09-09T00:00"), raised),
    ]
    assert again(row).level == 2
    assert Notice.objects.get(kind="deadline").href == f"/duties/{row.public_id}/"


def test_three_days_off_are_caught_up_in_order_and_only_the_highest_is_told(world):
    owe(world)
    sweep.sweep(at("2026-09-07T09:00"))
    assert told() == [("reminder", 0)]
    sweep.sweep(at("2026-09-11T00:01"))
    assert climbed() == [1, 2, 3]
    assert told() == [("reminder", 0), ("deadline", 3)]
    assert sweep.sweep(at("2026-09-11T00:01")) == 0


@pytest.mark.parametrize("ended", ["met", "waived"])
def test_what_is_done_is_never_said(world, ended):
    row = owe(world)
    now = at("2026-09-01T12:00")
    if ended == "met":
        obligations.fulfil([row.pk], now)
    else:
        obligations.waive([row.pk], "weg", now)
    assert sweep.sweep(at("2026-12-01T09:00")) == 0
    assert (told(), climbed(), again(row).level) == ([], [], 0)


def test_batches_take_the_oldest_first(world):
    for nth, day in enumerate((3, 1, 2)):
        owe(world, key=str(nth), due_on=at(f"2026-09-0{day + 6}T00:00").date())
    now = at("2026-09-20T09:00")
    assert [sweep.sweep_batch(now, 2), sweep.sweep_batch(now, 2)] == [2, 1]
    assert sweep.sweep_batch(now, 2) == 0


def many(row: Obligation, number: int) -> None:
    copies = []
    for nth in range(number):
        copy = again(row)
        copy.pk, copy.key, copy.public_id = None, f"copy:{nth}", Obligation().public_id
        copies.append(copy)
    Obligation.objects.bulk_create(copies)


@pytest.mark.django_db(transaction=True)
def test_four_sweepers_at_once_say_everything_once():
    world = build_or_load()
    many(owe(world), 399)
    now, moved, barrier = at("2026-09-08T00:05"), [], threading.Barrier(4)

    def run() -> None:
        barrier.wait()
        while batch := sweep.sweep_batch(now, 37):
            moved.append(batch)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    while batch := sweep.sweep_batch(now, 37):  # what others held when the last one looked
        moved.append(batch)
    assert sum(moved) == 400
    assert Escalation.objects.count() == 400
    assert Notice.objects.filter(kind="deadline").count() == 400
    assert Obligation.objects.filter(level=1).count() == 400


class Machine:
    """A machine of this county with a clock that can be set, a database beside it, and a time since its start."""

    def __init__(self, moment: str, county: int) -> None:
        self.county = county
        self.now, self.boot, self.up = at(moment), "first", 1000.0
        self.apart = timedelta()

    def runs(self, **span: float) -> "Machine":
        passed = timedelta(**span)
        self.now, self.up = self.now + passed, self.up + passed.total_seconds()
        return self

    def is_set(self, **span: float) -> "Machine":
        """Somebody, or a wrong time server, sets the clock; the machine runs on."""
        self.now += timedelta(**span)
        return self

    def starts_again(self, **off: float) -> "Machine":
        self.now, self.boot, self.up = self.now + timedelta(**off), "second", 5.0
        return self

    def reading(self, now: datetime) -> Reading:
        return Reading(now, now - self.apart, self.boot, self.up)

    def sweeps(self) -> int:
        return sweep.sweep(self.now)


@pytest.fixture
def machine(monkeypatch, world) -> Machine:
    """Read in place of the real clocks, at noon of the last day; it has swept once."""
    found = Machine("2026-09-07T12:00", world.county.pk)
    monkeypatch.setattr(sweep, "reading", found.reading)
    owe(world)
    assert found.sweeps() == 1  # the reminders
    return found


def alarms(machine: Machine) -> int:
    return Notice.objects.filter(kind="alarm", county=machine.county).count()


def refused(machine: Machine, why: Doubt) -> None:
    """Nothing is swept; one alarm a day, however often it is tried."""
    assert [machine.sweeps() for _ in range(3)] == [0, 0, 0]
    assert ClockMark.objects.get().doubt == why
    assert climbed() == []
    assert alarms(machine) == 1


def test_clocks_apart_are_refused_until_they_agree(machine):
    machine.runs(hours=13).apart = timedelta(seconds=61)
    refused(machine, Doubt.APART)
    machine.apart = timedelta(seconds=59)
    assert machine.sweeps() == 1
    assert ClockMark.objects.get().doubt == ""
    assert climbed() == [1]


def test_a_clock_set_back_is_refused(machine):
    machine.is_set(hours=-2)
    refused(machine, Doubt.BACKWARD)
    machine.is_set(hours=2).runs(minutes=5)
    assert machine.sweeps() == 0
    assert ClockMark.objects.get().doubt == ""


def test_a_clock_40_hours_ahead_on_the_same_start_is_refused_and_nothing_is_called_overdue(machine):
    machine.runs(minutes=5).is_set(hours=40)
    refused(machine, Doubt.FORWARD)
    doubted = ClockMark.objects.get().doubted_at
    machine.runs(hours=24)  # still ahead the next day: told once more, since when is kept
    assert machine.sweeps() == 0
    assert (alarms(machine), ClockMark.objects.get().doubted_at) == (2, doubted)


def test_after_the_correction_exactly_the_right_set_is_said(machine, world):
    early = owe(world, key="early", due_on=at("2026-09-04T00:00").date())
    late = owe(world, key="late", due_on=at("2026-09-09T00:00").date())
    machine.runs(minutes=5).is_set(hours=40)
    assert machine.sweeps() == 0
    machine.is_set(hours=-40).runs(minutes=5)
    machine.sweeps()
    assert climbed() == [1]
    assert Escalation.objects.get().obligation == early
    assert again(late).level == 0
    machine.runs(hours=12)
    machine.sweeps()
    assert sorted(climbed()) == [1, 1, 2]  # the full check, and the next rung of the early one


def test_two_hours_ahead_are_swept_once(machine):
    machine.runs(hours=11).is_set(hours=2)  # says 01:00 of the next day
    assert machine.sweeps() == 1
    assert machine.runs(minutes=1).sweeps() == 0
    assert (climbed(), alarms(machine)) == ([1], 0)


def test_a_machine_that_was_off_for_three_days_catches_up(machine):
    machine.starts_again(days=3)
    assert machine.sweeps() == 1
    assert climbed() == [1, 2]
    assert told()[-1] == ("deadline", 2)
    assert alarms(machine) == 0


def test_a_machine_that_ran_without_sweeping_catches_up(machine):
    machine.runs(days=3)
    assert machine.sweeps() == 1
    assert climbed() == [1, 2]


def test_a_fixed_clock_is_not_doubted(world):
    assert sweep.reading(the_clock.now()) is None


def test_the_real_clocks_are_read(world, monkeypatch):
    monkeypatch.delenv("NOW")
    now = the_clock.now()
    found = sweep.reading(now)
    assert found is not None
    assert abs(found.database - now) < timedelta(seconds=30)
    assert found.up > 0
    assert sweep.believed(found, now) is None

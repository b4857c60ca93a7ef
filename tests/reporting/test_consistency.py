"""Each check finds its planted fault, exactly that one, and nothing in a sound county."""

import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from agencies.models import Obligation
from agencies.rules.deadlines import CHINA
from cases.models import Case, CaseGrant, CaseReport, HouseholdTeam, TeamSeat
from cases.rules.workflow import State
from cases.services import opening
from reporting.queries.consistency import CHECKS, faults
from students.models import AbsenceRun, EnrollmentRecord, Roll, RollMark
from students.services import absence
from tests.reporting.county import event, roll
from tests.support.world import World

TODAY = date(2026, 10, 12)
NOW = datetime(2026, 10, 12, 10, 0, tzinfo=CHINA)
DAYS = [date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)]


@pytest.fixture
def sound(world: World) -> World:
    """One child absent for four days, its case opened by the task, everything as it should be."""
    for day in DAYS:
        roll(world.school_class, day, {world.pupils[0]: "unexcused"})
    absence.refresh([world.pupils[0].pk], world.term)
    assert opening.open_from_runs(NOW) == 1
    return world


def the_case() -> Case:
    return Case.objects.get()


def runs(world: World) -> int:
    AbsenceRun.objects.update(days=9)
    return world.pupils[0].pk


def crossed_run(world: World) -> int:
    """The same days of another child, and no task has run since."""
    for made in Roll.objects.all():
        RollMark.objects.create(
            county=made.county, roll=made, student=world.pupils[1], day=made.day, mark="unexcused"
        )
    absence.refresh([world.pupils[1].pk], world.term)
    return AbsenceRun.objects.get(student=world.pupils[1]).pk


def crossed_run_after_return(world: World) -> int:
    case = the_case()
    case.episodes.update(run=None, returned_on=date(2026, 9, 20))
    Case.objects.update(state=State.RETURNED)
    event(case, State.RETURNED, TODAY, hour=11)
    return AbsenceRun.objects.get().pk


def mark_off_roster(world: World) -> int:
    stray = EnrollmentRecord.objects.get(student=world.pupils[5])
    stray.ends_on = DAYS[0]
    stray.save()
    made = Roll.objects.get(day=DAYS[1])
    return RollMark.objects.create(
        county=world.county, roll=made, student=world.pupils[5], day=DAYS[1], mark="late"
    ).pk


def mark_of_another_day(world: World) -> int:
    made = Roll.objects.get(day=DAYS[1])
    return RollMark.objects.create(
        county=world.county, roll=made, student=world.pupils[5], day=DAYS[2], mark="late"
    ).pk


def mark_not_held(world: World) -> int:
    made = roll(world.second_class, DAYS[1], {}, "not_held")
    EnrollmentRecord.objects.filter(student=world.pupils[5]).update(
        school_class=world.second_class, school=world.second_school
    )
    return RollMark.objects.create(
        county=world.county, roll=made, student=world.pupils[5], day=DAYS[1], mark="late"
    ).pk


def no_report(world: World) -> int:
    CaseReport.objects.all().delete()
    return the_case().pk


def no_team(world: World) -> int:
    TeamSeat.objects.all().delete()
    CaseGrant.objects.all().delete()
    HouseholdTeam.objects.all().delete()
    return the_case().pk


def seat_without_grant(world: World) -> int:
    CaseGrant.objects.filter(user=TeamSeat.objects.first().post.user).delete()
    return the_case().pk


def grant_without_seat(world: World) -> int:
    TeamSeat.objects.filter(pk=TeamSeat.objects.first().pk).update(until=TODAY)
    return the_case().pk


def open_duty(world: World) -> int:
    Case.objects.update(state=State.CLOSED)
    event(the_case(), State.CLOSED, TODAY, hour=11)
    first, *others = Obligation.objects.open().order_by("-kind", "pk")
    Obligation.objects.filter(pk__in=[one.pk for one in others]).update(
        waived_at=NOW, waived_because="test"
    )
    return first.pk


def no_duty(world: World) -> int:
    Obligation.objects.update(waived_at=NOW, waived_because="test")
    return the_case().pk


def off_timeline(world: World) -> int:
    Case.objects.update(state=State.CONFIRMED)
    return the_case().pk


def wrong_late(world: World) -> int:
    return lateness(world, late=True)


def wrong_in_time(world: World) -> int:
    return lateness(world, late=False, after=timedelta(seconds=1))


def lateness(world: World, *, late: bool, after: timedelta = timedelta(0)) -> int:
    """A duty met at its last moment is in time (rule 4)."""
    owed = Obligation.objects.create(
        county=world.county,
        kind="census",
        key="planted",
        subject="planted",
        region_path=world.township.path,
        owed_by=world.town_hall,
        starts_on=DAYS[0],
        due_on=DAYS[1],
        due_at=NOW,
        met_at=NOW + after,
        late=late,
    )
    return owed.pk


PLANTED: list[tuple[str, Callable[[World], int]]] = [
    ("runs_differ", runs),
    ("crossed_runs_without_case", crossed_run),
    ("crossed_runs_without_case", crossed_run_after_return),
    ("marks_off_roster", mark_off_roster),
    ("marks_of_another_day", mark_of_another_day),
    ("marks_on_roll_not_held", mark_not_held),
    ("open_cases_without_report", no_report),
    ("open_cases_without_team", no_team),
    ("grants_differ_from_seats", seat_without_grant),
    ("grants_differ_from_seats", grant_without_seat),
    ("open_duties_of_ended_cases", open_duty),
    ("open_cases_without_duty", no_duty),
    ("states_off_timeline", off_timeline),
    ("wrong_lateness", wrong_late),
    ("wrong_lateness", wrong_in_time),
]


def test_a_sound_county_has_no_faults(sound: World) -> None:
    assert faults(TODAY) == []
    out = io.StringIO()
    call_command("check_consistency", json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"checks": len(CHECKS), "faults": []}


@pytest.mark.parametrize(("name", "plant"), PLANTED, ids=[plant.__name__ for _, plant in PLANTED])
def test_a_planted_fault_is_found_and_nothing_else(
    sound: World, name: str, plant: Callable[[World], int]
) -> None:
    row = plant(sound)
    assert [(fault.check.name, fault.rows) for fault in faults(TODAY)] == [(name, [row])]


def test_every_check_is_planted_or_refused_by_the_database(sound: World) -> None:
    never = {check.name for check in CHECKS} - {name for name, _ in PLANTED}
    assert never == {"enrolled_twice", "counted_twice"}  # the second cannot be without the first
    record = EnrollmentRecord.objects.get(student=sound.pupils[0])
    record.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


def test_a_change_of_class_is_not_enrolled_twice(sound: World) -> None:
    record = EnrollmentRecord.objects.get(student=sound.pupils[4])
    record.ends_on = DAYS[0]
    record.save()
    EnrollmentRecord.objects.create(
        county=sound.county,
        student=sound.pupils[4],
        school=sound.second_school,
        school_class=sound.second_class,
        starts_on=DAYS[1],
    )
    assert faults(TODAY) == []


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_fails_when_something_is_found(sound: World, as_json: bool) -> None:
    no_report(sound)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 of 14"):
        call_command("check_consistency", json=as_json, stdout=out)
    assert "open_cases_without_report" in out.getvalue()
    if as_json:
        assert json.loads(out.getvalue())["faults"][0]["count"] == 1

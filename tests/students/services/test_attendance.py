from datetime import date, datetime

import pytest

from agencies.errors import Conflict, NotVisible, RuleBroken
from agencies.models import AuditEvent, PolicyRule
from students.models import AbsenceRun, Roll, RollMark, RollRevision
from students.queries.recount import differences
from students.queries.roll_day import load
from students.services import attendance
from students.services.attendance import Given, Submission
from tests.support.rolls import U, at, take

MONDAY = date(2026, 10, 12)


def test_a_roll_is_one_row_and_a_row_for_each_exception(world):
    sheet = take(world, MONDAY, {0: U, 1: "sick_leave"})
    assert (sheet.state, sheet.version) == ("taken", 1)
    assert Roll.objects.count() == 1
    assert sorted(RollMark.objects.values_list("mark", flat=True)) == ["sick_leave", "unexcused"]
    event = AuditEvent.objects.get(verb="roll.save")
    assert event.subject == f"class:{world.school_class.public_id}"


def test_the_same_roll_again_changes_nothing(world):
    take(world, MONDAY, {0: U})
    take(world, MONDAY, {0: U})
    assert Roll.objects.get().version == 1
    assert AbsenceRun.objects.get().days == 1


def test_a_correction_keeps_what_was_said_before(world):
    take(world, MONDAY, {0: U, 1: U})
    sheet = take(world, MONDAY, {1: "late"})
    assert sheet.version == 2
    assert list(RollMark.objects.values_list("mark", flat=True)) == ["late"]
    assert sorted(RollRevision.objects.get().marks.values()) == [U, U]
    assert not AbsenceRun.objects.exists()


def test_the_second_of_two_savers_is_told(world):
    scope = world.scope("teacher")
    take(world, MONDAY, {0: U})
    stale = Submission(0, marks={str(world.pupils[1].public_id): Given(U)}, reason="r")
    with pytest.raises(Conflict):
        attendance.record_day(scope, world.school_class.public_id, MONDAY, stale, at(MONDAY))
    assert RollMark.objects.get().student == world.pupils[0]


@pytest.mark.parametrize(
    ("day", "now", "code"),
    [
        ("2026-10-01", "2026-10-12", "not_school_day"),  # National Day
        ("2026-10-11", "2026-10-12", "not_school_day"),  # Sunday
        ("2026-08-31", "2026-10-12", "not_school_day"),  # before the term
        ("2026-10-13", "2026-10-12", "future"),
        ("2026-10-09", "2026-10-12", "reason"),  # late without a reason
    ],
)
def test_days_on_which_no_roll_can_be_taken(world, day, now, code):
    day = date.fromisoformat(day)
    sent = Submission(0)
    with pytest.raises(RuleBroken) as refused:
        attendance.record_day(
            world.scope("teacher"),
            world.school_class.public_id,
            day,
            sent,
            at(date.fromisoformat(now)),
        )
    assert code in [reason.code for reason in refused.value.reasons]
    assert not Roll.objects.exists()


def test_make_up_weekend_days_are_called(world):
    assert take(world, date(2026, 10, 10)).state == "taken"  # Saturday, worked


def test_a_pupil_of_another_class_is_refused_and_nothing_stored(world):
    stranger = str(world.other_school.public_id)
    sent = Submission(0, marks={stranger: Given(U)})
    with pytest.raises(RuleBroken):
        attendance.record_day(
            world.scope("teacher"), world.school_class.public_id, MONDAY, sent, at(MONDAY)
        )
    assert not Roll.objects.exists()


@pytest.mark.parametrize("role", ["other_teacher", "other_leader", "agency_staff", "system_admin"])
def test_a_class_outside_the_scope_does_not_exist(world, role):
    with pytest.raises(NotVisible):
        load(world.scope(role), world.school_class.public_id, MONDAY)


def test_runs_follow_the_roll(world):
    for day, marks in (
        ("2026-09-29", {0: U}),
        ("2026-09-30", {0: U, 1: U}),
        ("2026-10-08", {0: U, 1: "sick_leave"}),
    ):
        take(world, date.fromisoformat(day), marks)
    sheet = take(world, date(2026, 10, 9), {0: U})
    first = next(pupil for pupil in sheet.pupils if pupil.id == str(world.pupils[0].public_id))
    assert sheet.run(first).days == 4
    run = AbsenceRun.objects.get(student=world.pupils[0])
    assert (run.days, run.crossed_on) == (4, date(2026, 10, 9))
    ended = AbsenceRun.objects.get(student=world.pupils[1])
    assert (ended.days, ended.ended_on) == (1, date(2026, 10, 8))
    assert differences(world.term) == []


def test_an_untaken_roll_that_comes_in_moves_the_trigger_back_and_keeps_the_row(world):
    for day in (12, 14, 15, 16):
        take(world, date(2026, 10, day), {0: U})
    run = AbsenceRun.objects.get()
    assert (run.days, run.unknown_days, run.crossed_on) == (4, 1, date(2026, 10, 16))
    assert run.rests_on_unknown
    take(world, date(2026, 10, 13), {0: U}, now=datetime.fromisoformat("2026-10-16T12:00+08:00"))
    again = AbsenceRun.objects.get()
    assert (again.pk, again.days, again.crossed_on) == (run.pk, 5, date(2026, 10, 15))
    take(world, date(2026, 10, 13), {}, now=datetime.fromisoformat("2026-10-16T13:00+08:00"))
    assert [r.crossed_on for r in AbsenceRun.objects.order_by("starts_on")] == [None, None]
    assert differences(world.term) == []


def test_a_stale_first_roll_without_a_reason_is_a_conflict_not_a_correction(world):
    """The second teacher saw no roll, so gives no reason: that must not overwrite the first."""
    take(world, MONDAY, {0: U})
    stale = Submission(0, marks={str(world.pupils[1].public_id): Given(U)})
    with pytest.raises(Conflict):
        attendance.record_day(
            world.scope("deputy_leader"), world.school_class.public_id, MONDAY, stale, at(MONDAY)
        )


def test_a_threshold_changed_within_a_term_holds_from_the_next(world):
    """Roll and recount use the rule that was in force when the term opened."""
    rule = PolicyRule.objects.get(county=world.county, key="absence.consecutive_days")
    rule.ends_on = date(2026, 9, 30)
    rule.save()
    PolicyRule.objects.create(
        county=world.county,
        key=rule.key,
        value=1,
        source="a new document",
        starts_on=date(2026, 10, 1),
    )
    take(world, MONDAY, {0: U})
    take(world, date(2026, 10, 13), {0: U})
    assert AbsenceRun.objects.get().crossed_on is None
    assert differences(world.term) == []

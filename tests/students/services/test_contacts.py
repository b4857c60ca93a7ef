"""Contact on the first day of an absence, the answer to a run, and the log that meets them."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from agencies.errors import NotPermitted, RuleBroken
from agencies.models import AuditEvent, Obligation
from students.models import GuardianContact
from students.services import contacts
from students.services.contacts import Given
from students.services.enrollment import leave
from tests.support.budgets import counted
from tests.support.rolls import U, at, take
from tests.support.world import World, pupil

FRIDAY, MONDAY, TUESDAY = date(2026, 10, 9), date(2026, 10, 12), date(2026, 10, 13)
SAID = Given(at(MONDAY, 9), "phone", "guardian", "发烧，已去医院")


def owed(kind: str = "guardian_contact") -> list[Obligation]:
    return list(Obligation.objects.filter(kind=kind).order_by("starts_on"))


def called(world: World, reached: str = "guardian", answer: str = "生病", hour: int = 9):
    given = Given(at(MONDAY, hour), "phone", reached, answer)
    return contacts.record(world.scope("teacher"), world.pupils[0], given, at(MONDAY, hour))


def test_the_first_day_asks_for_a_contact_on_the_same_day(world: World):
    take(world, MONDAY, {0: U})
    assert contacts.raise_due(at(MONDAY, 9)) == 1
    assert contacts.raise_due(at(MONDAY, 10)) == 0
    (row,) = owed()
    child = world.pupils[0]
    assert row.key == f"contact:{child.public_id}:2026-10-12"
    assert (row.owed_by, row.due_on, row.due_at) == (world.school, MONDAY, at(TUESDAY, 0))
    assert row.href == f"/students/{child.public_id}/contact/"
    assert child.name not in f"{row.subject} {row.basis}"
    assert "大峃镇实验学校" in row.subject
    assert owed("run_answer") == []


def test_the_second_day_asks_for_an_answer_by_the_next_working_day(world: World):
    take(world, FRIDAY, {0: U})
    take(world, MONDAY, {0: U})
    assert contacts.raise_due(at(MONDAY, 9)) == 2
    assert contacts.raise_due(at(MONDAY, 9)) == 0
    (row,) = owed("run_answer")
    assert (row.starts_on, row.due_on, row.owed_to) == (MONDAY, TUESDAY, world.bureau)
    assert owed()[0].starts_on == FRIDAY


def test_a_try_is_a_contact_and_words_are_an_answer(world: World):
    take(world, FRIDAY, {0: U})
    take(world, MONDAY, {0: U})
    contacts.raise_due(at(MONDAY, 8))
    called(world, reached="nobody", answer="无人接听")
    assert (owed()[0].met_at, owed()[0].late) == (at(MONDAY, 9), True)  # of Friday
    assert owed("run_answer")[0].met_at is None
    called(world, answer="  ")
    assert owed("run_answer")[0].met_at is None
    called(world, hour=10)
    assert (owed("run_answer")[0].met_at, owed("run_answer")[0].late) == (at(MONDAY, 10), False)
    assert contacts.raise_due(at(MONDAY, 11)) == 0


def test_a_contact_before_the_sweep_meets_what_it_raises(world: World):
    take(world, MONDAY, {0: U})
    called(world)
    contacts.raise_due(at(TUESDAY, 9))
    assert (owed()[0].met_at, owed()[0].late) == (at(MONDAY, 9), False)


def test_a_corrected_roll_waives_what_is_open(world: World):
    take(world, MONDAY, {0: U, 1: U})
    contacts.raise_due(at(MONDAY, 9))
    take(world, MONDAY, {1: U}, now=at(MONDAY, 10))
    assert contacts.raise_due(at(MONDAY, 10)) == 1
    assert contacts.raise_due(at(MONDAY, 11)) == 0
    states = {row.key.split(":")[1]: row.state(at(MONDAY, 11)) for row in owed()}
    assert states == {
        str(world.pupils[0].public_id): "waived", str(world.pupils[1].public_id): "open",
    }  # fmt: skip


def test_back_in_class_ends_both(world: World):
    take(world, FRIDAY, {0: U})
    take(world, MONDAY, {0: U})
    contacts.raise_due(at(MONDAY, 9))
    take(world, TUESDAY, {})
    assert contacts.raise_due(at(TUESDAY, 9)) == 2
    assert {row.waived_because for row in Obligation.objects.all()} == {"the absence has ended"}


def test_one_duty_a_run_even_when_its_first_day_moves(world: World):
    take(world, TUESDAY, {0: U})
    contacts.raise_due(at(TUESDAY, 9))
    take(world, MONDAY, {0: U}, now=at(TUESDAY, 10))
    contacts.raise_due(at(TUESDAY, 11))
    assert [row.starts_on for row in owed()] == [TUESDAY]
    assert owed()[0].state(at(TUESDAY, 12)) == "open"


def test_a_week_of_rolls_entered_at_once_does_not_flood(world: World):
    """No contact for a day that is long over; the answer counts from when the rolls came in."""
    for day in (8, 9, 10):
        take(world, date(2026, 10, day), {0: U, 1: U}, now=at(date(2026, 10, 14), 9))
    contacts.raise_due(at(date(2026, 10, 14), 10))
    assert owed() == []
    answers = owed("run_answer")
    assert {(row.starts_on, row.due_on) for row in answers} == {
        (date(2026, 10, 14), date(2026, 10, 15))
    }
    assert contacts.raise_due(at(date(2026, 10, 14), 11)) == 0


def test_a_child_that_left_and_a_term_that_ended_are_waived(world: World):
    take(world, MONDAY, {0: U, 1: U})
    contacts.raise_due(at(MONDAY, 9))
    leave(world.pupils[0], "51", MONDAY, None)
    assert contacts.raise_due(at(TUESDAY, 9)) == 1
    assert contacts.raise_due(at(date(2027, 2, 3))) == 1
    reasons = {row.waived_because for row in owed()}
    assert reasons == {"the child is on no roster any more", "the term has ended"}


def test_the_sweep_costs_the_same_for_more_children(world: World):
    counts = []
    for number, day in ((2, MONDAY), (6, TUESDAY)):
        for nth in range(number):
            world.pupils.append(pupil(world.school_class, f"新生{nth}", world.village))
        take(world, day, dict.fromkeys(range(1, len(world.pupils)), U))
        with counted() as statements:
            contacts.raise_due(at(day, 9))
        counts.append(len(statements))
        take(world, day, {}, now=at(day, 10))
        contacts.raise_due(at(day, 11))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"at": at(MONDAY, 12)}, "future"),
        ({"at": at(date(2026, 9, 1))}, "too_old"),
        ({"on": TUESDAY}, "before_absence"),
        ({"channel": "pigeon"}, "channel"),
        ({"reached": "dog"}, "reached"),
    ],
)
def test_refused(world: World, given, code):
    sent = Given(**{"at": at(MONDAY, 9), "channel": "phone", "reached": "guardian"} | given)
    with pytest.raises(RuleBroken) as refused:
        contacts.record(world.scope("teacher"), world.pupils[0], sent, at(MONDAY, 10))
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert not GuardianContact.objects.exists()


def test_who_may_record(world: World):
    child = world.pupils[0]
    for role in ("teacher", "school_leader"):
        contacts.record(world.scope(role), child, SAID, at(MONDAY, 10))
    for role in ("other_teacher", "other_leader", "township_cadre", "bureau_leader"):
        with pytest.raises(NotPermitted):
            contacts.record(world.scope(role), child, SAID, at(MONDAY, 10))
    event = AuditEvent.objects.filter(verb="contact.record").first()
    assert (event.subject, "发烧" in str(event.detail)) == (f"student:{child.public_id}", False)


def test_the_log_cannot_be_changed(world: World):
    made = called(world)
    for statement in (
        "UPDATE students_guardiancontact SET answer = ''",
        "DELETE FROM students_guardiancontact",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    made.refresh_from_db()
    assert made.answer == "生病"

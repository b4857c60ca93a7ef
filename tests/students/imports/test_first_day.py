"""From when a child who is new to us is on the roster."""

from datetime import date

from students.models import EnrollmentRecord
from tests.students.imports.test_apply import applied
from tests.support.rolls import take
from tests.support.rosters import roster, row


def first_day(name: str) -> date:
    return EnrollmentRecord.objects.get(student__name=name).starts_on


def test_a_class_that_was_never_called_begins_with_the_term(world):
    applied(world, roster(world, row("林小满", 902, 班级="5班")))
    assert first_day("林小满") == date(2026, 9, 1)


def test_a_child_is_not_present_on_days_that_were_called_without_it(world):
    take(world, date(2026, 10, 9), {}, now=None)
    applied(world, roster(world, row("林小满", 902)))
    assert first_day("林小满") == date(2026, 10, 12)

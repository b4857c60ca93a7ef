"""Nobody exists whom a row of the register names: its child goes, what was answered stays."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from agencies.errors import NotPermitted, NotPossible
from cases.models import Case
from cases.queries.comparison import counts
from students.access import entries_for
from students.models import (
    Household,
    PersonEntry,
    PersonList,
    ScreenedChild,
    Student,
)
from students.rules.person_list import Result
from students.services import (
    person_review,
    screening,
    screening_results,
)
from students.services.screening_results import Answer
from tests.cases.services.register import NOW, applied, give, of
from tests.support.clients import api, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(world) -> PersonList:
    return applied(world)


def test_who_exists_only_on_paper_is_taken_back_by_the_bureau(world, batch):
    scope, entry = world.scope("bureau_staff"), of(batch, "孔令远")
    with pytest.raises(NotPossible):  # not yet found a fault
        person_review.withdraw(scope, batch, entry.public_id, NOW)
    give(world, batch, "孔令远", Result.REGISTER_ERROR)
    child, home = entry.student, entry.student.household
    with pytest.raises(NotPermitted):
        person_review.withdraw(world.scope("township_cadre"), batch, entry.public_id, NOW)
    screening.open_due(NOW)  # the round of the term asks about every child by itself
    made = person_review.withdraw(scope, batch, entry.public_id, NOW)
    assert (made.student, made.name, made.result) == (None, "孔令远", Result.REGISTER_ERROR)
    assert not Student.objects.filter(pk=child.pk).exists()
    assert not Household.objects.filter(pk=home.pk).exists()
    found = counts(entries_for(scope, batch))
    assert sum(found.results.values()) == batch.entries.count()


def at_the_door(world, entry, found, now=NOW) -> ScreenedChild:
    """What a round of screening says about the child of the row."""
    screening.open_due(NOW)
    asked = ScreenedChild.objects.get(student=entry.student)
    answer = Answer(uuid4(), entry.student.public_id, found, "锁门")
    return screening_results.record(world.scope("village_cadre"), asked.round_id, answer, now)


def unaccounted(world) -> int:
    address = f"/api/v1/balance/?region={world.village.code}"
    return api(world, "bureau_staff").get(address).json()["unaccounted"]


def test_nobody_found_at_the_door_stays_an_answer_when_the_child_on_paper_goes(world, batch):
    entry = give(world, batch, "孔令远", Result.REGISTER_ERROR)
    asked = at_the_door(world, entry, "not_found")
    assert unaccounted(world) == 1
    address = f"/api/v1/comparisons/{batch.public_id}/rows/{entry.public_id}/withdraw/"
    assert api(world, "township_cadre").post(address).status_code == 403
    taken = api(world, "bureau_staff").post(address).json()
    assert (taken["student"], taken["result"]) == (None, "register_error")
    assert api(world, "bureau_staff").post(address).status_code == 409
    row_page = f"/lists/{batch.public_id}/comparison/{entry.public_id}/"
    assert (
        "no record of ours hangs on"
        in browser(world, "bureau_staff").get(row_page).content.decode()
    )
    asked.refresh_from_db()
    assert (asked.student, asked.found, asked.answered_at) == (None, "not_found", NOW)
    assert asked.results.get().note == "锁门"
    assert unaccounted(world) == 0


def test_a_child_that_was_met_at_the_door_last_is_on_no_paper_only(world, batch):
    entry, scope = give(world, batch, "孔令远", Result.REGISTER_ERROR), world.scope("bureau_staff")
    at_the_door(world, entry, "with_family")
    with pytest.raises(NotPossible) as refused:
        person_review.withdraw(scope, batch, entry.public_id, NOW)
    assert [one.code for one in refused.value.reasons] == ["met_at_the_door"]
    assert of(batch, "孔令远").student == entry.student
    at_the_door(world, entry, "not_found", datetime(2026, 10, 14, 1, tzinfo=UTC))
    assert person_review.withdraw(scope, batch, entry.public_id, NOW).student is None


def test_a_child_that_others_know_is_not_taken_back(world, batch):
    entry = give(world, batch, "孔令远", Result.REGISTER_ERROR)
    give(world, batch, "孔令远", Result.OUT_OF_SCHOOL)
    PersonEntry.objects.filter(pk=entry.pk).update(result=Result.REGISTER_ERROR)
    with pytest.raises(NotPossible):
        person_review.withdraw(world.scope("bureau_staff"), batch, entry.public_id, NOW)
    assert of(batch, "孔令远").student == Case.objects.get().student

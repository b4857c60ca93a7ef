"""A person decides which child a row of the register means."""

import uuid
from datetime import UTC, date, datetime

import pytest

from agencies.errors import NotPermitted, NotPossible, NotVisible
from students.models import PersonEntry, PersonList
from students.queries import person_review as queries
from students.services import matching, person_review
from tests.support.registers import register, row, row_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 13, 1, tzinfo=UTC)


@pytest.fixture
def batch(world) -> PersonList:
    return register(world, PersonList.State.APPLIED)


@pytest.fixture
def entry(world, batch) -> PersonEntry:
    """The number of our first pupil with another name."""
    made = row_of(batch, world.pupils[0], name="郑和平")
    matching.match(batch)
    return made


def join(world, batch, entry, student_id, role="township_cadre"):
    return person_review.join(world.scope(role), batch, entry.public_id, student_id, NOW)


def test_a_row_waits_beside_the_child_that_it_may_mean(world, batch, entry):
    scope = world.scope("township_cadre")
    rows = queries.with_candidates(queries.waiting(scope, batch))
    side = queries.sides(rows, scope)[0]
    assert [one.public_id for one in side.candidates] == [world.pupils[0].public_id]
    assert side.candidates[0].where == world.school.name
    levels = {str(label): cells[0].level for label, _said, cells in side.lines}
    assert levels == {
        "name": "other",
        "ID number": "same",
        "date of birth": "same",
        "head of household or guardian": "same",
        "address": "same",
        "sex": "same",
    }
    assert world.pupils[0].id_number not in str(side)  # masked


def test_the_same_child_ends_the_waiting(world, batch, entry):
    join(world, batch, entry, world.pupils[0].public_id)
    entry.refresh_from_db()
    assert (entry.student, entry.found) == (world.pupils[0], "by_hand")
    assert not queries.waiting(world.scope("bureau_staff"), batch).exists()
    with pytest.raises(NotPossible):
        join(world, batch, entry, world.pupils[0].public_id)


def test_a_decision_can_be_taken_back_and_is_not_made_again_by_the_machine(world, batch):
    found = row_of(batch, world.pupils[2], id_number="")
    matching.match(batch)
    found.refresh_from_db()
    assert found.student == world.pupils[2]
    person_review.separate(world.scope("township_cadre"), batch, found.public_id, NOW)
    matching.match(batch)
    found.refresh_from_db()
    assert (found.student, found.result) == (None, "")
    sure = row_of(batch, world.pupils[3])
    matching.match(batch)
    with pytest.raises(NotPossible):
        person_review.separate(world.scope("township_cadre"), batch, sure.public_id, NOW)


def test_none_of_these_is_a_child_that_nobody_knew(world, batch, entry):
    scope = world.scope("township_cadre")
    made = person_review.none_of_these(scope, batch, entry.public_id, NOW)
    child = made.student
    assert (made.found, child.name, child.known_since) == ("entered", "郑和平", batch.as_of)
    assert child.id_number is None  # it is another child's
    assert entry.candidates.get().refused_at == NOW
    assert not queries.waiting(scope, batch).exists()


def test_a_row_without_birth_date_cannot_become_a_child(world, batch):
    bare = row(batch, name=world.pupils[0].name, sex="1", region=world.village)
    with pytest.raises(NotPossible):
        person_review.none_of_these(world.scope("township_cadre"), batch, bare.public_id, NOW)


def test_only_rows_and_children_in_sight(world, batch, entry):
    stranger = row(batch, name="谁", born_on=date(2015, 1, 1), region=world.other_village)
    with pytest.raises(NotVisible):
        join(world, batch, stranger, world.pupils[0].public_id)
    with pytest.raises(NotVisible):
        join(world, batch, entry, uuid.uuid4())
    with pytest.raises(NotPermitted):
        join(world, batch, entry, world.pupils[0].public_id, "teacher")
    assert not queries.waiting(world.scope("other_cadre"), batch).exists()

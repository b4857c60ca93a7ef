"""Rows of a register are joined to our children, or a person is asked."""

from datetime import date

import pytest

from students.models import Candidate, Guardian, PersonEntry, Student
from students.rules.names import search_keys
from students.services import matching
from tests.support.registers import register, row, row_of
from tests.support.world import id_number, pupil

pytestmark = pytest.mark.django_db
Found = PersonEntry.Found


def joined(entry):
    entry.refresh_from_db()
    return entry.student, entry.found


def asked(entry):
    return list(entry.candidates.order_by("-score", "pk").values_list("student", flat=True))


def renamed(child, name, **changed):
    Student.objects.filter(pk=child.pk).update(name=name, name_keys=search_keys(name), **changed)
    child.refresh_from_db()
    return child


def test_the_number_finds_the_child_wherever_it_has_moved(world):
    batch, child = register(world), world.pupils[0]
    entry = row_of(batch, child, address="别处1号", region=None, head="")
    assert matching.match(batch)[Found.BY_NUMBER] == 1
    assert joined(entry) == (child, Found.BY_NUMBER)


def test_a_number_leads_to_the_record_that_was_kept(world):
    batch, (child, kept) = register(world), world.pupils[:2]
    entry = row_of(batch, child)
    Student.objects.filter(pk=child.pk).update(merged_into=kept)
    matching.match(batch)
    assert joined(entry) == (kept, Found.BY_NUMBER)


def test_one_number_with_two_names_is_shown_to_a_person(world):
    batch, child = register(world), world.pupils[0]
    entry = row_of(batch, child, name="郑和平")
    counts = matching.match(batch)
    assert joined(entry) == (None, "")
    assert asked(entry) == [child.pk]
    assert counts["candidates"] == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"id_number": ""},
        {"id_number": "", "name": "张子寒"},
        {"id_number": "", "name": "张 梓·涵"},
        {"id_number": "", "born_on": date(2013, 4, 5)},
        {"id_number": "", "address": "别处1号", "region": None},
        {"id_number": "330328201305040029"},
        {"name": "张辛涵", "id_number": "33032820130504001X"},
    ],
    ids=["no number", "homophones", "dots", "swapped day", "moved", "one digit", "by number"],
)
def test_errors_that_a_machine_sees_through(world, changed):
    child = world.pupils[0]
    batch = register(world)
    if changed.get("id_number", "").endswith("X"):
        changed = changed | {"id_number": child.id_number}
    elif changed["id_number"]:
        digit = str((int(child.id_number[16]) + 1) % 10)
        changed = changed | {"id_number": child.id_number[:16] + digit + child.id_number[17:]}
    entry = row_of(batch, child, **changed)
    matching.match(batch)
    assert joined(entry) == (child, Found.BY_FACTS)


def test_rare_characters_are_the_usual_ones(world):
    child, batch = renamed(world.pupils[0], "陈𠮷㛃", id_number=None), register(world)
    entry = row_of(batch, child, name="陈吉洁")
    matching.match(batch)
    assert joined(entry) == (child, Found.BY_FACTS)


def test_a_sign_that_nobody_could_type_is_shown_to_a_person(world):
    child, batch = renamed(world.pupils[0], "陈玥㛃", id_number=None), register(world)
    entry = row_of(batch, child, name="陈玥?")
    matching.match(batch)
    assert joined(entry) == (None, "")
    assert asked(entry) == [child.pk]


def test_the_twin_of_a_child_of_ours_is_another_child(world):
    first = world.pupils[0]
    batch = register(world)
    own, twin = row_of(batch, first), row_of(batch, first, name="张梓萱", id_number=id_number(77))
    bare = row_of(batch, first, name="张梓轩", id_number="")
    matching.match(batch)
    assert joined(own) == (first, Found.BY_NUMBER)
    assert joined(twin) == joined(bare) == (None, "")
    assert asked(twin) == []


def test_twins_without_numbers_find_each_their_record(world):
    one = world.pupils[0]
    other = pupil(world.school_class, "张梓萱", world.village, household=one.household)
    Guardian.objects.filter(student=other).update(name=one.guardians.get().name)
    batch = register(world)
    rows = [row_of(batch, child, id_number="") for child in (one, other)]
    matching.match(batch)
    assert [joined(row)[0] for row in rows] == [one, other]


def test_two_children_of_one_name_and_birthday_are_told_apart_by_their_homes(world):
    one = world.pupils[0]
    other = pupil(world.other_class, one.name, world.other_village)
    batch = register(world)
    rows = [row_of(batch, child, id_number="") for child in (one, other)]
    lost = row(batch, name=one.name, born_on=one.born_on, sex="")
    matching.match(batch)
    assert [joined(row)[0] for row in rows] == [one, other]
    assert joined(lost) == (None, "")
    assert sorted(asked(lost)) == sorted([one.pk, other.pk])


def test_nobody_like_it_is_nobody(world):
    batch = register(world)
    entry = row(batch, name="欧阳远", born_on=date(2016, 1, 3), id_number="", head="欧阳明")
    matching.match(batch)
    assert joined(entry) == (None, "")
    assert asked(entry) == []


def test_matching_twice_changes_nothing_and_keeps_what_was_refused(world):
    child, batch = world.pupils[0], register(world)
    entry = row_of(batch, child, name="郑和平")
    matching.match(batch)
    Candidate.objects.update(refused_at=batch.created_at)
    counts = matching.match(batch)
    assert counts[Found.BY_NUMBER] == counts[Found.BY_FACTS] == 0
    assert entry.candidates.get().refused_at == batch.created_at


def test_rows_that_are_gone_from_the_list_mean_nobody(world):
    batch = register(world)
    entry = row_of(batch, world.pupils[0], change=PersonEntry.Change.GONE)
    matching.match(batch)
    assert joined(entry) == (None, "")

"""Two records of one child become one, and can be separated again with both histories."""

from datetime import UTC, date, datetime

import pytest

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from cases.services import merging, opening
from cases.services.opening import ByHand
from students.models import (
    EnrollmentRecord,
    FocusTag,
    Guardian,
    Household,
    Placement,
    RecordMerge,
    Student,
    Transfer,
)
from students.services import merging as records
from tests.support.registers import register, row_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 13, 1, tzinfo=UTC)


@pytest.fixture
def double(world) -> Student:
    """A second record of the first pupil, known only from a register."""
    home = Household.objects.create(county=world.county, region=world.other_village, address="2号")
    child = Student.objects.create(
        county=world.county,
        household=home,
        name=world.pupils[0].name,
        sex="1",
        born_on=world.pupils[0].born_on,
        known_since=date(2026, 8, 31),
    )
    Guardian.objects.create(student=child, name="张大")
    return child


def merge(world, kept, absorbed, reason="户籍重复", role="bureau_staff") -> RecordMerge:
    return merging.merge(world.scope(role), (kept, absorbed), reason, NOW)


def seen(world) -> set[int]:
    return set(Student.objects.visible_to(world.scope("bureau_staff")).values_list("pk", flat=True))


def test_one_child_counts_once_and_two_records_stand_again_after_the_undoing(world, double):
    kept, before = world.pupils[0], seen(world)
    entry = row_of(register(world), double, id_number="")
    entry.student = double
    entry.save()
    tag = FocusTag.objects.create(
        county=world.county,
        student=double,
        group="poor",
        source="乡村振兴局",
        starts_on=date(2026, 9, 1),
        by=world.posts["bureau_staff"],
    )
    made = merge(world, kept, double)
    assert seen(world) == before - {double.pk}
    double.refresh_from_db()
    assert double.merged_into == kept
    assert double.guardians.get().name == "张大"  # both histories stay
    entry.refresh_from_db()
    tag.refresh_from_db()
    assert (entry.student, tag.student) == (kept, kept)
    records.undo(world.scope("bureau_staff"), made.public_id, NOW)
    assert seen(world) == before
    entry.refresh_from_db()
    tag.refresh_from_db()
    kept.refresh_from_db()
    assert (entry.student, tag.student, kept.known_since) == (double, double, None)
    with pytest.raises(NotPossible):
        records.undo(world.scope("bureau_staff"), made.public_id, NOW)


def test_what_only_the_absorbed_record_knew_is_taken_over_and_given_back(world, double):
    kept = world.pupils[0]
    Student.objects.filter(pk=kept.pk).update(known_since=date(2026, 9, 1))
    Student.objects.filter(pk=double.pk).update(completed_on=date(2026, 6, 20))
    made = merge(world, kept, double)
    kept.refresh_from_db()
    assert (kept.known_since, kept.completed_on) == (date(2026, 8, 31), date(2026, 6, 20))
    Student.objects.filter(pk=kept.pk).update(completed_on=date(2026, 6, 30))  # put right since
    records.undo(world.scope("bureau_staff"), made.public_id, NOW)
    kept.refresh_from_db()
    assert (kept.known_since, kept.completed_on) == (date(2026, 9, 1), date(2026, 6, 30))


def test_what_has_to_be_settled_first_is_said_all_at_once(world, double):
    day = date(2026, 9, 1)
    common = {"county": world.county, "student": double}
    EnrollmentRecord.objects.create(
        school=world.school, school_class=world.school_class, starts_on=day, **common
    )
    Placement.objects.create(
        kind="elsewhere", starts_on=day, ends_on=date(2027, 1, 1), proof="证明",
        approved_by=world.posts["bureau_leader"], **common,
    )  # fmt: skip
    Transfer.objects.create(school=world.school, asked_on=day, to="外县", **common)
    opening.open_by_hand(
        world.scope("bureau_staff"), double, ByHand("whereabouts_unknown", day), NOW
    )
    with pytest.raises(NotPossible) as refused:
        merge(world, world.pupils[0], double)
    assert [one.code for one in refused.value.reasons] == [
        "enrolled",
        "placement",
        "transfer",
        "open_case",
    ]
    assert not RecordMerge.objects.exists()


def test_who_may_and_what_is_no_merge(world, double):
    kept = world.pupils[0]
    with pytest.raises(NotPermitted):
        merge(world, kept, double, role="township_cadre")
    with pytest.raises(RuleBroken):
        merge(world, kept, double, reason="  ")
    with pytest.raises(RuleBroken):
        merge(world, kept, kept)
    merge(world, kept, double)
    with pytest.raises(NotPossible):
        merge(world, world.pupils[1], double)
    with pytest.raises(NotPossible):
        merge(world, double, world.pupils[1])
    with pytest.raises(NotVisible):
        records.undo(world.scope("bureau_staff"), kept.public_id, NOW)

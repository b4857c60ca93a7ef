"""Tags of focus groups for a whole list at once: idempotent, never two of a group at a time."""

from datetime import date

import pytest

from students.models import FocusTag
from students.rules.focus import FocusGroup, review_due, seen_groups
from students.services import focus
from students.services.focus import Given
from tests.support.world import World

TODAY = date(2026, 10, 12)
POOR = FocusGroup.POOR


def set_tags(world: World, starts_on: date, ends_on: date | None = None, pupils: int = 3) -> int:
    given = Given("县乡村振兴局 名单", starts_on, ends_on)
    ids = [child.pk for child in world.pupils[:pupils]]
    return focus.tag(ids, POOR, given, world.posts["bureau_staff"].pk, TODAY)


def periods(world: World) -> list[tuple[date, date | None]]:
    rows = FocusTag.objects.filter(student=world.pupils[0], group=POOR).order_by("starts_on")
    return list(rows.values_list("starts_on", "ends_on"))


def test_a_list_tags_its_children_once_in_four_statements(
    world: World, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):  # two of them are the savepoint
        assert set_tags(world, date(2026, 9, 1)) == 3
    assert set_tags(world, date(2026, 9, 1)) == 0
    assert FocusTag.objects.count() == 3
    assert FocusTag.objects.filter(reviewed_on=TODAY, source="县乡村振兴局 名单").count() == 3


YEAR_25 = (date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "after"),
    [
        (date(2025, 3, 1), date(2025, 6, 1), [YEAR_25]),
        (date(2025, 6, 1), None, [(date(2025, 1, 1), None)]),
        (date(2024, 1, 1), date(2025, 1, 1), [(date(2024, 1, 1), YEAR_25[1])]),
        (date(2026, 1, 1), None, [YEAR_25, (date(2026, 1, 1), None)]),
        (date(2024, 1, 1), date(2024, 12, 31), [(date(2024, 1, 1), date(2024, 12, 31)), YEAR_25]),
    ],
)
def test_what_overlaps_makes_the_tag_longer(
    world: World, starts_on: date, ends_on: date | None, after: list
):
    set_tags(world, *YEAR_25, pupils=1)
    set_tags(world, starts_on, ends_on, pupils=1)
    assert periods(world) == after


def test_a_period_that_joins_two_tags_makes_one(world: World):
    set_tags(world, *YEAR_25, pupils=1)
    set_tags(world, date(2026, 3, 1), None, pupils=1)
    assert set_tags(world, date(2025, 12, 1), date(2026, 4, 1), pupils=1) == 1
    assert periods(world) == [(date(2025, 1, 1), None)]


def test_a_group_ends_and_a_tag_that_had_not_begun_goes(world: World):
    set_tags(world, *YEAR_25, pupils=1)
    set_tags(world, date(2027, 1, 1), pupils=1)
    ids = [world.pupils[0].pk]
    assert focus.end(ids, POOR, date(2025, 10, 1)) == 2
    assert focus.end(ids, POOR, date(2025, 10, 1)) == 0
    assert periods(world) == [(date(2025, 1, 1), date(2025, 10, 1))]


def test_no_list_stands_for_the_yearly_check_of_a_disabled_child(world: World):
    given = Given("县残联 名单", date(2026, 9, 1))
    by = world.posts["bureau_staff"].pk
    for _again in range(2):
        focus.tag([world.pupils[0].pk], FocusGroup.DISABLED, given, by, TODAY)
    assert FocusTag.objects.get().reviewed_on is None


def test_both_left_behind_definitions_hold_apart(world: World):
    by = world.posts["bureau_staff"].pk
    for group in (FocusGroup.LEFT_BEHIND_BOTH, FocusGroup.LEFT_BEHIND_PROVINCE):
        focus.tag([world.pupils[0].pk], group, Given("学校", TODAY), by, TODAY)
    assert FocusTag.objects.filter(student=world.pupils[0]).count() == 2


def test_poverty_and_parents_are_seen_by_whom_it_concerns():
    assert FocusGroup.PARENT_PRISON not in seen_groups(may_tag=False)
    assert FocusGroup.LEFT_BEHIND_ONE in seen_groups(may_tag=False)
    assert set(seen_groups(may_tag=True)) == set(FocusGroup)


def test_a_review_is_due_a_year_after_the_last():
    assert review_due(date(2026, 10, 12), 365) == date(2027, 10, 12)

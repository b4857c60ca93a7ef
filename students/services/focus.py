"""Focus tags: set, extended, ended and reviewed, for a whole list at once (S1-42, S2-43).

Whoever sets a tag says that it holds today: that is its first review. A list that names a child
again is a review too. What a disabled child needs is a check of its placement, which no list
replaces (students/services/disability.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from agencies.models.bases import valid_on
from agencies.services import obligations
from students.models import FocusTag, Student
from students.rules.focus import FocusGroup, review_key

BATCH = 1000


@dataclass(frozen=True)
class Given:
    """Who says so, and from when to when. batch_id: the list that it came with."""

    source: str
    starts_on: date
    ends_on: date | None = None
    batch_id: int | None = None


@transaction.atomic
def tag(
    student_ids: Iterable[int], group: FocusGroup, given: Given, by_post_id: int, today: date
) -> int:
    """Tag these children. Where a tag of the group overlaps, that one is made longer instead.

    Safe to repeat. Returns how many tags were made or made longer.
    """
    ids = sorted(set(student_ids))
    children = dict(
        Student.objects.filter(pk__in=ids)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", "county_id")
    )
    present = _overlapping(children, group, given)
    listed = group != FocusGroup.DISABLED
    first = {"reviewed_on": today, "reviewed_by_id": by_post_id} if listed else {}
    made = [
        FocusTag(
            county_id=county,
            student_id=pk,
            group=group,
            source=given.source,
            starts_on=given.starts_on,
            ends_on=given.ends_on,
            batch_id=given.batch_id,
            by_id=by_post_id,
            **first,
        )
        for pk, county in children.items()
        if pk not in present
    ]
    FocusTag.objects.bulk_create(made, batch_size=BATCH)
    longer = sum(_extend(tags, given) for tags in present.values())
    if listed:
        _reviewed([tags[0].pk for tags in present.values()], by_post_id, today)
    return len(made) + longer


def _overlapping(
    children: Collection[int], group: FocusGroup, given: Given
) -> dict[int, list[FocusTag]]:
    """The tags of each child that share a day with the period, in order."""
    rows = FocusTag.objects.filter(student__in=list(children), group=group).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=given.starts_on)
    )
    if given.ends_on:
        rows = rows.filter(starts_on__lte=given.ends_on)
    found: dict[int, list[FocusTag]] = defaultdict(list)
    for row in rows.order_by("starts_on"):
        found[row.student_id].append(row)
    return found


def _extend(tags: list[FocusTag], given: Given) -> bool:
    """The first takes up the others and the period; whether it became longer."""
    first, *others = tags
    before = (first.starts_on, first.ends_on)
    ends = [given.ends_on, *(one.ends_on for one in tags)]
    first.starts_on = min(given.starts_on, first.starts_on)
    first.ends_on = None if None in ends else max(day for day in ends if day)
    if (first.starts_on, first.ends_on) == before:
        return False
    FocusTag.objects.filter(pk__in=[one.pk for one in others]).delete()
    first.save(update_fields=["starts_on", "ends_on"])
    return True


@transaction.atomic
def end(student_ids: Iterable[int], group: FocusGroup, on: date) -> int:
    """The group does not hold any more after this day; a tag that began later goes.

    What was owed for it falls away with the next sweep. Returns how many tags have ended.
    """
    rows = FocusTag.objects.filter(student__in=list(student_ids), group=group)
    gone, _by_model = rows.filter(starts_on__gt=on).delete()
    return gone + rows.filter(valid_on(on)).exclude(ends_on=on).update(ends_on=on)


@transaction.atomic
def review(tag_ids: Iterable[int], by_post_id: int, today: date, now: datetime) -> int:
    """The tags still hold: what was owed for them is met. Returns how many were reviewed."""
    rows = list(FocusTag.objects.filter(pk__in=list(tag_ids)).select_for_update(of=("self",)))
    keys = [review_key(row.public_id, row.checked_on) for row in rows]
    for county in {row.county_id for row in rows}:
        obligations.fulfil_keys(county, keys, now)
    return _reviewed([row.pk for row in rows], by_post_id, today)


def _reviewed(pks: Collection[int], by_post_id: int, today: date) -> int:
    rows = FocusTag.objects.filter(pk__in=list(pks))
    return rows.update(reviewed_on=today, reviewed_by=by_post_id)

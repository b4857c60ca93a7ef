"""Applying a checked list, all of it or nothing: each row is joined to a child of ours.

Who is on a population register and unknown to us becomes a child without a school. The other lists
make no children: they tag those whom they mean, and who is on them no more loses the tag.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from agencies.models import Region
from agencies.rules.deadlines import CHINA
from students.models import FocusTag, PersonList
from students.queries import person_lists
from students.rules.focus import FocusGroup
from students.services import focus, list_children, list_facts, matching
from students.services.focus import Given

BATCH = 2000
DAY = timedelta(days=1)
Progress = Callable[[int], None]
# What was found or decided about the row of the same person on the list before holds.
CARRY = """
UPDATE students_personentry e
SET student_id = coalesce(s.merged_into_id, s.id), found = p.found
FROM students_personentry p JOIN students_student s ON s.id = p.student_id
WHERE e.batch_id = %(batch)s AND e.previous_id = p.id AND e.student_id IS NULL
"""
IN_SCHOOL = """
UPDATE students_personentry e SET result = 'in_school', checked_at = %(now)s
WHERE e.batch_id = %(batch)s AND e.change IN ('new', 'changed', 'unchanged') AND e.result = ''
  AND EXISTS (
    SELECT FROM students_enrollmentrecord r
    WHERE r.student_id = e.student_id AND r.starts_on <= %(today)s
      AND (r.ends_on IS NULL OR r.ends_on >= %(today)s))
"""


class Overtaken(Exception):
    """Another list of the kind was applied since this one was compared."""


@transaction.atomic
def apply(batch: PersonList, now: datetime, progress: Progress) -> None:
    """Join the rows of a list that is being applied, and enter or tag children.

    progress is told the number of rows done. Raises Overtaken; nothing is changed then.
    """
    Region.objects.select_for_update(no_key=True).get(pk=batch.county_id)  # one list at a time
    if person_lists.is_overtaken(batch):
        raise Overtaken
    today = now.astimezone(CHINA).date()
    values = {"batch": batch.pk, "now": now, "today": today}
    _run(CARRY, values)
    matching.match(batch)
    if batch.is_register:
        _enter(batch, progress)
        list_facts.give(batch)
        _run(IN_SCHOOL, values)
    else:
        _tag(batch, today)
    batch.state = PersonList.State.APPLIED
    batch.applied_at = now
    batch.save(update_fields=["state", "applied_at"])


def _run(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _enter(batch: PersonList, progress: Progress) -> None:
    unknown = person_lists.undecided(batch)
    done = person_lists.to_apply(batch) - unknown.count()
    progress(done)
    last = 0
    homes = list_children.known_homes(batch, unknown.values_list("head", flat=True))
    while entries := list(unknown.filter(pk__gt=last)[:BATCH]):
        list_children.enter(batch, entries, homes)
        last = entries[-1].pk
        done += len(entries)
        progress(done)


def _tag(batch: PersonList, today: date) -> None:
    """Whom the list means gets its tags; a tag that a list of the kind gave, and this one does not
    give again, has ended on the day before.
    """
    meant = batch.entries.standing().filter(student__isnull=False)
    given = Given(batch.provider.name, batch.as_of, batch_id=batch.pk)
    by_list = FocusTag.objects.filter(county_id=batch.county_id, batch__kind=batch.kind)
    for group in FocusGroup:
        named = set(meant.filter(detail__group=group).values_list("student_id", flat=True))
        before = by_list.filter(group=group).on(batch.as_of).values_list("student_id", flat=True)
        if gone := set(before) - named:
            focus.end(gone, group, batch.as_of - DAY)
        if named and batch.confirmed_by_id:
            focus.tag(named, group, given, batch.confirmed_by_id, today)

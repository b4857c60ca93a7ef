"""Applying a checked list, all of it or nothing: each row is joined to a child of ours.

Who is on a population register and unknown to us becomes a child without a school. The other lists
make no children: they tag those whom they mean, and who is on them no more loses the tag.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from agencies.models import Region
from agencies.rules.deadlines import CHINA
from students.models import PersonList
from students.queries import person_lists
from students.services import list_children, list_facts, list_tags, matching

BATCH = 2000
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
        list_tags.give(batch, today)
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

"""Tags of the lists that make no children: whom a list means gets its group, who is gone loses it.

A list of disability also names grown-ups. Where one is certainly a parent of a child of ours, the
child is one of a disabled person (S1-42): no list says so by itself.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.db import connection

from students.models import FocusTag, PersonList
from students.rules.focus import PARENT, FocusGroup
from students.rules.person_list import ListKind
from students.services import focus
from students.services.focus import Given

DAY = timedelta(days=1)
# Rows that mean nobody of ours, and the children of that village of whom a parent has the name.
PARENTS = """
SELECT e.id, s.household_id, s.id
FROM students_personentry e
JOIN agencies_region village ON village.id = e.region_id AND village.level = 'village'
JOIN students_guardian adult ON adult.name = e.name AND adult.relation ~ %(parent)s
JOIN students_student s ON s.id = adult.student_id AND s.merged_into_id IS NULL
JOIN students_household home ON home.id = s.household_id AND home.region_id = e.region_id
WHERE e.batch_id = %(batch)s AND e.student_id IS NULL
  AND e.change IN ('new', 'changed', 'unchanged')
  AND (e.born_on IS NULL OR e.born_on < s.born_on)
"""


def give(batch: PersonList, today: date) -> None:
    """Tag whom the list means. A tag that a list of the kind gave, and this one does not give
    again, has ended on the day before.
    """
    meant = batch.entries.standing().filter(student__isnull=False)
    given = Given(batch.provider.name, batch.as_of, batch_id=batch.pk)
    by_list = FocusTag.objects.filter(county_id=batch.county_id, batch__kind=batch.kind)
    for group in FocusGroup:
        named = set(meant.filter(detail__group=group).values_list("student_id", flat=True))
        if batch.kind == ListKind.DISABILITY and group == FocusGroup.PARENT_DISABLED:
            named |= _children_of(batch)
        before = by_list.filter(group=group).on(batch.as_of).values_list("student_id", flat=True)
        if gone := set(before) - named:
            focus.end(gone, group, batch.as_of - DAY)
        if named and batch.confirmed_by_id:
            focus.tag(named, group, given, batch.confirmed_by_id, today)


def _children_of(batch: PersonList) -> set[int]:
    """Children of the grown-ups on the list. Namesakes in two households of a village are left out:
    nobody can say from the list which one it is.
    """
    homes: dict[int, set[int]] = defaultdict(set)
    children: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(PARENTS, {"batch": batch.pk, "parent": PARENT})
        for entry, home, child in cursor.fetchall():
            homes[entry].add(home)
            children[entry].add(child)
    sure = [entry for entry, found in homes.items() if len(found) == 1]
    return {child for entry in sure for child in children[entry]}

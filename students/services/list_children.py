"""Children whom only a list knows: entered without a school, unaccounted for from its day on.

A child goes to the household of a sibling when that is certain: the same address, the same head
of the household and the same place here, and one household only. Without the place, children of two
townships whose list says no more than the city they went to would share a household.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from django.db import connection

from students.models import Guardian, Household, PersonEntry, PersonList, Student
from students.rules.names import search_keys
from students.services import bulk

BATCH = 2000
HEAD = "户主"
Home = tuple[str, str, int]  # the address, the head of the household, the place here

# Of the children whom the list names, and of those on record: address, head, place, household.
ON_LIST = """
SELECT coalesce(nullif(e.lives_at, ''), e.address), e.head, h.region_id, h.id
FROM students_personentry e
JOIN students_student s ON s.id = e.student_id
JOIN students_household h ON h.id = s.household_id
WHERE e.batch_id = %(batch)s AND e.change IN ('new', 'changed', 'unchanged')
  AND e.head = ANY(%(heads)s)
"""
ON_RECORD = """
SELECT h.address, g.name, h.region_id, h.id
FROM students_guardian g
JOIN students_student s ON s.id = g.student_id
JOIN students_household h ON h.id = s.household_id
WHERE g.name = ANY(%(heads)s) AND h.county_id = %(county)s AND h.address <> ''
"""
JOIN = """
UPDATE students_personentry e SET student_id = v.student, found = 'entered'
FROM unnest(%s::bigint[], %s::bigint[]) AS v(entry, student)
WHERE e.id = v.entry
"""


Homes = dict[Home, Household]


def known_homes(batch: PersonList, heads: Iterable[str]) -> Homes:
    """The households that are the only one of their kind, of these heads. Two queries."""
    found: dict[Home, set[int]] = defaultdict(set)
    values: dict[str, Any] = {
        "batch": batch.pk,
        "county": batch.county_id,
        "heads": sorted(set(heads) - {""}),
    }
    with connection.cursor() as cursor:
        for statement in (ON_LIST, ON_RECORD):
            cursor.execute(statement, values)
            for address, head, region, household in cursor.fetchall():
                found[address, head, region].add(household)
    return {key: Household(pk=homes.pop()) for key, homes in found.items() if len(homes) == 1}


def enter(
    batch: PersonList, entries: Sequence[PersonEntry], known: Homes | None = None
) -> list[Student]:
    """A child, known since the day of the list, for each of these rows, in their order.

    The rows must have sex and birth date, as those of a register do. The caller has made sure that
    they mean nobody of ours. known: the households of known_homes, to which those that are made
    here are added; whoever enters a whole list gives them. A fixed number of statements.
    """
    if known is None:
        known = known_homes(batch, (entry.head for entry in entries))
    households = _households(batch, entries, known)
    students = Student.objects.bulk_create(
        [_student(batch, entry, home) for entry, home in zip(entries, households, strict=True)],
        batch_size=BATCH,
    )
    pairs = list(zip(students, entries, strict=True))
    bulk.copy(
        Guardian,
        ("student", "order", "name", "relation", "phone", "is_guardian"),
        (row for student, entry in pairs for row in _adults(student, entry)),
    )
    with connection.cursor() as cursor:
        cursor.execute(JOIN, [[entry.pk for entry in entries], [one.pk for one in students]])
    return students


def _student(batch: PersonList, entry: PersonEntry, home: Household) -> Student:
    return Student(
        county_id=batch.county_id,
        household=home,
        name=entry.name,
        name_keys=search_keys(entry.name)[:200],
        sex=entry.sex,
        born_on=cast(date, entry.born_on),
        id_number=entry.id_number or None,
        registered_at=entry.address,
        known_since=batch.as_of,
    )


def _adults(student: Student, entry: PersonEntry) -> list[tuple[int, int, str, str, str, bool]]:
    """The guardian that the list names, and the head of the household, who need not be one."""
    adults = []
    guardian = entry.detail.get("guardian", "")
    if guardian:
        adults.append((student.pk, 1, guardian[:40], "", "", True))
    if entry.head and entry.head not in (entry.name, guardian):
        adults.append((student.pk, len(adults) + 1, entry.head, HEAD, "", False))
    return adults


def _place(entry: PersonEntry) -> str:
    return entry.lives_at or entry.address


def _households(batch: PersonList, entries: Sequence[PersonEntry], known: Homes) -> list[Household]:
    homes, new = [], []
    for entry in entries:
        region = entry.region_id or batch.provider.region_id
        key = (_place(entry), entry.head, region)
        found = known.get(key) if all(key) else None
        if found is None:
            found = Household(county_id=batch.county_id, region_id=region, address=_place(entry))
            new.append(found)
            known[key] = found
        homes.append(found)
    Household.objects.bulk_create(new, batch_size=BATCH)
    return homes

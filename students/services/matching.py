"""Which child of ours each row of a list means: by the number, by the facts, or a person is asked.

The choice and its figures: docs/adr/0020.
"""

from collections import Counter

from django.db import connection, transaction

from students.models import Candidate, PersonEntry, PersonList
from students.queries import person_match
from students.rules.matching import Pair, score, settle

Found = PersonEntry.Found

# A record that became part of another one leads to the record that was kept. A number whose holder
# has another name with us is compared like a row without one.
BY_NUMBER = """
UPDATE students_personentry entry
SET student_id = coalesce(child.merged_into_id, child.id), found = 'by_number'
FROM students_student child
WHERE entry.batch_id = %(batch)s AND entry.student_id IS NULL AND entry.change <> 'gone'
  AND entry.id_number <> '' AND child.county_id = %(county)s
  AND child.id_number = entry.id_number AND child.name = entry.name
"""
BY_FACTS = """
UPDATE students_personentry entry SET student_id = given.student, found = 'by_facts'
FROM unnest(%s::bigint[], %s::bigint[]) AS given (entry, student) WHERE entry.id = given.entry
"""


@transaction.atomic
def match(batch: PersonList) -> Counter[str]:
    """Join the rows that have no child yet, and keep candidates for those that a person decides on.

    Returns how many were found in which way, and "candidates": rows that have some.
    """
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(BY_NUMBER, {"batch": batch.pk, "county": batch.county_id})
        counts[Found.BY_NUMBER] = cursor.rowcount
        Candidate.objects.filter(entry__batch=batch, refused_at__isnull=True).delete()
        if not person_match.prepare(batch):
            return counts
        settled = settle(person_match.pairs())
        found = [(pair.entry, pair.student) for pair in settled.certain]
        cursor.execute(BY_FACTS, [list(side) for side in zip(*found, strict=True)] or [[], []])
        counts[Found.BY_FACTS] = len(found)
    counts["candidates"] = len(settled.asked)
    _ask([pair for several in settled.asked.values() for pair in several])
    return counts


def _ask(pairs: list[Pair]) -> None:
    rows = [
        Candidate(
            entry_id=pair.entry,
            student_id=pair.student,
            score=score(pair.agreement),
            agrees=pair.agreement.levels,
        )
        for pair in pairs
    ]
    Candidate.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)

"""Which child of ours each row of a list means."""

from collections import Counter

from django.db import connection, transaction

from students.models import PersonEntry, PersonList

# A record that became part of another one leads to the record that was kept.
BY_NUMBER = """
UPDATE students_personentry entry
SET student_id = coalesce(child.merged_into_id, child.id), found = 'by_number'
FROM students_student child
WHERE entry.batch_id = %(batch)s AND entry.student_id IS NULL AND entry.change <> 'gone'
  AND entry.id_number <> '' AND child.county_id = %(county)s
  AND child.id_number = entry.id_number
"""


@transaction.atomic
def match(batch: PersonList) -> Counter[str]:
    """Join the rows that have no child yet. Returns how many were found in which way."""
    with connection.cursor() as cursor:
        cursor.execute(BY_NUMBER, {"batch": batch.pk, "county": batch.county_id})
        return Counter({PersonEntry.Found.BY_NUMBER: cursor.rowcount})

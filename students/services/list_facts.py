"""What rows of the register fill in where the record of their child says nothing.

The registered residence, and the ID number of a child that was found by the facts or by a person.
What is there is never overwritten: a number that differs is a question
(PersonEntryQuerySet.differing). "gave" keeps what stood there before.
"""

from django.db import connection

from students.models import PersonEntry, PersonList

# entry 0: all rows of the list.
RESIDENCE = """
WITH given AS (
  UPDATE students_student s SET registered_at = e.address
  FROM students_personentry e
  WHERE e.batch_id = %(batch)s AND %(entry)s IN (0, e.id)
    AND e.change IN ('new', 'changed', 'unchanged')
    AND e.student_id = s.id AND e.address <> '' AND s.registered_at = ''
  RETURNING e.id)
UPDATE students_personentry e SET gave = gave || '{"registered_at": ""}'
FROM given WHERE e.id = given.id
"""
# The number has to fit the record. Two rows of one child, or a number that another child has, are
# for a person to settle.
NUMBER = """
WITH given AS (
  UPDATE students_student s SET id_number = e.id_number, no_id_reason = ''
  FROM students_personentry e JOIN students_student old ON old.id = e.student_id
  WHERE e.batch_id = %(batch)s AND %(entry)s IN (0, e.id)
    AND e.change IN ('new', 'changed', 'unchanged')
    AND s.id = old.id AND e.found IN ('by_facts', 'by_hand')
    AND e.id_number <> '' AND s.id_number IS NULL
    AND substr(e.id_number, 7, 8) = to_char(s.born_on, 'YYYYMMDD')
    AND NOT EXISTS (SELECT FROM students_student other
                    WHERE other.county_id = s.county_id AND other.id_number = e.id_number)
    AND NOT EXISTS (SELECT FROM students_personentry twin
                    WHERE twin.batch_id = e.batch_id AND twin.id <> e.id
                      AND twin.change IN ('new', 'changed', 'unchanged') AND twin.student_id = s.id)
  RETURNING e.id, old.no_id_reason)
UPDATE students_personentry e
SET gave = gave || jsonb_build_object('id_number', given.no_id_reason)
FROM given WHERE e.id = given.id
"""
NO_RESIDENCE = """
UPDATE students_student s SET registered_at = ''
FROM students_personentry e
WHERE e.batch_id = %(batch)s AND %(entry)s IN (0, e.id)
  AND e.student_id = s.id AND e.gave ? 'registered_at' AND s.registered_at = e.address
"""
NO_NUMBER = """
UPDATE students_student s SET id_number = NULL, no_id_reason = e.gave ->> 'id_number'
FROM students_personentry e
WHERE e.batch_id = %(batch)s AND %(entry)s IN (0, e.id)
  AND e.student_id = s.id AND e.gave ? 'id_number' AND s.id_number = e.id_number
"""
NOTHING_GIVEN = """
UPDATE students_personentry e SET gave = '{}'
WHERE e.batch_id = %(batch)s AND %(entry)s IN (0, e.id) AND e.gave <> '{}'
"""


def give(batch: PersonList, entry: PersonEntry | None = None) -> None:
    """Fill in what all rows say, or this one."""
    _run((RESIDENCE, NUMBER), batch, entry)


def take_back(batch: PersonList, entry: PersonEntry | None = None) -> None:
    """The records say nothing again, as far as nobody has changed it since."""
    _run((NO_RESIDENCE, NO_NUMBER, NOTHING_GIVEN), batch, entry)


def _run(statements: tuple[str, ...], batch: PersonList, entry: PersonEntry | None) -> None:
    values = {"batch": batch.pk, "entry": entry.pk if entry else 0}
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)

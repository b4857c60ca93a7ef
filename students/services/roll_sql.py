"""The one statement that stores a roll: roll, marks, revision and audit together or not at all.

Written as SQL because a morning has 900 of them: one round trip however many pupils, and the
comparison of the version is part of the write, so two savers cannot both win.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

STORE = """
WITH roll AS (
    INSERT INTO students_roll
        (county_id, school_class_id, day, state, reason, taken_by_id, taken_at, version)
    VALUES (%(county)s, %(school_class)s, %(day)s, %(state)s, %(reason)s, %(by)s, %(now)s, 1)
    ON CONFLICT (school_class_id, day) DO UPDATE
        SET state = excluded.state, reason = excluded.reason, taken_by_id = excluded.taken_by_id,
            taken_at = excluded.taken_at, version = students_roll.version + 1
        WHERE students_roll.version = %(version)s
    RETURNING id, version
), revision AS (
    INSERT INTO students_rollrevision (roll_id, version, state, marks, reason, by_id, at)
    SELECT id, version - 1, %(old_state)s, %(old_marks)s::jsonb, %(reason)s, %(by)s, %(now)s
    FROM roll WHERE version > 1
), removed AS (
    DELETE FROM students_rollmark mark USING roll
    WHERE mark.roll_id = roll.id AND mark.student_id <> ALL (%(students)s::bigint[])
), stored AS (
    INSERT INTO students_rollmark (county_id, roll_id, student_id, day, mark, reason)
    SELECT %(county)s, roll.id, given.student, %(day)s, given.mark, given.reason
    FROM roll, unnest(%(students)s::bigint[], %(marks)s::text[], %(reasons)s::text[])
        AS given (student, mark, reason)
    ON CONFLICT (student_id, day) DO UPDATE
        SET mark = excluded.mark, reason = excluded.reason, roll_id = excluded.roll_id
), audit AS (
    INSERT INTO agencies_auditevent
        (at, county_id, user_id, post_id, verb, subject, detail, request)
    SELECT %(now)s, %(county)s, %(user)s, %(by)s, 'roll.save', %(subject)s,
           jsonb_build_object('day', %(day)s::date, 'version', version,
                              'marks', cardinality(%(students)s::bigint[])), ''
    FROM roll
)
SELECT id, version FROM roll
"""


@dataclass(frozen=True)
class Stored:
    """What the statement needs. version: the one that the saver saw; 0: no roll yet."""

    county: int
    school_class: int
    subject: str
    day: date
    state: str
    reason: str
    by: int
    user: int
    now: datetime
    version: int
    old_state: str
    old_marks: str
    students: list[int]
    marks: list[str]
    reasons: list[str]


def store(row: Stored) -> tuple[int, int] | None:
    """Store the roll. Returns its id and new version, or None when somebody was quicker."""
    with connection.cursor() as cursor:
        cursor.execute(STORE, row.__dict__)
        found = cursor.fetchone()
    return (found[0], found[1]) if found else None

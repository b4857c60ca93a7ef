"""Enrollment x attendance of a county beside one plain statement that counts the same children."""

from django.urls import reverse

from agencies.access import scope_of
from agencies.rules.duties import Position
from bench import county, floors
from bench.measure import Found, Measured, Size, get, in_turn, statements
from reporting.queries.attendance import by_school, last_rolls
from reporting.queries.attendance_sql import PRESENT

# Who was present in one of the last rolls of its class: no case, no placement, no names.
PLAIN = f"""
WITH recent AS (
    SELECT id, school_class_id FROM (
        SELECT r.id, r.school_class_id,
            row_number() OVER (PARTITION BY r.school_class_id ORDER BY r.day DESC) AS place
        FROM students_roll r WHERE r.county_id = %(county)s AND r.state = 'taken'
            AND r.day BETWEEN %(since)s AND %(on)s
    ) r WHERE r.place <= %(rolls)s
), called AS (
    SELECT e.student_id, e.school_id,
        bool_or(r.id IS NOT NULL AND (m.id IS NULL OR m.mark IN ({PRESENT}))) AS seen
    FROM students_enrollmentrecord e
    LEFT JOIN recent r ON r.school_class_id = e.school_class_id
    LEFT JOIN students_rollmark m ON m.roll_id = r.id AND m.student_id = e.student_id
    WHERE e.county_id = %(county)s AND e.starts_on <= %(on)s
        AND (e.ends_on IS NULL OR e.ends_on >= %(on)s)
    GROUP BY 1, 2
)
SELECT school_id, count(*), count(*) FILTER (WHERE seen) FROM called GROUP BY 1"""


def whole_county(size: Size, rounds: int) -> Found:
    """The page of the bureau. Both look at the same children."""
    staff = county.holder(Position.BUREAU_STAFF)
    client, scope = county.client_of(staff), scope_of(staff)
    asked = last_rolls(scope.county_id, scope.on)
    same = sum(number for _school, number, _seen in floors.query(PLAIN, **asked))
    ours = sum(line.total for line in by_school(scope))
    assert ours == same > 0, (ours, same)
    url = reverse("records_attendance")
    found = Measured(queries=statements(lambda _: get(client, url), 0))
    found.ours, found.floor = in_turn(
        rounds, lambda _: get(client, url), lambda _: floors.query(PLAIN, **asked)
    )
    return {"attendance": found}

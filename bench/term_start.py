"""Opening a term, and the county's page of its full check, beside the plain SQL of the same."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.urls import reverse

from agencies import clock
from agencies.models import Obligation, Region, User
from bench import big_term, county, floors
from bench.measure import Found, Measured, Size, get, in_turn, statements
from reporting.queries import census
from students.models import Term
from students.services import terms
from students.services.terms import TermDates

# The same rows with the same columns and indexes: three duties of every school, dates as constants.
OPEN = """
INSERT INTO agencies_obligation (public_id, county_id, kind, key, subject, href, region_path,
    owed_by_id, owed_to_id, starts_on, due_on, due_at, provisional, basis, clause, moments, levels,
    step, round, next_check_at, level, waived_because)
SELECT gen_random_uuid(), s.county_id, k.kind, k.kind || ':plain:' || s.code, s.name,
    '/terms/plain/' || s.code || '/', r.path, s.id, b.id, %(opens)s, k.due_on,
    k.due_on + interval '1 day', false, %(basis)s::jsonb, 'S1-51',
    ARRAY[k.due_on - 3, k.due_on - 1, k.due_on + 1, k.due_on + 2, k.due_on + 4]::timestamptz[],
    ARRAY[0, 0, 1, 2, 3]::smallint[], 0, 0, k.due_on - 3, 0, ''
FROM agencies_agency s
JOIN agencies_region r ON r.id = s.region_id
JOIN agencies_agency b ON b.county_id = s.county_id AND b.kind = 'bureau',
    (VALUES ('census', DATE '2026-09-07'), ('term_report', DATE '2026-09-11'),
        ('roll', DATE '2026-09-01')) AS k (kind, due_on)
WHERE s.kind = 'school'
"""
BASIS = '{"policy": "term.census_days", "length": 5, "unit": "calendar_days", "source": "文政办发"}'
# Expected: the last roster in the next grade, and the new ones at the school of their zone. Who was
# plainly present once has come; the rest is explained by leave alone, or missing.
CHECK = """
WITH expected AS (
    SELECT e.student_id, e.school_id FROM students_enrollmentrecord e
    JOIN students_schoolclass c ON c.id = e.school_class_id
    WHERE e.county_id = %(county)s AND e.starts_on <= '2026-08-31' AND e.ends_on >= '2026-08-31'
        AND c.grade < 9
    UNION ALL
    SELECT st.id, z.school_id FROM students_student st
    JOIN students_household h ON h.id = st.household_id
    JOIN students_catchment z ON z.region_id = h.region_id AND z.grade = 1
    WHERE st.county_id = %(county)s AND st.born_on BETWEEN '2019-09-01' AND '2020-08-31'
        AND NOT EXISTS (SELECT FROM students_enrollmentrecord o
            WHERE o.student_id = st.id AND o.starts_on <= '2026-08-31')
), called AS (
    SELECT school_class_id, count(*) AS n FROM students_roll
    WHERE county_id = %(county)s AND day BETWEEN '2026-09-01' AND '2026-09-05'
    GROUP BY school_class_id
), marked AS (
    SELECT student_id, count(*) AS n, bool_and(mark IN ('sick_leave', 'personal_leave')) AS leave
    FROM students_rollmark
    WHERE county_id = %(county)s AND day BETWEEN '2026-09-01' AND '2026-09-05'
    GROUP BY student_id
)
SELECT x.school_id, count(*),
    count(*) FILTER (WHERE n.school_id = x.school_id AND c.n > COALESCE(m.n, 0)),
    count(*) FILTER (WHERE n.school_id <> x.school_id
        OR (n.school_id = x.school_id AND c.n = m.n AND m.leave))
FROM expected x
LEFT JOIN students_enrollmentrecord n ON n.student_id = x.student_id
    AND n.starts_on <= '2026-09-05' AND (n.ends_on IS NULL OR n.ends_on >= '2026-09-05')
LEFT JOIN called c ON c.school_class_id = n.school_class_id
LEFT JOIN marked m ON m.student_id = x.student_id
GROUP BY x.school_id
"""


def term_start(size: Size, rounds: int) -> Found:
    """In a county of its own: 300 schools and 150,000 pupils, a few in the smoke run."""
    county.use(big_term.ready(big_term.SCHOOLS if size.scale >= 1 else 6))
    with _day(big_term.TODAY):
        return {"term_open": _opening(rounds), "term_county": _page(rounds)}


@contextmanager
def _day(moment: str) -> Iterator[None]:
    before = os.environ.get("NOW")
    os.environ["NOW"] = moment
    try:
        yield
    finally:
        os.environ.pop("NOW")
        if before:
            os.environ["NOW"] = before


def _opening(rounds: int) -> Measured:
    Obligation.objects.all().delete()
    Term.objects.filter(starts_on=big_term.OPENS).delete()
    region = Region.objects.get(code="330328000000", ends_on=None)
    dates = TermDates(2026, "autumn", big_term.OPENS, big_term.ENDS)

    @transaction.atomic
    def ours(_: int) -> None:
        terms.open_term(region, dates, clock.now())
        transaction.set_rollback(True)

    @transaction.atomic
    def plain(_: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(OPEN, {"opens": big_term.OPENS, "basis": BASIS})
        transaction.set_rollback(True)

    found = Measured(queries=statements(ours, 0))
    found.ours, found.floor = in_turn(rounds, ours, plain)
    return found


def _page(rounds: int) -> Measured:
    region = Region.objects.get(code="330328000000", ends_on=None)
    dates = TermDates(2026, "autumn", big_term.OPENS, big_term.ENDS)
    term = terms.open_term(region, dates, clock.now())
    plain = {row[0]: row[1:] for row in floors.query(CHECK, county=region.pk)}
    ours = census.of_county(term, clock.today()).schools
    same = {pk: (of.expected, of.arrived, of.explained) for pk, of in ours.items()}
    assert same == plain, ("the floor does not count the same", same, plain)
    client = county.client_of(User.objects.get(username="bureau"))
    url = reverse("term_progress", args=(term.public_id,))
    found = Measured(queries=statements(lambda _: get(client, url), 0))
    found.ours, found.floor = in_turn(
        rounds, lambda _: get(client, url), lambda _: floors.query(CHECK, county=region.pk)
    )
    return found

"""A county of 300 schools and 150,000 pupils at the start of a term, made by SQL.

Two classes in each of nine grades; the pupils were there last term in the grade below, grade 1 is
new; the rolls of four days are in, three of a hundred are absent on each. Each school has a village
as its zone, where nine of ten of its pupils live; the tenth lives in that of another school.
"""

from contextlib import closing
from datetime import date

import psycopg2

from bench import county

SCHOOLS, PUPILS_IN_A_CLASS, CLASSES = 300, 28, 2
OPENS, ENDS = date(2026, 9, 1), date(2027, 1, 29)
TODAY = "2026-09-05T08:00:00+08:00"

FILL = """
INSERT INTO agencies_agency (public_id, county_id, region_id, kind, name, code, first_grade,
    last_grade, starts_on)
SELECT gen_random_uuid(), c.id, c.id, 'bureau', '县教育局', '', NULL::int, NULL::int,
    '2015-09-01'::date
FROM agencies_region c WHERE c.code = '330328000000'
UNION ALL
SELECT gen_random_uuid(), c.id, t.id, 'school', '学校' || n, (3133000000 + n)::text, 1, 9,
    '2015-09-01'
FROM agencies_region c, generate_series(1, %(schools)s) n
JOIN LATERAL (SELECT id FROM agencies_region WHERE level = 'township' AND code LIKE '330328%%'
    ORDER BY code OFFSET n %% 17 LIMIT 1) t ON true
WHERE c.code = '330328000000';

INSERT INTO agencies_user (public_id, username, name, phone, email, language, is_active,
    is_superuser, password)
VALUES (gen_random_uuid(), 'bureau', '局长', '', '', '', true, false, '!');
INSERT INTO agencies_post (public_id, county_id, user_id, agency_id, position, title, starts_on)
SELECT gen_random_uuid(), a.county_id, u.id, a.id, 'bureau_leader', '', '2015-09-01'
FROM agencies_agency a, agencies_user u WHERE a.kind = 'bureau';

INSERT INTO students_term (public_id, county_id, school_year, season, starts_on, ends_on)
SELECT gen_random_uuid(), id, 2025, 'spring', '2026-03-02', '2026-07-03'
FROM agencies_region WHERE code = '330328000000';

CREATE TEMPORARY TABLE zone AS
SELECT row_number() OVER (ORDER BY s.id) - 1 AS nth, s.id AS school_id, t.county_id, t.id AS parent,
    t.path || (600 + row_number() OVER (PARTITION BY t.id ORDER BY s.id)) AS path
FROM agencies_agency s JOIN agencies_region t ON t.id = s.region_id WHERE s.kind = 'school';
INSERT INTO agencies_region (code, name, level, path, county_id, parent_id, starts_on)
SELECT path, '村' || nth, 'village', path, county_id, parent, '2015-09-01' FROM zone;
INSERT INTO students_catchment (county_id, region_id, school_id, grade, starts_on)
SELECT z.county_id, v.id, z.school_id, g, '2015-09-01'
FROM zone z JOIN agencies_region v ON v.path = z.path, unnest(ARRAY[1, 7]) g;

INSERT INTO students_schoolclass (public_id, county_id, school_id, school_year, grade, number)
SELECT gen_random_uuid(), s.county_id, s.id, y, g, n
FROM agencies_agency s, generate_series(2025, 2026) y, generate_series(1, 9) g,
    generate_series(1, %(classes)s) n
WHERE s.kind = 'school';

CREATE TEMPORARY TABLE child AS
SELECT row_number() OVER () AS n, c.id AS class_id, c.county_id, c.school_id, c.grade, c.number,
    z.nth, gen_random_uuid() AS public_id
FROM students_schoolclass c JOIN zone z ON z.school_id = c.school_id,
    generate_series(1, %(pupils)s) WHERE c.school_year = 2026;
INSERT INTO students_household (id, public_id, county_id, region_id, address)
SELECT c.n, gen_random_uuid(), c.county_id, v.id, '' FROM child c
JOIN zone z ON z.nth = (c.nth + (c.n %% 10 = 0)::int) %% %(schools)s
JOIN agencies_region v ON v.path = z.path;
INSERT INTO students_student (id, public_id, county_id, household_id, name, name_keys, sex, born_on,
    no_id_reason, ethnicity, registered_at, boarding)
SELECT n, public_id, county_id, n, '学生' || n, ' xuesheng', '1',
    make_date(2021 - grade::int, 3, 1), '', '', '', false FROM child;
INSERT INTO students_enrollmentrecord (county_id, student_id, school_id, school_class_id, starts_on,
    ends_on)
SELECT c.county_id, c.n, c.school_id, before.id, '2025-09-01'::date, '2026-08-31'::date
FROM child c JOIN students_schoolclass before ON before.school_id = c.school_id
    AND before.school_year = 2025 AND before.grade = c.grade - 1 AND before.number = c.number
UNION ALL
SELECT county_id, n, school_id, class_id, '2026-09-01', NULL FROM child;

INSERT INTO students_roll (county_id, school_class_id, day, state, reason, taken_by_id, taken_at,
    version)
SELECT c.county_id, c.id, d::date, 'taken', '', p.id, d, 1
FROM students_schoolclass c, agencies_post p,
    generate_series('2026-09-01'::date, '2026-09-04'::date, '1 day') d
WHERE c.school_year = 2026;
INSERT INTO students_rollmark (county_id, roll_id, student_id, day, mark, reason)
SELECT c.county_id, r.id, c.n, r.day, (ARRAY['unexcused', 'sick_leave'])[1 + c.n %% 2], ''
FROM child c JOIN students_roll r ON r.school_class_id = c.class_id
WHERE (c.n + extract(day FROM r.day)::int) %% 33 = 0 OR c.n %% 500 = 0;
SELECT setval(pg_get_serial_sequence('students_student', 'id'), max(n)),
    setval(pg_get_serial_sequence('students_household', 'id'), max(n)) FROM child;
"""


def ready(schools: int) -> str:
    """The name of the database with so many schools, filled if need be."""
    return county.made(f"bench_term_{schools}", lambda name: _fill(name, schools))


def _fill(database: str, schools: int) -> None:
    with closing(psycopg2.connect(county.url_of(database))) as home:
        values = {"schools": schools, "classes": CLASSES, "pupils": PUPILS_IN_A_CLASS}
        home.cursor().execute(FILL, values)
        home.commit()

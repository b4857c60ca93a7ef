"""The statements of the term-start check: one row for each expected child of a county or school.

The same text counts a county and lists a school. For one school it is narrowed to the children who
could be expected there; for a county to those of whom there is anything to find out: who stayed at
its school and was seen there is only counted (tests/reporting/census/test_random.py compares).
"""

from reporting.rules.expected import STATE, Why

# ruff: noqa: S608 the texts are made of constants of this file; every value is a parameter

VALID = "{0}.starts_on <= %({1})s AND ({0}.ends_on IS NULL OR {0}.ends_on >= %({1})s)"


def _valid(table: str, day: str) -> str:
    return VALID.format(table, day)


# Which school the children of a place enter in grade 1 and in grade 7; by path, so that a region
# that was renamed keeps its zone. The village's own row goes before that of its township.
ZONES = f"""
zone AS MATERIALIZED (
    SELECT DISTINCT ON (r.path, c.grade) r.path, c.grade, c.school_id, s.first_grade, s.last_grade
    FROM students_catchment c
    JOIN agencies_region r ON r.id = c.region_id
    JOIN agencies_agency s ON s.id = c.school_id AND {_valid("s", "opens")}
    WHERE c.county_id = %(county)s AND {_valid("c", "opens")}
    ORDER BY r.path, c.grade, r.starts_on DESC
),
home AS MATERIALIZED (
    SELECT r.id AS region_id,
        COALESCE(v1.school_id, t1.school_id) AS first_school,
        COALESCE(v7.school_id, t7.school_id) AS junior_school,
        CASE WHEN v1.school_id IS NULL THEN t1.last_grade ELSE v1.last_grade END AS last_grade
    FROM agencies_region r
    LEFT JOIN zone v1 ON v1.path = r.path AND v1.grade = 1
    LEFT JOIN zone t1 ON t1.path = left(r.path, 9) AND t1.grade = 1
    LEFT JOIN zone v7 ON v7.path = r.path AND v7.grade = 7
    LEFT JOIN zone t7 ON t7.path = left(r.path, 9) AND t7.grade = 7
    WHERE r.county_id = %(county)s
)"""

# Of one school: its roster then and now, whoever it sent away, and whoever lives in its zone.
CANDIDATES = f"""
candidate AS MATERIALIZED (
    SELECT e.student_id FROM students_enrollmentrecord e
    WHERE e.school_id = %(school)s AND ({_valid("e", "before")})
    UNION
    SELECT t.student_id FROM students_transfer t WHERE t.school_id = %(school)s
    UNION
    SELECT st.id FROM students_student st
    JOIN students_household hh ON hh.id = st.household_id
    JOIN home h ON h.region_id = hh.region_id
    WHERE h.first_school = %(school)s OR h.junior_school = %(school)s
)"""
NARROW = "AND {0} IN (SELECT student_id FROM candidate)"

# Nine of ten children of a county stay at their school or enter that of their zone, are on its
# roster since the opening day, and were seen on one of the days on which their class was called:
# PLAIN only counts them. Others are candidates: a roster changed, a paper says something, never
# seen. CALLED: who is on the roster of a class that was called. newcomer: who enters, and where.
CALLED = """
    SELECT n.student_id, n.school_id FROM students_enrollmentrecord n
    WHERE n.county_id = %(county)s AND n.starts_on <= %(opens)s
        AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)
        AND n.school_class_id IN (
            SELECT r.school_class_id FROM students_roll r
            JOIN students_schoolclass k ON k.id = r.school_class_id
            WHERE r.county_id = %(county)s AND r.day BETWEEN %(opens)s AND %(on)s
                AND r.state = 'taken' AND k.school_year = %(year)s)"""
OTHERS = f"""
newcomer AS MATERIALIZED (
    SELECT st.id AS student_id, h.first_school, n.school_id AS now_school,
        CASE WHEN st.born_on >= %(entry_from)s THEN 'entrant' ELSE 'older' END AS source
    FROM students_student st
    JOIN students_household hh ON hh.id = st.household_id
    LEFT JOIN home h ON h.region_id = hh.region_id
    LEFT JOIN ({CALLED}) n ON n.student_id = st.id
    WHERE %(with_entrants)s AND st.county_id = %(county)s
        AND st.born_on BETWEEN %(born_from)s AND %(born_to)s
        AND NOT EXISTS (SELECT FROM students_enrollmentrecord o
            WHERE o.student_id = st.id AND o.starts_on <= %(before)s)
),
candidate AS MATERIALIZED (
    SELECT e.student_id FROM students_enrollmentrecord e
    JOIN students_schoolclass c ON c.id = e.school_class_id
    JOIN agencies_agency s ON s.id = e.school_id
    LEFT JOIN ({CALLED}) n ON n.student_id = e.student_id
    WHERE e.county_id = %(county)s AND ({_valid("e", "before")})
        AND NOT (COALESCE(n.school_id = e.school_id, FALSE) AND ({_valid("s", "opens")})
            AND c.grade + %(year)s - c.school_year
                BETWEEN COALESCE(s.first_grade, 1) AND LEAST(s.last_grade, %(years)s))
    UNION SELECT w.student_id FROM newcomer w
    WHERE (w.now_school = w.first_school) IS NOT TRUE
    UNION SELECT st.id FROM students_student st
    WHERE st.county_id = %(county)s AND (st.died_on IS NOT NULL OR st.completed_on IS NOT NULL)
    UNION SELECT t.student_id FROM students_transfer t WHERE t.county_id = %(county)s
    UNION SELECT p.student_id FROM students_placement p WHERE p.county_id = %(county)s
    UNION SELECT m.student_id FROM students_rollmark m
    JOIN students_roll r ON r.id = m.roll_id
    JOIN (
        SELECT h.school_class_id, count(*) AS days FROM students_roll h
        WHERE h.county_id = %(county)s AND h.day BETWEEN %(opens)s AND %(on)s
            AND h.state = 'taken'
        GROUP BY h.school_class_id
    ) h ON h.school_class_id = r.school_class_id
    WHERE m.county_id = %(county)s AND m.day BETWEEN %(opens)s AND %(on)s
        AND m.mark <> ALL (%(present)s)
    GROUP BY m.student_id HAVING count(*) >= min(h.days)
    UNION SELECT x.student_id FROM reporting_censusanswer x
    JOIN reporting_filing f ON f.id = x.filing_id WHERE f.county_id = %(county)s
)"""
PLAIN = f"""
SELECT e.school_id, 'roster', '{Why.SEEN}', '', count(*) FROM students_enrollmentrecord e
WHERE e.county_id = %(county)s AND ({_valid("e", "before")})
    AND e.student_id NOT IN (SELECT student_id FROM candidate)
GROUP BY 1
UNION ALL
SELECT w.first_school, w.source, '{Why.SEEN}', '', count(*) FROM newcomer w
WHERE w.student_id NOT IN (SELECT student_id FROM candidate)
GROUP BY 1, 2"""

# The rosters on the last day before, and who had been sent away by then without a confirmation.
LAST = f"""
last AS (
    SELECT e.student_id, e.school_id, e.starts_on, c.number, 'roster' AS source,
        c.grade + %(year)s - c.school_year AS grade
    FROM students_enrollmentrecord e
    JOIN students_schoolclass c ON c.id = e.school_class_id
    WHERE e.county_id = %(county)s AND {_valid("e", "before")} {{narrow_e}}
    UNION ALL
    (SELECT DISTINCT ON (t.student_id) t.student_id, t.school_id, e.starts_on, c.number,
        'transfer', c.grade + %(year)s - c.school_year
    FROM students_transfer t
    JOIN students_enrollmentrecord e ON e.student_id = t.student_id
        AND e.school_id = t.school_id AND e.starts_on <= t.asked_on
    JOIN students_schoolclass c ON c.id = e.school_class_id
    WHERE t.county_id = %(county)s AND t.asked_on <= %(before)s {{narrow_t}}
        AND (t.confirmed_on IS NULL OR t.confirmed_on > %(opens)s)
        AND NOT EXISTS (
            SELECT FROM students_enrollmentrecord o
            WHERE o.student_id = t.student_id AND {_valid("o", "before")})
    ORDER BY t.student_id, t.asked_on DESC, e.starts_on DESC)
),
sent AS (
    SELECT DISTINCT ON (t.student_id, t.school_id)
        t.student_id, t.school_id, t.asked_on, t.confirmed_on, t.to AS sent_to
    FROM students_transfer t
    WHERE t.county_id = %(county)s {{narrow_t}}
    ORDER BY t.student_id, t.school_id, t.asked_on DESC
)"""

# Promoted at the same school if it has the grade, else by the zone of the home; the new entrants.
BOUND = f"""
placed_last AS (
    SELECT l.*, h.first_school, h.junior_school, h.last_grade,
        t.asked_on, t.confirmed_on, t.sent_to, st.died_on, st.completed_on,
        s.id IS NOT NULL AND l.grade BETWEEN COALESCE(s.first_grade, 1)
            AND COALESCE(s.last_grade, %(years)s) AS stays
    FROM last l
    JOIN students_student st ON st.id = l.student_id
    JOIN students_household hh ON hh.id = st.household_id
    LEFT JOIN home h ON h.region_id = hh.region_id
    LEFT JOIN agencies_agency s ON s.id = l.school_id AND {_valid("s", "opens")}
    LEFT JOIN sent t ON t.student_id = l.student_id AND t.school_id = l.school_id
        AND t.asked_on >= l.starts_on
    WHERE (st.died_on IS NULL OR st.died_on > %(opens)s)
        AND (st.completed_on IS NULL OR st.completed_on > %(opens)s)
        AND (t.confirmed_on IS NULL OR t.confirmed_on > %(opens)s)
),
bound AS (
    SELECT student_id, grade,
        CASE WHEN stays OR grade > %(years)s THEN school_id
            WHEN grade >= %(junior)s THEN junior_school
            WHEN grade <= COALESCE(last_grade, %(years)s) THEN first_school END AS school_id,
        CASE WHEN stays THEN number END AS number,
        CASE WHEN grade > %(years)s THEN 'finished'
            WHEN stays THEN source ELSE 'next_school' END AS source,
        asked_on, confirmed_on, sent_to, died_on, completed_on
    FROM placed_last
    UNION ALL
    SELECT st.id, CASE WHEN st.born_on >= %(entry_from)s THEN 1 END, h.first_school, NULL,
        CASE WHEN st.born_on >= %(entry_from)s THEN 'entrant' ELSE 'older' END,
        NULL, NULL, NULL, st.died_on, st.completed_on
    FROM students_student st
    JOIN students_household hh ON hh.id = st.household_id
    LEFT JOIN home h ON h.region_id = hh.region_id
    WHERE %(with_entrants)s AND st.county_id = %(county)s
        AND st.born_on BETWEEN %(born_from)s AND %(born_to)s
        AND (st.died_on IS NULL OR st.died_on > %(opens)s) AND st.completed_on IS NULL {{narrow_st}}
        AND NOT EXISTS (
            SELECT FROM students_enrollmentrecord e
            WHERE e.student_id = st.id AND e.starts_on <= %(before)s)
)"""

# What the rolls since the opening day say: how often a child's class was called while it was on
# its roster, on how many of these days it was lawfully away, and on how many it was not seen.
# span: the rosters since the opening day; is_now: that of the day itself.
ROLLS = """
span AS MATERIALIZED (
    SELECT e.student_id, e.school_id, e.school_class_id,
        c.school_year, c.grade AS now_grade, c.number AS now_number,
        GREATEST(e.starts_on, %(opens)s) AS since,
        LEAST(COALESCE(e.ends_on, %(on)s), %(on)s) AS until,
        e.ends_on IS NULL OR e.ends_on >= %(on)s AS is_now
    FROM students_enrollmentrecord e
    JOIN students_schoolclass c ON c.id = e.school_class_id
    WHERE e.county_id = %(county)s AND e.starts_on <= %(on)s
        AND (e.ends_on IS NULL OR e.ends_on >= %(opens)s) {narrow_e}
),
rolls AS MATERIALIZED (
    SELECT r.id, r.school_class_id, r.day FROM students_roll r
    WHERE r.county_id = %(county)s AND r.day BETWEEN %(opens)s AND %(on)s AND r.state = 'taken'
        {narrow_r}
),
held AS MATERIALIZED (
    SELECT k.school_class_id, k.since, k.until, count(*) AS days
    FROM (SELECT DISTINCT school_class_id, since, until FROM span) k
    JOIN rolls r ON r.school_class_id = k.school_class_id AND r.day BETWEEN k.since AND k.until
    GROUP BY 1, 2, 3
),
away AS (
    SELECT p.student_id, s.school_id, count(DISTINCT r.day) AS days
    FROM students_placement p
    JOIN span s ON s.student_id = p.student_id
    JOIN rolls r ON r.school_class_id = s.school_class_id AND r.day BETWEEN s.since AND s.until
        AND r.day BETWEEN p.starts_on AND p.ends_on
        AND (p.returned_on IS NULL OR r.day < p.returned_on)
    WHERE p.county_id = %(county)s AND p.ends_on >= %(opens)s AND p.starts_on <= %(on)s
    GROUP BY 1, 2
),
earlier AS (
    SELECT s.student_id, s.school_id, sum(h.days) AS days
    FROM span s
    JOIN held h ON h.school_class_id = s.school_class_id
        AND h.since = s.since AND h.until = s.until
    WHERE NOT s.is_now
    GROUP BY 1, 2
),
marked AS (
    SELECT m.student_id, c.school_id, count(*) AS days,
        count(*) FILTER (WHERE m.mark = ANY (%(excused)s)) AS excused
    FROM rolls r
    JOIN students_rollmark m ON m.roll_id = r.id AND m.mark <> ALL (%(present)s)
    JOIN students_schoolclass c ON c.id = r.school_class_id
    WHERE NOT EXISTS (
        SELECT FROM students_placement p
        WHERE p.student_id = m.student_id AND m.day BETWEEN p.starts_on AND p.ends_on
            AND (p.returned_on IS NULL OR m.day < p.returned_on))
    GROUP BY 1, 2
)"""

CONDITION: dict[Why, str] = {
    Why.SEEN: "here AND attended > 0",
    Why.DIED: "died_on <= %(on)s",
    Why.COMPLETED: "completed_on <= %(on)s",
    Why.ELSEWHERE: "now_school_id <> school_id",
    Why.TRANSFERRED: "confirmed_on <= %(on)s",
    Why.PLACEMENT: "placement IS NOT NULL",
    Why.LEAVE: "here AND expected_days > 0 AND unexcused = 0",
    Why.NO_ROLL: "here AND expected_days <= 0",
    Why.ABSENT: "here",
    Why.TRANSFER_OPEN: "asked_on IS NOT NULL",
    Why.NOT_ENROLLED: "TRUE",
}
WHY = " ".join(f"WHEN {CONDITION[why]} THEN '{why}'" for why in STATE)

# One row for each expected child. A roster of another year's class that nobody has ended says
# nothing of another school. Who came from elsewhere straight to a school's roster, or found one
# although no zone names it, is expected nowhere else.
JUDGED = f"""
facts AS (
    SELECT b.*, n.school_id AS now_school_id,
        n.school_class_id AS class_id, n.now_grade, n.now_number, n.school_year AS now_year,
        COALESCE(n.school_id = b.school_id, FALSE) AS here,
        COALESCE(k.days, 0) + COALESCE(q.days, 0) - COALESCE(w.days, 0) AS expected_days,
        COALESCE(k.days, 0) + COALESCE(q.days, 0) - COALESCE(w.days, 0) - COALESCE(m.days, 0)
            AS attended,
        COALESCE(m.days - m.excused, 0) AS unexcused,
        p.kind AS placement, p.ends_on AS placement_ends_on,
        a.id AS answer_id, COALESCE(a.code, '') AS code
    FROM bound b
    LEFT JOIN span n ON n.student_id = b.student_id AND n.is_now
        AND (n.school_id = b.school_id OR n.school_year = %(year)s)
    LEFT JOIN held k ON k.school_class_id = n.school_class_id
        AND k.since = n.since AND k.until = n.until
    LEFT JOIN earlier q ON q.student_id = b.student_id AND q.school_id = b.school_id
    LEFT JOIN away w ON w.student_id = b.student_id AND w.school_id = b.school_id
    LEFT JOIN marked m ON m.student_id = b.student_id AND m.school_id = b.school_id
    LEFT JOIN students_placement p ON p.student_id = b.student_id AND p.county_id = %(county)s
        AND {_valid("p", "on")} AND (p.returned_on IS NULL OR p.returned_on > %(on)s)
    LEFT JOIN (
        SELECT x.*, f.agency_id FROM reporting_censusanswer x
        JOIN reporting_filing f ON f.id = x.filing_id
        WHERE f.kind = 'census' AND f.term_id = %(term)s
    ) a ON a.student_id = b.student_id AND a.agency_id = b.school_id
    WHERE (b.source <> 'older' AND b.school_id IS NOT NULL OR n.student_id IS NULL
        OR n.school_id = b.school_id) {{of_school}}
),
judged AS (SELECT *, CASE {WHY} END AS why FROM facts)"""


def _with(*, one_school: bool) -> str:
    """The common part: every expected child, judged; of a county those who are not plain."""
    parts = [ZONES, CANDIDATES if one_school else OTHERS, LAST, BOUND, ROLLS, JUDGED]
    narrow = NARROW.format
    return "WITH " + ",".join(parts).format(
        narrow_e=narrow("e.student_id"),
        narrow_t=narrow("t.student_id"),
        narrow_st=narrow("st.id"),
        narrow_r="AND r.school_class_id IN (SELECT school_class_id FROM span)"
        if one_school
        else "",
        of_school="AND b.school_id = %(school)s" if one_school else "",
    )


# A whole county is 150,000 rows in a few hash tables: on disk they would take three times as long.
IN_MEMORY = "SET LOCAL work_mem = '64MB'"
COUNTS = f"""{_with(one_school=False)}
SELECT school_id, source, why, code, count(*) FROM judged GROUP BY 1, 2, 3, 4
UNION ALL {PLAIN}"""

_CHILDREN = """
SELECT st.id, st.public_id, st.name, COALESCE(st.id_number, ''), st.born_on,
    j.source, j.why, j.code,
    CASE WHEN j.here AND j.now_year = %(year)s THEN j.now_grade ELSE j.grade END AS grade,
    CASE WHEN j.here AND j.now_year = %(year)s THEN j.now_number ELSE j.number END AS number,
    CASE WHEN j.here AND j.now_year = %(year)s THEN j.class_id ELSE c.id END AS class_id, j.here,
    COALESCE(j.placement, '') AS placement, j.placement_ends_on,
    j.asked_on, COALESCE(j.sent_to, '') AS sent_to, COALESCE(o.name, '') AS now_school,
    r.name AS home, COALESCE(a.note, ''), COALESCE(a.checked_by, ''), a.checked_on,
    k.public_id AS case_id
FROM judged j
JOIN students_student st ON st.id = j.student_id
JOIN students_household hh ON hh.id = st.household_id
JOIN agencies_region r ON r.id = hh.region_id
LEFT JOIN agencies_agency o ON o.id = j.now_school_id AND NOT j.here
LEFT JOIN students_schoolclass c ON c.school_id = j.school_id AND c.school_year = %(year)s
    AND c.grade = j.grade AND c.number = j.number
LEFT JOIN reporting_censusanswer a ON a.id = j.answer_id
LEFT JOIN cases_case k ON k.id = a.case_id
"""
ORDER = "ORDER BY 9 NULLS LAST, 10 NULLS LAST, st.name_keys, st.id"
CHILDREN = f"{_with(one_school=True)} {_CHILDREN} {ORDER}"
# Expected, but the home lies in no school's zone: the county finds a school for them.
NO_ZONE = f"""{_with(one_school=False)} {_CHILDREN}
WHERE j.school_id IS NULL AND j.source <> 'finished' {ORDER} LIMIT %(limit)s"""

"""Where every enrolled child stands against the rolls of its class, as parts of one statement.

Parameters: county, on, since (the first day of the school year), rolls (how many of the last).
"""

# ruff: noqa: S608 every part is a value of ours, whatever is asked comes as a parameter

from cases.rules.workflow import OPEN
from reporting.rules.attendance import Attending
from reporting.rules.records import FindingKind
from students.rules.absence import DayState
from students.rules.marks import MEANING, Mark, RollState


def quoted(values: object) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))  # type: ignore[call-overload]


PRESENT = quoted(mark for mark in Mark if MEANING[mark] is DayState.PRESENT)


def _here(narrowed: str = "") -> str:
    """On a roster on the day; alive, not done, one record a child."""
    return f"""
here AS MATERIALIZED (
    SELECT e.student_id, e.school_id, e.school_class_id, e.starts_on
    FROM students_enrollmentrecord e
    JOIN students_student s ON s.id = e.student_id AND s.merged_into_id IS NULL
        AND s.died_on IS NULL AND s.completed_on IS NULL
    WHERE e.county_id = %(county)s AND e.starts_on <= %(on)s
        AND (e.ends_on IS NULL OR e.ends_on >= %(on)s) {narrowed}
)"""


HERE = _here()
OF_SCHOOLS = _here("AND (%(everywhere)s OR e.school_id = ANY(%(schools)s))")
AWAY = """
away AS MATERIALIZED (
    SELECT p.student_id, p.kind FROM students_placement p
    WHERE p.county_id = %(county)s AND %(on)s BETWEEN p.starts_on AND p.ends_on
        AND (p.returned_on IS NULL OR p.returned_on > %(on)s)
)"""
# The last rolls of each class; of each child, how many of them since it came and how many of
# these it was present in. No mark in a roll that was taken means present.
ATTENDING = f"""
recent AS MATERIALIZED (
    SELECT id, school_class_id, day FROM (
        SELECT r.id, r.school_class_id, r.day,
            row_number() OVER (PARTITION BY r.school_class_id ORDER BY r.day DESC) AS place
        FROM students_roll r
        WHERE r.county_id = %(county)s AND r.state = '{RollState.TAKEN}'
            AND r.day BETWEEN %(since)s AND %(on)s
    ) r WHERE r.place <= %(rolls)s
),
called AS (
    SELECT h.student_id, count(*) AS rolls, max(r.day)
        FILTER (WHERE m.id IS NULL OR m.mark IN ({PRESENT})) AS seen_on
    FROM here h
    JOIN recent r ON r.school_class_id = h.school_class_id AND r.day >= h.starts_on
    LEFT JOIN students_rollmark m ON m.roll_id = r.id AND m.student_id = h.student_id
    GROUP BY 1
),
attending AS (
    SELECT h.student_id, h.school_id, h.school_class_id, k.seen_on, CASE
        WHEN EXISTS (SELECT FROM cases_case c WHERE c.student_id = h.student_id
            AND c.state IN ({quoted(OPEN)})) THEN '{Attending.CASE}'
        WHEN EXISTS (SELECT FROM away a WHERE a.student_id = h.student_id)
            THEN '{Attending.AWAY}'
        WHEN k.seen_on IS NOT NULL THEN '{Attending.SEEN}'
        WHEN k.rolls = %(rolls)s THEN '{Attending.UNSEEN}'
        ELSE '{Attending.UNCALLED}' END AS part
    FROM here h LEFT JOIN called k ON k.student_id = h.student_id
)"""

OF_ALL = f"WITH {OF_SCHOOLS}, {AWAY}, {ATTENDING}"
BY_SCHOOL = """
SELECT a.code, a.name, t.part, count(*) AS number FROM attending t
JOIN agencies_agency a ON a.id = t.school_id
GROUP BY 1, 2, 3 ORDER BY 1"""
OF_PART = f"""
SELECT s.public_id AS student, s.name, a.name AS school, g.grade, g.number, t.seen_on,
    c.public_id AS of_case, f.public_id AS finding, f.found_on
FROM attending t
JOIN students_student s ON s.id = t.student_id
JOIN agencies_agency a ON a.id = t.school_id
LEFT JOIN students_schoolclass g ON g.id = t.school_class_id
LEFT JOIN cases_case c ON c.student_id = t.student_id AND c.state IN ({quoted(OPEN)})
LEFT JOIN reporting_consistencyfinding f ON f.student_id = t.student_id AND f.holds
    AND f.kind = '{FindingKind.GHOST}'
WHERE t.part = %(part)s AND (%(school)s = '' OR a.code = %(school)s)
ORDER BY a.code, g.grade, g.number, s.name_keys, s.id LIMIT %(limit)s OFFSET %(offset)s"""

# schools: ids, not looked at when everywhere is true. school: a code, "" for all of them.
COUNTS = f"{OF_ALL} {BY_SCHOOL}"
NAMES = f"{OF_ALL} {OF_PART}"
# Both, for where each child stands is what costs: the counts come with the first name, or with
# a row of no place when there is none.
BOTH = f"""{OF_ALL}, counts AS ({BY_SCHOOL}),
names AS (SELECT row_number() OVER () AS place, page.* FROM ({OF_PART}) page)
SELECT CASE WHEN COALESCE(n.place, 1) = 1 THEN c.counts END, n.*
FROM (SELECT json_agg(json_build_array(code, name, part, number)) AS counts FROM counts) c
LEFT JOIN names n ON true ORDER BY n.place"""

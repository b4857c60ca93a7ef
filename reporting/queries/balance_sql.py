"""The statement of the balance: every child of school age on a day, each with its one place.

It says the same as cases/rules/disposition.py does for one child; tests/reporting/balance compares
the two on random histories. A past day is read as it was then: the state of a case from its
timeline, a return only from the day on which it took place.
"""

from cases.rules.disposition import Disposition
from cases.rules.endings import Ending
from cases.rules.workflow import OUT_OF_SCHOOL, State
from students.rules.enrollment import ANSWERED_BY_ENROLLMENT

# ruff: noqa: S608 the texts are made of constants of this file; every value is a parameter

OUT = ", ".join(f"'{state}'" for state in sorted(OUT_OF_SCHOOL))
ANSWERED = ", ".join(f"'{kind}'" for kind in sorted(ANSWERED_BY_ENROLLMENT))

# Of school age, or past it without having completed grade 9 (rule 9); one record for each child.
CHILD = """
SELECT s.id, s.born_on, s.completed_on, s.died_on, r.path
FROM students_student s
JOIN students_household h ON h.id = s.household_id
JOIN agencies_region r ON r.id = h.region_id
WHERE s.county_id = %(county)s AND s.merged_into_id IS NULL AND r.path LIKE %(path)s
    AND s.born_on <= %({day}_last)s AND (s.known_since IS NULL OR s.known_since <= %({day})s)
    AND (s.born_on >= %({day}_first)s OR COALESCE(s.completed_on > %({day})s, TRUE)
        AND COALESCE(s.died_on > %({day})s, TRUE))
    {tagged}"""
TAGGED = """AND EXISTS (SELECT FROM students_focustag t WHERE t.student_id = s.id
        AND t."group" = %(tag)s AND t.starts_on <= %({day})s
        AND (t.ends_on IS NULL OR t.ends_on >= %({day})s))"""

CASE_NOW = f"""
SELECT c.student_id, c.state, CASE WHEN c.state = '{State.CLOSED}'
    AND e.ending = '{Ending.ABROAD}' THEN e.ended_on END AS abroad_since
FROM cases_case c JOIN cases_episode e ON e.id = c.current_id
WHERE c.county_id = %(county)s"""
CASE_THEN = f"""
SELECT DISTINCT ON (v.case_id) c.student_id, v.after AS state,
    CASE WHEN v.after = '{State.CLOSED}' AND e.ending = '{Ending.ABROAD}'
        THEN e.ended_on END AS abroad_since
FROM cases_caseevent v
JOIN cases_case c ON c.id = v.case_id
LEFT JOIN cases_episode e ON e.case_id = v.case_id AND e.number = v.episode
WHERE c.county_id = %(county)s AND v.on <= %({{day}})s
ORDER BY v.case_id, v.at DESC, v.id DESC"""

PLACED = f"""
SELECT c.id, c.path, CASE
    WHEN c.died_on <= %({{day}})s THEN '{Disposition.DIED}'
    WHEN c.completed_on <= %({{day}})s THEN '{Disposition.COMPLETED}'
    WHEN k.state IN ({OUT}) THEN '{Disposition.OPEN_CASE}'
    WHEN k.abroad_since <= %({{day}})s AND COALESCE(n.latest <= k.abroad_since, TRUE)
        THEN '{Disposition.ABROAD}'
    WHEN p.kind IS NOT NULL THEN p.kind
    WHEN p.over_on IS NOT NULL AND NOT COALESCE(p.answered AND n.since > p.over_on, FALSE)
        THEN '{Disposition.UNACCOUNTED}'
    WHEN n.since IS NOT NULL THEN '{Disposition.IN_SCHOOL}'
    WHEN t.confirmed_on <= %({{day}})s THEN '{Disposition.ELSEWHERE}'
    ELSE '{Disposition.UNACCOUNTED}' END AS part
FROM ({CHILD}) c
LEFT JOIN (
    SELECT e.student_id, max(e.starts_on) AS latest,
        max(e.starts_on) FILTER (WHERE e.ends_on IS NULL OR e.ends_on >= %({{day}})s) AS since
    FROM students_enrollmentrecord e
    WHERE e.county_id = %(county)s AND e.starts_on <= %({{day}})s
    GROUP BY e.student_id
) n ON n.student_id = c.id
LEFT JOIN ({{cases}}) k ON k.student_id = c.id
LEFT JOIN (
    SELECT q.student_id,
        max(q.kind) FILTER (WHERE q.ends_on >= %({{day}})s) AS kind,
        max(q.ends_on) FILTER (WHERE q.ends_on < %({{day}})s) AS over_on,
        bool_and(q.kind IN ({ANSWERED})) FILTER (WHERE q.ends_on < %({{day}})s) AS answered
    FROM students_placement q
    WHERE q.county_id = %(county)s AND q.starts_on <= %({{day}})s
        AND (q.returned_on IS NULL OR q.returned_on > %({{day}})s)
    GROUP BY q.student_id
) p ON p.student_id = c.id
LEFT JOIN (
    SELECT DISTINCT ON (x.student_id) x.student_id, x.confirmed_on
    FROM students_transfer x
    WHERE x.county_id = %(county)s AND x.asked_on <= %({{day}})s
    ORDER BY x.student_id, x.asked_on DESC
) t ON t.student_id = c.id"""


def placed(day: str, *, past: bool, tagged: bool) -> str:
    """Rows (id, path, part) of one day. day: the name of its parameter."""
    cases = CASE_THEN.format(day=day) if past else CASE_NOW
    tag = TAGGED.format(day=day) if tagged else ""
    return PLACED.format(day=day, cases=cases, tagged=tag)


def counts(*, past: bool, tagged: bool) -> str:
    """(first characters of the path, part, number): a unit below the area is width long."""
    rows = placed("on", past=past, tagged=tagged)
    return f"SELECT left(b.path, %(width)s), b.part, count(*) FROM ({rows}) b GROUP BY 1, 2"


def names(*, past: bool, tagged: bool) -> str:
    """One page of the children of a part, by the place of living and the name."""
    rows = placed("on", past=past, tagged=tagged)
    return f"""
SELECT s.public_id, s.name, COALESCE(s.id_number, ''), s.born_on, r.name, COALESCE(a.name, ''),
    g.grade, g.number
FROM ({rows}) b
JOIN students_student s ON s.id = b.id
JOIN students_household h ON h.id = s.household_id
JOIN agencies_region r ON r.id = h.region_id
LEFT JOIN students_enrollmentrecord e ON e.student_id = s.id AND e.starts_on <= %(on)s
    AND (e.ends_on IS NULL OR e.ends_on >= %(on)s)
LEFT JOIN students_schoolclass g ON g.id = e.school_class_id
LEFT JOIN agencies_agency a ON a.id = e.school_id
WHERE b.part = %(part)s
ORDER BY r.path, s.name_keys, s.id LIMIT %(limit)s OFFSET %(offset)s"""


def flow(*, past: bool, tagged: bool) -> str:
    """(part on the first day, part on the second, number); NULL: not counted on that day."""
    before = placed("since", past=True, tagged=tagged)
    after = placed("on", past=past, tagged=tagged)
    return f"""
SELECT a.part, b.part, count(*) FROM ({before}) a FULL JOIN ({after}) b ON b.id = a.id
GROUP BY 1, 2"""


def moved(*, past: bool, tagged: bool) -> str:
    """One page of the children behind one cell of the flow."""
    before = placed("since", past=True, tagged=tagged)
    after = placed("on", past=past, tagged=tagged)
    return f"""
SELECT s.public_id, s.name, COALESCE(s.id_number, ''), s.born_on, r.name, '', NULL, NULL
FROM ({before}) a FULL JOIN ({after}) b ON b.id = a.id
JOIN students_student s ON s.id = COALESCE(a.id, b.id)
JOIN students_household h ON h.id = s.household_id
JOIN agencies_region r ON r.id = h.region_id
WHERE COALESCE(a.part, '') = %(from)s AND COALESCE(b.part, '') = %(to)s
ORDER BY r.path, s.name_keys, s.id LIMIT %(limit)s OFFSET %(offset)s"""

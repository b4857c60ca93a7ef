"""Which children's records do not fit, as one statement per kind.

Each returns student, the agency that has to clear it, and the evidence; the best evidence first.
"""

# ruff: noqa: S608 every part is a value of ours, whatever is asked comes as a parameter

from cases.rules.workflow import OUT_OF_SCHOOL, State
from reporting.queries.attendance_sql import ATTENDING, AWAY, HERE, quoted
from reporting.rules.attendance import Attending
from reporting.rules.records import Evidence, FindingKind
from reporting.rules.whereabouts import Whereabouts
from students.rules.admission import ENTRY_GRADES, LEAVES_PRIMARY
from students.rules.enrollment import Change, PlacementKind
from students.rules.person_list import ListKind, Result
from students.rules.screening import Found

# A dropout is marked once it is confirmed, not while it is only suspected.
CONFIRMED = quoted(OUT_OF_SCHOOL - {State.SUSPECTED, State.VERIFYING})
JUNIOR = max(ENTRY_GRADES)
STUDYING_ELSEWHERE = quoted((Result.SAME_PROVINCE, Result.OTHER_PROVINCE))

# What the newest applied register became, and what this term's screening last said.
REGISTER = f"""
register AS MATERIALIZED (
    SELECT DISTINCT ON (n.student_id) n.student_id, n.result FROM students_personentry n
    JOIN students_personlist l ON l.id = n.batch_id
    WHERE l.county_id = %(county)s AND l.kind = '{ListKind.REGISTER}' AND l.state = 'applied'
        AND l.as_of = (SELECT max(m.as_of) FROM students_personlist m
            WHERE m.county_id = %(county)s AND m.kind = '{ListKind.REGISTER}'
                AND m.state = 'applied')
        AND n.student_id IS NOT NULL
    ORDER BY n.student_id, n.checked_at DESC NULLS LAST
),
screened AS MATERIALIZED (
    SELECT DISTINCT ON (c.student_id) c.student_id, c.found FROM students_screenedchild c
    JOIN students_screeninground r ON r.id = c.round_id
    WHERE r.county_id = %(county)s AND r.opens_on >= %(since)s AND c.answered_at IS NOT NULL
    ORDER BY c.student_id, c.answered_at DESC
)"""

ELSEWHERE = f"""WITH {HERE}, {AWAY}, {REGISTER}
SELECT h.student_id, h.school_id, '{Evidence.PLACEMENT}', 1 AS rank FROM here h
JOIN away a ON a.student_id = h.student_id AND a.kind = '{PlacementKind.ELSEWHERE}'
UNION ALL
SELECT h.student_id, h.school_id, '{Evidence.REGISTER}', 2 FROM here h
JOIN register r ON r.student_id = h.student_id AND r.result IN ({STUDYING_ELSEWHERE})
UNION ALL
SELECT h.student_id, h.school_id, '{Evidence.SCREENING}', 3 FROM here h
JOIN screened s ON s.student_id = h.student_id AND s.found = '{Found.WITH_FAMILY}'
WHERE NOT EXISTS (SELECT FROM away a WHERE a.student_id = h.student_id)"""

# Never seen in class is what the comparison of enrollment and attendance says, and nothing else.
GHOST = f"""WITH {HERE}, {AWAY}, {ATTENDING}
SELECT student_id, school_id, '{Evidence.ROLLS}', 1 FROM attending
WHERE part = '{Attending.UNSEEN}'"""

# The newer of two records of what is probably one child; a child on another school's file.
TWICE = f"""WITH {HERE},
named AS (
    SELECT h.student_id, s.name, s.sex, s.born_on FROM here h
    JOIN students_student s ON s.id = h.student_id
)
SELECT max(n.student_id), %(bureau)s, '{Evidence.SAME_CHILD}', 1 FROM named n
GROUP BY n.name, n.sex, n.born_on HAVING count(*) > 1
UNION ALL
SELECT h.student_id, %(bureau)s, '{Evidence.OTHER_LIST}', 2
FROM students_importjob j
JOIN students_importrow w ON w.job_id = j.id
    AND w.problems @> '[{{"code": "other_school"}}]'::jsonb
JOIN students_student s ON s.county_id = j.county_id AND s.id_number = w.data ->> 'id_number'
JOIN here h ON h.student_id = s.id AND h.school_id <> j.school_id
WHERE j.county_id = %(county)s AND j.state = 'applied' AND j.effective_on >= %(since)s
    AND NOT EXISTS (SELECT FROM students_importjob n WHERE n.school_id = j.school_id
        AND n.state = 'applied' AND n.applied_at > j.applied_at)"""

NOT_ENROLLED = f"""WITH {HERE}, {AWAY}, {REGISTER}, found AS (
    SELECT a.student_id, f.agency_id, '{Evidence.CENSUS}' AS evidence, 1 AS rank
    FROM reporting_censusanswer a JOIN reporting_filing f ON f.id = a.filing_id
    WHERE f.county_id = %(county)s AND f.kind = 'census' AND f.starts_on >= %(since)s
        AND a.code = '{Whereabouts.ARRIVED}'
    UNION ALL
    SELECT s.student_id, %(bureau)s, '{Evidence.SCREENING}', 2 FROM screened s
    WHERE s.found = '{Found.IN_SCHOOL}'
    UNION ALL
    SELECT r.student_id, %(bureau)s, '{Evidence.REGISTER}', 3 FROM register r
    WHERE r.result = '{Result.IN_SCHOOL}'
)
SELECT f.student_id, f.agency_id, f.evidence, f.rank FROM found f
JOIN students_student s ON s.id = f.student_id AND s.merged_into_id IS NULL
    AND s.died_on IS NULL AND s.completed_on IS NULL
WHERE NOT EXISTS (SELECT FROM here h WHERE h.student_id = f.student_id)
    AND NOT EXISTS (SELECT FROM away a WHERE a.student_id = f.student_id)
    AND NOT EXISTS (SELECT FROM students_transfer t WHERE t.student_id = f.student_id
        AND t.confirmed_on IS NOT NULL)"""

UNMARKED = f"""
SELECT c.student_id, COALESCE(c.school_id, %(bureau)s), '{Evidence.CASE}', 1
FROM cases_case c WHERE c.county_id = %(county)s AND c.state IN ({CONFIRMED})
    AND NOT EXISTS (SELECT FROM reporting_systemmark m
        WHERE m.student_id = c.student_id AND m.off_on IS NULL)"""

STILL_MARKED = f"""
SELECT m.student_id, COALESCE(c.school_id, %(bureau)s), '{Evidence.MARK}', 1
FROM reporting_systemmark m LEFT JOIN cases_case c ON c.student_id = m.student_id
WHERE m.county_id = %(county)s AND m.off_on IS NULL
    AND (c.id IS NULL OR c.state NOT IN ({quoted(OUT_OF_SCHOOL)}))"""

# Whose school ended with its grade, until a roster has the child. After grade 6 the school of the
# zone of its home awaits it, the village's own zone first; where there is none, the bureau does.
AWAITED = f"""WITH {HERE}, {AWAY}
SELECT s.id, COALESCE((
        SELECT z.school_id FROM students_catchment z JOIN agencies_region p ON p.id = z.region_id
        WHERE z.county_id = %(county)s AND c.grade = {LEAVES_PRIMARY} AND z.grade = {JUNIOR}
            AND p.path IN (r.path, left(r.path, 9)) AND z.starts_on <= %(on)s
            AND (z.ends_on IS NULL OR z.ends_on >= %(on)s)
        ORDER BY length(p.path) DESC LIMIT 1
    ), %(bureau)s), '{Evidence.PROMOTION}', 1
FROM students_enrollmentchange x
JOIN students_enrollmentrecord e ON e.id = x.before_id AND e.ends_on < %(on)s
JOIN students_schoolclass c ON c.id = e.school_class_id
JOIN students_student s ON s.id = x.student_id AND s.merged_into_id IS NULL
    AND s.died_on IS NULL AND s.completed_on IS NULL
JOIN students_household h ON h.id = s.household_id
JOIN agencies_region r ON r.id = h.region_id
WHERE e.county_id = %(county)s AND x.kind = '{Change.PROMOTION}' AND x.after_id IS NULL
    AND NOT EXISTS (SELECT FROM here n WHERE n.student_id = s.id)
    AND NOT EXISTS (SELECT FROM away a WHERE a.student_id = s.id)
    AND NOT EXISTS (SELECT FROM students_enrollmentrecord n
        WHERE n.student_id = s.id AND n.starts_on > e.ends_on)
    AND NOT EXISTS (SELECT FROM students_transfer t WHERE t.student_id = s.id
        AND t.asked_on >= e.ends_on AND t.taken_back_on IS NULL)
    AND NOT EXISTS (SELECT FROM cases_case k
        WHERE k.student_id = s.id AND k.state IN ({quoted(OUT_OF_SCHOOL)}))"""

STATEMENTS: dict[FindingKind, str] = {
    FindingKind.ELSEWHERE: ELSEWHERE,
    FindingKind.GHOST: GHOST,
    FindingKind.TWICE: TWICE,
    FindingKind.NOT_ENROLLED: NOT_ENROLLED,
    FindingKind.UNMARKED: UNMARKED,
    FindingKind.STILL_MARKED: STILL_MARKED,
    FindingKind.AWAITED: AWAITED,
}

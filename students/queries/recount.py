"""All runs of absence of a term from scratch, in one statement, from rolls and exceptions.

The same definition as students/rules/absence.py, set-based. Two unexcused days are neighbours
when no roll that covers the child lies between them with the child present or excused.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from students.models import AbsenceRun, Term

RECOUNT = """
WITH day AS (
    SELECT day, row_number() OVER (ORDER BY day) AS seq
    FROM unnest(%(days)s::date[]) AS day
), marked AS (
    SELECT student_id, roll_id, day, seq, -- most: no run of the child can have more days
           count(*) OVER (PARTITION BY student_id) AS most
    FROM students_rollmark JOIN day USING (day)
    WHERE mark = 'unexcused' AND county_id = %(county)s
), u AS (
    SELECT mark.student_id, mark.day, mark.seq,
           lag(mark.day) OVER child AS prev, lag(mark.seq) OVER child AS prev_seq
    FROM marked mark
    JOIN LATERAL ( -- LIMIT: looked up one by one, never the rolls of all years
        SELECT class.school_id
        FROM students_roll roll JOIN students_schoolclass class ON class.id = roll.school_class_id
        WHERE roll.id = mark.roll_id AND roll.state = 'taken' LIMIT 1
    ) called ON true
    WHERE mark.most > %(more_than)s
      AND NOT EXISTS (SELECT FROM students_closedday closed
                      WHERE closed.county_id = %(county)s AND closed.day = mark.day
                        AND (closed.school_id IS NULL OR closed.school_id = called.school_id))
      AND NOT EXISTS (SELECT FROM students_placement away
                      WHERE away.student_id = mark.student_id
                        AND mark.day BETWEEN away.starts_on AND away.ends_on
                        AND (away.returned_on IS NULL OR mark.day < away.returned_on))
    WINDOW child AS (PARTITION BY mark.student_id ORDER BY mark.day)
), parted AS (
    SELECT student_id, day, prev, seq - prev_seq > 1 AS has_gap,
           prev IS NULL OR seq - prev_seq > 1
               AND EXISTS (SELECT {gap} WHERE child_day.state = 'ends') AS breaks
    FROM u
), numbered AS (
    SELECT student_id, day, CASE WHEN has_gap AND NOT breaks
               THEN (SELECT count(*) {gap} WHERE child_day.state = 'unknown') ELSE 0 END AS unknown,
           sum(breaks::int) OVER (PARTITION BY student_id ORDER BY day) AS run
    FROM parted AS u
), counted AS (
    SELECT student_id, run, day, unknown,
           row_number() OVER (PARTITION BY student_id, run ORDER BY day) AS nth
    FROM numbered
), run AS (
    SELECT student_id, min(day) AS starts_on, max(day) AS last_on, count(*) AS days,
           sum(unknown) AS unknown_days,
           min(day) FILTER (WHERE nth = %(threshold)s + 1) AS crossed_on,
           coalesce(sum(unknown) FILTER (WHERE nth <= %(threshold)s + 1), 0) > 0
               AND count(*) > %(threshold)s AS rests_on_unknown
    FROM counted GROUP BY student_id, run HAVING count(*) > %(more_than)s
)
SELECT u.student_id, u.starts_on, u.last_on, u.days, u.unknown_days, u.crossed_on,
       u.rests_on_unknown,
       coalesce(({ended} AND child_day.day <= u.last_on + 4), ({ended})) AS ended_on
FROM run AS u
"""

# The state of one child on the school days of its stays, as in students/rules/marks.day_state.
CHILD_DAY = """
    SELECT day.day, CASE
        WHEN EXISTS (SELECT FROM students_placement away
                     WHERE away.student_id = stay.student_id
                       AND day.day BETWEEN away.starts_on AND away.ends_on
                       AND (away.returned_on IS NULL OR day.day < away.returned_on)) THEN 'ends'
        WHEN roll.state = 'not_held' THEN 'not_held'
        WHEN roll.state IS NULL OR mark.mark = 'unknown' THEN 'unknown'
        ELSE 'ends' END AS state
    FROM students_enrollmentrecord stay
    JOIN day ON day.day >= stay.starts_on AND (stay.ends_on IS NULL OR day.day <= stay.ends_on)
    LEFT JOIN students_roll roll
           ON roll.school_class_id = stay.school_class_id AND roll.day = day.day
    LEFT JOIN students_rollmark mark
           ON mark.student_id = stay.student_id AND mark.day = day.day
    WHERE stay.student_id = u.student_id
      AND NOT EXISTS (SELECT FROM students_closedday closed
                      WHERE closed.county_id = %(county)s AND closed.day = day.day
                        AND (closed.school_id IS NULL OR closed.school_id = stay.school_id))
"""
# Most runs end within days: the rest of the term is looked at only for those that do not. Of a
# gap, the first day that ends a run is enough.
ENDED = """SELECT min(child_day.day) FROM ({child_day} AND day.day > u.last_on) AS child_day
WHERE child_day.state = 'ends'"""
GAP = "FROM ({child_day} AND day.day > u.prev AND day.day < u.day) AS child_day"
STATEMENT = (
    RECOUNT.replace("{ended}", ENDED).replace("{gap}", GAP).replace("{child_day}", CHILD_DAY)
)


@dataclass(frozen=True)
class Counted:
    """One run as the recount sees it: the columns of AbsenceRun."""

    student_id: int
    starts_on: date
    last_on: date
    days: int
    unknown_days: int
    crossed_on: date | None
    rests_on_unknown: bool
    ended_on: date | None


def recount(term: Term, more_than: int = 0) -> list[Counted]:
    """Every run of the county in the term; more_than: only runs of more than so many days."""
    days = list(working_calendar().working_days(term.starts_on, term.ends_on))
    threshold = in_force(term.county_id, term.starts_on).number(Key.ABSENCE_CONSECUTIVE_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT,
            {
                "days": days,
                "county": term.county_id,
                "threshold": threshold,
                "more_than": more_than,
            },
        )
        return [Counted(*row) for row in cursor.fetchall()]


def differences(term: Term) -> list[int]:
    """Children whose stored runs are not those of the recount."""
    stored = {
        Counted(*row)
        for row in AbsenceRun.objects.filter(term=term).values_list(*Counted.__dataclass_fields__)
    }
    return sorted({run.student_id for run in stored ^ set(recount(term))})

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
), u AS (
    SELECT mark.student_id, mark.day, day.seq,
           lag(mark.day) OVER child AS prev, lag(day.seq) OVER child AS prev_seq,
           count(*) OVER (PARTITION BY mark.student_id) AS total
    FROM students_rollmark mark
    JOIN students_roll roll ON roll.id = mark.roll_id AND roll.state = 'taken'
    JOIN students_schoolclass class ON class.id = roll.school_class_id
    JOIN day ON day.day = mark.day
    WHERE mark.mark = 'unexcused' AND mark.county_id = %(county)s
      AND NOT EXISTS (SELECT FROM students_closedday closed
                      WHERE closed.county_id = %(county)s AND closed.day = mark.day
                        AND (closed.school_id IS NULL OR closed.school_id = class.school_id))
      AND NOT EXISTS (SELECT FROM students_placement away
                      WHERE away.student_id = mark.student_id
                        AND mark.day BETWEEN away.starts_on AND away.ends_on
                        AND (away.returned_on IS NULL OR mark.day < away.returned_on))
    WINDOW child AS (PARTITION BY mark.student_id ORDER BY mark.day)
), gap AS (
    SELECT u.student_id, u.day, u.total,
           CASE WHEN u.prev IS NULL THEN 1 WHEN u.seq - u.prev_seq = 1 THEN 0
                ELSE (between_.ended > 0)::int END AS breaks,
           CASE WHEN u.prev IS NULL OR u.seq - u.prev_seq = 1 THEN 0
                ELSE between_.unknown END AS unknown
    FROM u LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state = 'ends') AS ended,
               count(*) FILTER (WHERE state = 'unknown') AS unknown
        FROM ({child_day}
              AND day.day > u.prev AND day.day < u.day) AS child_day
    ) between_ ON u.seq - u.prev_seq > 1
    WHERE u.total > %(more_than)s
), numbered AS (
    SELECT student_id, day, unknown, breaks,
           sum(breaks) OVER (PARTITION BY student_id ORDER BY day) AS run
    FROM gap
), counted AS (
    SELECT student_id, run, day, CASE breaks WHEN 1 THEN 0 ELSE unknown END AS unknown,
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
       (SELECT min(child_day.day)
        FROM ({child_day}
              AND day.day > u.last_on) AS child_day
        WHERE child_day.state = 'ends') AS ended_on
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
STATEMENT = RECOUNT.replace("{child_day}", CHILD_DAY)


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

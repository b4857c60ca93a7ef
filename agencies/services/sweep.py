"""The sweep: what has come due is said once, in one statement that may run at any time.

State change, escalations and outbox rows commit together or not at all. Rows that another sweeper
holds are skipped, so any number may run at once; a sweep that is killed leaves nothing behind.
"""

from datetime import datetime

from django.db import connection, transaction

from agencies import clock
from agencies.models import ClockMark
from agencies.rules.clock_guard import Doubt, Mark, Reading, doubt
from agencies.services import notices

BATCH = 500
# Passed is strictly after, as in ObligationQuerySet.overdue(). Missed levels are recorded in their
# order; only the last step is told.
SWEEP = """
WITH due AS MATERIALIZED (
    SELECT id, public_id, county_id, step, round, moments, levels FROM agencies_obligation
    WHERE met_at IS NULL AND waived_at IS NULL AND next_check_at < %(now)s
    ORDER BY next_check_at, id LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
), passed AS (
    SELECT due.id, due.public_id, due.county_id, due.round, m.n, m.level, m.moment
    FROM due, unnest(due.moments, due.levels) WITH ORDINALITY AS m (moment, level, n)
    WHERE m.n > due.step AND m.moment < %(now)s
), latest AS (
    SELECT DISTINCT ON (id) * FROM passed ORDER BY id, n DESC
), moved AS (
    UPDATE agencies_obligation AS o
    SET step = l.n, level = GREATEST(o.level, l.level), next_check_at = o.moments[l.n + 1]
    FROM latest AS l WHERE o.id = l.id RETURNING o.id
), climbed AS (
    INSERT INTO agencies_escalation (obligation_id, round, level, due_at, raised_at)
    SELECT id, round, level, moment, %(now)s FROM passed WHERE level > 0 ORDER BY moment, id
    ON CONFLICT DO NOTHING
), told AS (
    INSERT INTO agencies_notice
        (county_id, kind, dedupe, obligation_id, level, href, params, created_at)
    SELECT county_id, CASE WHEN level = 0 THEN 'reminder' ELSE 'deadline' END,
        'deadline:' || id || ':' || round || ':' || n, id, level,
        '/duties/' || public_id || '/', '{}', %(now)s FROM latest
    ON CONFLICT (dedupe) DO NOTHING
)
SELECT count(*) FROM moved
"""


def sweep(now: datetime) -> int:
    """Say everything that has come due by now, batch by batch. Returns how many rows moved."""
    if believed(reading(now), now) is not None:
        return 0
    moved = 0
    while batch := sweep_batch(now):
        moved += batch
    return moved


def sweep_batch(now: datetime, batch: int = BATCH) -> int:
    """One batch, oldest first. Returns how many rows moved; 0: nothing is left."""
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, {"now": now, "batch": batch})
        return cursor.fetchone()[0]


def reading(now: datetime) -> Reading | None:
    """The clocks as they stand; None where somebody fixed the clock (training, tests)."""
    if clock.is_fixed():
        return None
    boot, up = clock.since_boot()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return Reading(now, cursor.fetchone()[0], boot, up)


@transaction.atomic
def believed(found: Reading | None, now: datetime) -> Doubt | None:
    """Keep a reading that can be believed; refuse and alarm otherwise. Returns the doubt."""
    if found is None:
        return None
    row = ClockMark.objects.select_for_update().order_by("pk").first()
    why = doubt(found, Mark(row.now, row.boot, row.up) if row else None)
    row = row or ClockMark(now=found.now, boot=found.boot, up=found.up)
    if why is None:
        row.now, row.boot, row.up, row.doubt, row.doubted_at = (
            found.now,
            found.boot,
            found.up,
            "",
            None,
        )
    else:
        row.doubted_at = row.doubted_at if row.doubt else now
        row.doubt = why.value
        notices.alarm("clock", why.value, now)
    row.save()
    return why


def trust_clock() -> None:
    """A person has looked at the clock and found it right: the next reading is believed."""
    ClockMark.objects.all().delete()

"""Deadlines: the sweep of a large county beside the least SQL that could do it.

A scenario here: a function that returns Measured by name, put into SCENARIOS (scenarios.py), with
a section in budgets.toml. What changes the county works on a copy of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from agencies import clock
from agencies.demo import COUNTY
from agencies.models import Agency
from agencies.services import sweep
from bench import county, floors
from bench.measure import Found, Measured, Size, in_turn, statements

OBLIGATIONS, DUE = 200_000, 500
HOUR = timedelta(hours=1)
# 500 of them come due in every hour from now on, the rest in half a year.
OWED = """
INSERT INTO agencies_obligation
    (public_id, county_id, kind, key, subject, href, region_path, owed_by_id, starts_on, due_on,
     due_at, provisional, basis, clause, moments, levels, step, round, next_check_at, level,
     waived_because)
SELECT gen_random_uuid(), a.county_id, 'census', 'bench:' || i, 'census:' || i, '', '', a.id,
    %(now)s::date, due::date, due, false, '{}', 'S1-51', ARRAY[due, due + interval '9 days'],
    ARRAY[1, 2]::smallint[], 0, 0, due, 0, ''
FROM generate_series(0, %(number)s - 1) AS i
JOIN unnest(%(ids)s::bigint[], %(counties)s::bigint[]) WITH ORDINALITY AS a (id, county_id, n)
    ON a.n = i %% %(many)s + 1,
LATERAL (SELECT %(now)s + CASE
    WHEN i < %(soon)s THEN make_interval(hours => i / %(due)s + 1, secs => -60)
    ELSE interval '180 days' + make_interval(secs => i) END AS due) d
"""
# The same rows and indexes without the product around them: no checks of other tables.
PLAIN = """
CREATE TABLE bench_owed (LIKE agencies_obligation INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE bench_outbox (
    LIKE agencies_notice INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES
);
INSERT INTO bench_owed SELECT * FROM agencies_obligation;
"""
FLOOR = """
WITH due AS (
    SELECT id FROM bench_owed
    WHERE met_at IS NULL AND waived_at IS NULL AND next_check_at < %(now)s
    ORDER BY next_check_at, id LIMIT %(due)s FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
    UPDATE bench_owed AS o SET step = 1, level = 1, next_check_at = o.moments[2]
    FROM due WHERE o.id = due.id RETURNING o.id, o.county_id
), told AS (
    INSERT INTO bench_outbox
        (county_id, kind, dedupe, obligation_id, level, href, params, created_at)
    SELECT county_id, 'deadline', 'deadline:' || id || ':0:1', id, 1, '', '{}', %(now)s FROM moved
    ON CONFLICT (dedupe) DO NOTHING
)
SELECT count(*) FROM moved
"""


def sweep_deadlines(size: Size, rounds: int) -> Found:
    """500 of 200,000 come due; and a sweep that finds nothing, beside the shortest question."""
    number = int(OBLIGATIONS * min(1, size.scale / Size.scale))
    due = max(1, number * DUE // OBLIGATIONS)
    with own_county():
        now = clock.now()
        owe(number, due, rounds + 2, now)
        idle, idle_floor = in_turn(
            rounds, lambda _: swept(now, 0), lambda _: floors.query("SELECT 1")
        )

        def ours(nth: int) -> None:
            swept(now + (nth + 1) * HOUR, due)

        def floor(nth: int) -> None:
            given = {"now": now + (nth + 1) * HOUR, "due": due}
            assert floors.query(FLOOR, **given) == [(due,)]

        busy = Measured(*in_turn(rounds, ours, floor))
        busy.queries = statements(ours, rounds + 1)  # the batch, and that none is left
        last = now + (rounds + 2) * HOUR
        asked = statements(lambda _: swept(last, 0), 0)
    return {"sweep": busy, "sweep_idle": Measured(idle, idle_floor, queries=asked)}


def swept(now: datetime, wanted: int) -> None:
    found = sweep.sweep(now)
    assert found == wanted, f"{found} were swept, not {wanted}"


def owe(number: int, due: int, hours: int, now: datetime) -> None:
    """Open obligations of all bodies of the county; those that were there are not asked again."""
    bodies = list(Agency.objects.filter(county__code=COUNTY).values_list("pk", "county"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_obligation SET next_check_at = NULL")
        cursor.execute(
            OWED,
            {
                "now": now,
                "number": number,
                "due": due,
                "soon": due * hours,
                "ids": [pk for pk, _ in bodies],
                "counties": [of for _, of in bodies],
                "many": len(bodies),
            },
        )
        cursor.execute(PLAIN)
        for table in ("agencies_obligation", "agencies_notice", "bench_owed", "bench_outbox"):
            cursor.execute(f"VACUUM ANALYZE {table}")


@contextmanager
def own_county() -> Iterator[None]:
    """A copy of the county that a scenario may change."""
    name = connection.settings_dict["NAME"]
    with county.copy_of(name) as copy:
        county.use(copy)
        try:
            yield
        finally:
            county.use(name)

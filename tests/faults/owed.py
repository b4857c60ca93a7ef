"""Obligations with a due moment, put straight into the table; and what became of them."""

from dataclasses import dataclass

from tests.faults.stage import Stage

INSERT = """
INSERT INTO agencies_obligation
    (public_id, county_id, kind, key, subject, href, region_path, owed_by_id, starts_on, due_on,
     due_at, provisional, basis, clause, moments, levels, step, round, next_check_at, level,
     waived_because)
SELECT gen_random_uuid(), %(county)s, 'census', %(name)s || ':' || i, 'census', '', %(path)s,
    %(school)s, current_date, (due AT TIME ZONE 'Asia/Shanghai')::date, due, false, '{}', '',
    moments, %(levels)s::smallint[], 0, 0, moments[1], 0, ''
FROM generate_series(1, %(number)s) AS i,
    LATERAL (SELECT %(now)s::timestamptz + make_interval(secs => %(seconds)s) AS due) d,
    LATERAL (SELECT array_agg(due + make_interval(days => n) ORDER BY o) AS moments
             FROM unnest(%(days)s) WITH ORDINALITY AS u (n, o)) m
"""
TALLY = """
WITH mine AS (
    SELECT * FROM agencies_obligation WHERE key LIKE %(name)s || ':%%'
), escalated AS (
    SELECT e.* FROM agencies_escalation e JOIN mine ON mine.id = e.obligation_id
), told AS (
    SELECT n.* FROM agencies_notice n JOIN mine ON mine.id = n.obligation_id
), lines AS (
    SELECT d.* FROM agencies_delivery d JOIN told ON told.id = d.notice_id AND d.channel = 'inbox'
)
SELECT
    (SELECT count(*) FROM mine WHERE level > 0),
    (SELECT count(*) FROM mine WHERE step = 0 AND level = 0),
    (SELECT count(*) FROM escalated),
    (SELECT count(*) FROM told WHERE kind = 'deadline'),
    (SELECT count(*) FROM told WHERE kind = 'deadline' AND NOT EXISTS (
        SELECT FROM escalated e WHERE e.obligation_id = told.obligation_id AND e.level = told.level)),
    (SELECT count(*) FROM mine WHERE level > 0 AND NOT EXISTS (
        SELECT FROM told WHERE told.obligation_id = mine.id AND told.level = mine.level)),
    (SELECT count(*) FROM lines),
    (SELECT count(DISTINCT (notice_id, user_id)) FROM lines),
    (SELECT coalesce(extract(epoch FROM max(raised_at - due_at)), 0)::float FROM escalated)
"""


@dataclass(frozen=True)
class Tally:
    """late: seconds from a due moment to its being raised, the longest."""

    moved: int
    untouched: int
    escalations: int
    notices: int
    without_escalation: int
    without_notice: int
    inbox: int
    inbox_once: int
    late: float


def owe(
    stage: Stage,
    name: str,
    number: int,
    seconds: float = -1,
    *,
    levels: tuple[int, ...] = (1,),
    days: tuple[int, ...] = (0,),
    now: str = "now",
) -> None:
    """So many obligations of one school, due in so many seconds; steps: (level, days after due)."""
    facts = {key: stage.facts[key] for key in ("county", "school", "path")}
    values = {"name": name, "number": number, "seconds": seconds, "now": now}
    stage.sql(INSERT, **facts, **values, levels=list(levels), days=list(days))


def tally(stage: Stage, name: str) -> Tally:
    return Tally(*stage.sql(TALLY, name=name)[0])


def said_once(found: Tally, due: int, rest: int = 0) -> bool:
    """Each due one moved, escalated and told once, the rest not at all."""
    once = (found.moved, found.escalations, found.notices) == (due, due, due)
    pairs = found.without_escalation == found.without_notice == 0
    return once and pairs and found.untouched == rest

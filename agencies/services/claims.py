"""Deliveries that one worker holds for a while: a recipient belongs to one worker at a time.

The claim is in the database before anything is sent, and runs out by itself: what a killed worker
held is taken up again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection, transaction
from django.db.models import Count

from agencies.channels.base import Outcome
from agencies.models import Delivery, DeliveryAttempt
from agencies.rules.notices import pause_after

LEASE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)
# The recipients whose turn it is and whom nobody else serves. The lock lasts until the claim is
# committed; what others have claimed is seen by the next statement.
RECIPIENTS = """
WITH due AS MATERIALIZED (
    SELECT channel, user_id, target_id, min(next_try_at) AS since FROM agencies_delivery
    WHERE state = 'waiting' AND next_try_at <= %(now)s
    GROUP BY channel, user_id, target_id
    HAVING bool_and(claimed_until IS NULL OR claimed_until <= %(now)s)
    ORDER BY since, channel, user_id, target_id LIMIT %(most)s
)
SELECT channel, coalesce(user_id, 0), coalesce(target_id, 0) FROM due
WHERE pg_try_advisory_xact_lock(
    hashtext('delivery'),
    hashtext(channel || ':' || coalesce(user_id, 0) || ':' || coalesce(target_id, 0))
)
"""
CLAIM = """
WITH mine AS MATERIALIZED (
    SELECT * FROM unnest(%(channels)s::text[], %(users)s::bigint[], %(targets)s::bigint[])
        AS r (channel, user_id, target_id)
    WHERE NOT EXISTS (
        SELECT FROM agencies_delivery AS held
        WHERE held.state = 'waiting' AND held.claimed_until > %(now)s AND held.channel = r.channel
            AND coalesce(held.user_id, 0) = r.user_id AND coalesce(held.target_id, 0) = r.target_id
    )
)
UPDATE agencies_delivery AS d SET claimed_until = %(until)s FROM mine
WHERE d.state = 'waiting' AND d.next_try_at <= %(now)s AND d.channel = mine.channel
    AND coalesce(d.user_id, 0) = mine.user_id AND coalesce(d.target_id, 0) = mine.target_id
    AND (d.claimed_until IS NULL OR d.claimed_until <= %(now)s)
RETURNING d.id
"""


@dataclass(frozen=True)
class Group:
    """All that waits for one person by one channel, or for one robot; oldest first."""

    rows: Sequence[Delivery]

    @property
    def first(self) -> Delivery:
        return self.rows[0]


@transaction.atomic
def claim(now: datetime, most: int) -> list[Group]:
    """Hold what is due for at most so many recipients, the longest waiting first."""
    with connection.cursor() as cursor:
        cursor.execute(RECIPIENTS, {"now": now, "most": most})
        recipients = cursor.fetchall()
        if not recipients:
            return []
        channels, users, targets = (list(column) for column in zip(*recipients, strict=True))
        who = {"channels": channels, "users": users, "targets": targets}
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE, **who})
        ids = [row[0] for row in cursor.fetchall()]
    groups: dict[tuple, list[Delivery]] = {}
    rows = Delivery.objects.filter(pk__in=ids).select_related(
        "notice__obligation__owed_by", "notice__agency", "user", "target"
    )
    for row in rows.order_by("pk"):
        groups.setdefault((row.channel, row.user_id, row.target_id), []).append(row)
    return [Group(rows) for rows in groups.values()]


def sent_lately(groups: Iterable[Group], now: datetime) -> dict[int, int]:
    """Messages that each robot was sent within the last minute. One pass sends it one at most."""
    targets = {group.first.target_id for group in groups} - {None}
    attempts = DeliveryAttempt.objects.filter(delivery__target__in=targets, at__gt=now - MINUTE)
    counted = attempts.values("delivery__target").annotate(n=Count("at", distinct=True))
    return dict(counted.values_list("delivery__target", "n"))


def release(rows: Iterable[Delivery], until: datetime | None = None) -> None:
    """Give back what was not tried. until: when its turn comes again."""
    mine = Delivery.objects.waiting().filter(pk__in=[row.pk for row in rows])
    if until is None:
        mine.update(claimed_until=None)
    else:
        mine.update(claimed_until=None, next_try_at=until)


def drop(ids: Collection[int]) -> None:
    """Not sent any more: there is no way to the person, or nothing left to say."""
    mine = Delivery.objects.waiting().filter(pk__in=ids)
    mine.update(state=Delivery.State.DROPPED, claimed_until=None)


@transaction.atomic
def record(rows: Sequence[Delivery], outcome: Outcome, now: datetime) -> None:
    """What became of one message in which these went. A failed one comes again after a pause."""
    attempts = (
        DeliveryAttempt(
            delivery=row,
            at=now,
            ok=outcome.ok,
            status=outcome.status[:24],
            detail=outcome.detail,
            together=len(rows),
        )
        for row in rows
    )
    DeliveryAttempt.objects.bulk_create(attempts, batch_size=2000)
    for tries, several in groupby(sorted(rows, key=_tries), _tries):
        held = Delivery.objects.waiting().filter(pk__in=[row.pk for row in several])
        pause = pause_after(tries + 1) if outcome.retry else None
        if outcome.ok:
            change: dict[str, object] = {"state": Delivery.State.SENT, "sent_at": now}
        elif pause is None:
            change = {"state": Delivery.State.DEAD}
        else:
            change = {"next_try_at": now + pause}
        held.update(tries=tries + 1, claimed_until=None, **change)


def _tries(row: Delivery) -> int:
    return row.tries

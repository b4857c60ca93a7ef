"""The outbox on its way: who is told by which channel, and the sending of what waits.

Everything rests on rows that one worker holds at a time, so any number of workers may run at once,
with or without Redis. A worker that dies between sending and writing down sends again: each message
carries the same mark as before, by which the other side may drop it.
"""

import time
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from agencies.channels import mail, sms
from agencies.models import Delivery, Notice
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import Policy, in_force
from agencies.queries.receivers import Choices, Told, choices, told
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import (
    PERSONAL,
    WAYS,
    Channel,
    NoticeKind,
    not_in_the_night,
    wanted,
)
from agencies.services import claims, sending
from agencies.services.sending import Pass

BATCH = 200  # notices
RECIPIENTS = 20  # held by one pass
HALF_TIME = claims.LEASE.total_seconds() / 2


@transaction.atomic
def expand(now: datetime, batch: int = BATCH) -> int:
    """Find out for one batch of notices who is told; returns how many notices that were."""
    notices = list(
        Notice.objects.filter(expanded_at__isnull=True)
        .select_related("obligation")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")[:batch]
    )
    if not notices:
        return 0
    day = now.astimezone(CHINA).date()
    living = [notice for notice in notices if not notice.is_moot]
    found = told(living, day)
    chosen = choices({user for one in found.values() for user in one.users})
    policies = {county: in_force(county, day) for county in {one.county_id for one in notices}}
    rows: list[Delivery] = []
    for notice in living:
        quiet = policies[notice.county_id].quiet_hours
        later = not_in_the_night(now, quiet)
        rows += _deliveries(notice, found[notice.pk], chosen, (now, later))
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(expanded_at=now)
    return len(notices)


def _deliveries(
    notice: Notice, told: Told, chosen: Choices, moments: tuple[datetime, datetime]
) -> Iterator[Delivery]:
    """moments: now for the inbox, and when the other channels may speak."""
    now, later = moments
    kind = NoticeKind(notice.kind)
    group = WAYS[kind].group
    for user in told.users.values():
        has = {
            Channel.INBOX: True,
            Channel.MAIL: user.email and mail.is_configured(),
            Channel.SMS: user.phone and sms.is_configured(),
        }
        for channel in PERSONAL:
            choice = chosen.get((user.pk, group, channel))
            if has[channel] and wanted(kind, channel, choice):
                row = Delivery(notice=notice, user=user, channel=channel, created_at=now)
                yield _begun(row, now, later)
    for target in told.targets:
        if wanted(kind, Channel(target.channel), None):
            row = Delivery(notice=notice, target=target, channel=target.channel, created_at=now)
            yield _begun(row, now, later)


def _begun(row: Delivery, now: datetime, later: datetime) -> Delivery:
    """What is in the inbox has arrived; the rest waits."""
    if row.channel == Channel.INBOX:
        row.state, row.sent_at = Delivery.State.SENT, now
    else:
        row.next_try_at = later
    return row


def deliver(now: datetime, limit: int = RECIPIENTS) -> int:
    """Send what is due to this many people and robots; returns how many deliveries changed.

    What cannot be sent within half of the lease is given back before somebody else takes it.
    """
    began = time.monotonic()
    groups = claims.claim(now, limit)
    if not groups:
        return 0
    this = Pass(now, working_calendar(), policies_of(groups, now), claims.sent_lately(groups, now))
    given_back = 0
    for group in groups:
        for parcel in sending.parcels(group, this):
            if time.monotonic() - began < HALF_TIME:
                sending.hand_over(parcel, this)
            else:
                claims.release(parcel.rows)
                given_back += len(parcel.rows)
    return sum(len(group.rows) for group in groups) - given_back


def policies_of(groups: list[claims.Group], now: datetime) -> dict[int, Policy]:
    day = now.astimezone(CHINA).date()
    counties = {row.notice.county_id for group in groups for row in group.rows}
    return {county: in_force(county, day) for county in counties}

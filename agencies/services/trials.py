"""A test message, sent at once to oneself or to a robot, with what became of it."""

import logging
from datetime import datetime
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.channels.base import Outcome
from agencies.errors import NotPossible, Reason
from agencies.models import ChannelTarget, Delivery, Notice, User
from agencies.queries.calendars import working_calendar
from agencies.rules.notices import Channel, NoticeKind
from agencies.rules.scope import Scope
from agencies.services import sending
from agencies.services.sending import Parcel, Pass

LOG = logging.getLogger(__name__)
PAUSE = 10  # seconds between two tests of one person


def to_me(scope: Scope, channel: Channel, now: datetime) -> Outcome:
    """Raises NotPossible: no address or phone number, or too soon after the last test."""
    user = User.objects.get(pk=scope.user_id)
    row = Delivery(user=user, channel=channel)
    if not sending.address(row):
        text = _("Enter and save your e-mail address or phone number first.")
        raise NotPossible(Reason("no_address", text))
    return _send(scope, row, now)


def to_robot(scope: Scope, target: ChannelTarget, now: datetime) -> Outcome:
    """Also to one that is switched off: that is how it is tried out. Raises NotPossible."""
    return _send(scope, Delivery(target=target, channel=target.channel), now)


def _send(scope: Scope, row: Delivery, now: datetime) -> Outcome:
    if not scope.county_id:
        raise NotPossible(Reason("no_post", _("You hold no post today.")))
    if not _may_test(scope.user_id):
        text = _("Wait %(seconds)s seconds before the next test.") % {"seconds": PAUSE}
        raise NotPossible(Reason("too_soon", text))
    with transaction.atomic():
        row.notice = Notice.objects.create(
            county_id=scope.county_id,
            kind=NoticeKind.TEST,
            dedupe=f"test:{scope.user_id}:{uuid4()}",
            href="/inbox/settings/",
            created_at=now,
            expanded_at=now,
        )
        row.created_at = now
        # Held for this try alone: a test is not tried again by itself.
        row.state = Delivery.State.DROPPED
        row.save()
    outcome = sending.hand_over(Parcel([row]), Pass(now, working_calendar(), {}, {}))
    if outcome.ok:
        row.state, row.sent_at = Delivery.State.SENT, now
        row.save(update_fields=["state", "sent_at"])
    return outcome


def _may_test(user_id: int) -> bool:
    """Once in a while; without the cache nobody counts, and a test may be what one needs then."""
    try:
        return bool(cache.add(f"test-message:{user_id}", 1, PAUSE))
    except Exception as error:  # whatever the client of the cache raises
        LOG.warning("Tests of messages are not counted: %s.", type(error).__name__)
        return True

"""Messages that were given up: tried again, or set aside by a person who has looked at them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agencies import background
from agencies.errors import NotVisible
from agencies.models import Delivery
from agencies.rules.scope import Scope
from agencies.services import audit

State = Delivery.State


@transaction.atomic
def try_again(scope: Scope, delivery_id: UUID, now: datetime) -> Delivery:
    """The message waits anew, with all its tries. Raises NotVisible when it is not given up."""
    row = _dead(scope, delivery_id)
    row.state, row.tries, row.next_try_at, row.claimed_until = State.WAITING, 0, now, None
    row.save(update_fields=["state", "tries", "next_try_at", "claimed_until"])
    audit.record(scope, "message.retry", f"delivery:{row.public_id}", now=now)
    background.hint("agencies.deliver_notices")
    return row


@transaction.atomic
def set_aside(scope: Scope, delivery_id: UUID, now: datetime) -> Delivery:
    """Nobody waits for it any more."""
    row = _dead(scope, delivery_id)
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    audit.record(scope, "message.set_aside", f"delivery:{row.public_id}", now=now)
    return row


def _dead(scope: Scope, delivery_id: UUID) -> Delivery:
    rows = Delivery.objects.filter(notice__county=scope.county_id, state=State.DEAD)
    found = rows.filter(public_id=delivery_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotVisible
    return found

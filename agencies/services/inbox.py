"""Reading the inbox: a line is read when it was opened, or all at once."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from agencies.errors import NotVisible
from agencies.models import Delivery


def read(user_id: int, now: datetime, ids: Iterable[UUID] | None = None) -> int:
    """Mark lines of this person as read, all or these; those of others are left out."""
    rows = Delivery.objects.unread().filter(user=user_id)
    if ids is not None:
        rows = rows.filter(public_id__in=list(ids))
    return rows.update(read_at=now)


def opened(user_id: int, public_id: UUID, now: datetime) -> Delivery:
    """The line, read from now on. Raises NotVisible."""
    row = Delivery.objects.inbox_of(user_id).filter(public_id=public_id).select_related("notice")
    found = row.first()
    if found is None:
        raise NotVisible
    read(user_id, now, [public_id])
    return found

"""Records who read or changed what, in the same transaction: no record, no answer."""

from datetime import datetime

from agencies.models import AuditEvent
from agencies.rules.scope import HeldPost, Scope


def record(
    scope: Scope,
    verb: str,
    subject: str,
    *,
    now: datetime,
    post: HeldPost | None = None,
    **detail: object,
) -> AuditEvent:
    """One event. subject: kind and public id; detail: ids, field names, counts, never values."""
    acting = post or (scope.posts[0] if scope.posts else None)
    return AuditEvent.objects.create(
        at=now,
        county_id=scope.county_id or None,
        user_id=scope.user_id,
        post_id=acting.id if acting else None,
        verb=verb,
        subject=subject,
        detail=detail,
    )

"""Keeps bytes that belong to a record. They are checked by whoever takes them in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from agencies.models import StoredFile


@dataclass(frozen=True)
class Content:
    """name: made by us; media_type: what the bytes were found to be, not what somebody said."""

    name: str
    media_type: str
    data: bytes


def store(county_id: int, content: Content, post_id: int | None, now: datetime) -> StoredFile:
    """One row, never changed afterwards (append-only)."""
    return StoredFile.objects.create(
        county_id=county_id,
        name=content.name,
        media_type=content.media_type,
        content=content.data,
        size=len(content.data),
        digest=hashlib.sha256(content.data).hexdigest(),
        stored_at=now,
        stored_by_id=post_id,
    )

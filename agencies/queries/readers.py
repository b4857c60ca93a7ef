"""Who looked at a record, newest first."""

from dataclasses import dataclass
from datetime import datetime

from agencies.models import AuditEvent

MOST = 100


@dataclass(frozen=True)
class Look:
    at: datetime
    name: str
    agency: str


def readers_of(*subjects: str) -> list[Look]:
    """The last hundred reads of these subjects ("student:…", "case:…")."""
    rows = (
        AuditEvent.objects.filter(subject__in=subjects)
        .select_related("user", "post__agency")
        .order_by("-at", "-pk")[:MOST]
    )
    return [
        Look(row.at, row.user.name if row.user else "", row.post.agency.name if row.post else "")
        for row in rows
    ]

"""Writing notices into the outbox, in the transaction of the fact that they tell.

Who is told and by which channel is found out later (services/dispatch.py): nothing waits here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from agencies import background
from agencies.models import Notice, Obligation, Region
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind


@dataclass(frozen=True)
class News:
    """One thing to tell. dedupe: said once, however often it is written.

    To the people of an agency, to the holder of a post, or by the ladder of the obligation.
    params: ids, counts, days and names of bodies; never a child's name, number or address.
    """

    county_id: int
    kind: NoticeKind
    dedupe: str
    href: str = ""
    obligation_id: int | None = None
    level: int = 0
    agency_id: int | None = None
    post_id: int | None = None
    params: dict[str, object] = field(default_factory=dict)


def tell(news: Iterable[News], now: datetime) -> int:
    """Put these into the outbox; what was told already stays as it is. Returns how many came."""
    rows = [Notice(**vars(one), created_at=now) for one in news]
    if not rows:
        return 0
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    background.hint("agencies.deliver_notices")
    return len(rows)


def tell_moved(obligations: Iterable[Obligation], now: datetime) -> int:
    """The due moment of these has moved or become firm: whoever owes them is told the day."""
    return tell(
        (
            News(
                row.county_id,
                NoticeKind.MOVED,
                f"moved:{row.pk}:{row.round}:{'maybe' if row.provisional else 'firm'}",
                row.href,
                row.pk,
                agency_id=row.owed_by_id,
                params={"due_on": row.due_on.isoformat()},
            )
            for row in obligations
        ),
        now,
    )


def alarm(what: str, why: str, now: datetime) -> int:
    """The machinery needs attention: the administrators of each county are told once a day."""
    day = now.astimezone(CHINA).date()
    counties = Region.objects.filter(parent=None, ends_on__isnull=True)
    return tell(
        (
            News(
                county.pk,
                NoticeKind.ALARM,
                f"alarm:{county.pk}:{what}:{why}:{day}",
                "/status/",
                params={"what": what, "why": why},
            )
            for county in counties
        ),
        now,
    )

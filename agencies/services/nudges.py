"""Reminding by hand: whoever owes something is asked to do it, at most once a day for each duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from agencies.access import require
from agencies.models import Notice, Obligation
from agencies.models.obligation import ObligationQuerySet
from agencies.queries.obligations import visible_to
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.notices import NoticeKind
from agencies.rules.scope import Scope
from agencies.services import audit, notices
from agencies.services.notices import News

MOST = 2000  # reminders with one click


@dataclass(frozen=True)
class Nudged:
    """told: how many duties were reminded of; already: of how many somebody had been today."""

    told: int
    already: int = 0
    left: int = 0  # beyond the most of one click


def nudge(scope: Scope, obligations: Iterable[Obligation], now: datetime) -> Nudged:
    """Remind of these. What is met, waived or out of sight is left out.

    Raises NotPermitted.
    """
    chosen = Obligation.objects.filter(pk__in=[row.pk for row in obligations])
    return nudge_all(scope, chosen, now)


@transaction.atomic
def nudge_all(scope: Scope, rows: ObligationQuerySet, now: datetime) -> Nudged:
    """Remind of all of a list that are open, the first due first; 2,000 with one click.

    The rows are locked, so that two who click at once are told the truth. Raises NotPermitted.
    """
    post = require(scope, Duty.REMIND)
    wanted = rows.filter(pk__in=visible_to(scope).values("pk")).open().order_by("due_at", "pk")
    found = list(wanted.select_for_update(of=("self",), no_key=True)[:MOST])
    left = wanted.count() - len(found) if len(found) == MOST else 0
    day = now.astimezone(CHINA).date()
    news = [
        News(
            row.county_id,
            NoticeKind.NUDGE,
            f"nudge:{row.pk}:{day}",
            row.href,
            row.pk,
            agency_id=row.owed_by_id,
            params={"by": post.agency_name},
        )
        for row in found
    ]
    marks = [one.dedupe for one in news]
    had = set(Notice.objects.filter(dedupe__in=marks).values_list("dedupe", flat=True))
    told = notices.tell((one for one in news if one.dedupe not in had), now)
    subject = f"obligation:{found[0].public_id}" if len(found) == 1 else "obligations"
    audit.record(
        scope, "obligation.remind", subject, now=now, post=post, told=told, already=len(had)
    )
    return Nudged(told, len(had), left)

"""The group robots of a county, each with its last message and what waits or was given up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.functional import Promise

from agencies.channels.robots import PLATFORMS, Kind
from agencies.models import ChannelTarget, Delivery, DeliveryAttempt
from agencies.rules import outcomes

State = Delivery.State


@dataclass(frozen=True)
class RobotRow:
    """host: where its messages go; waiting and dead: messages."""

    target: ChannelTarget
    host: str
    last_at: datetime | None
    last_ok: bool
    last_words: str | Promise
    waiting: int
    dead: int


def robots_of(county_id: int) -> list[RobotRow]:
    """By agency and kind; three queries."""
    targets = list(
        ChannelTarget.objects.filter(county=county_id)
        .select_related("agency")
        .order_by("agency__kind", "agency__name", "channel")
    )
    deliveries = Delivery.objects.filter(target__in=targets)
    counts: dict[int, dict[str, int]] = {
        row["target"]: {"waiting": row["waiting"], "dead": row["dead"]}
        for row in deliveries.filter(state__in=[State.WAITING, State.DEAD])
        .values("target")
        .annotate(
            waiting=Count("pk", filter=Q(state=State.WAITING)),
            dead=Count("pk", filter=Q(state=State.DEAD)),
        )
    }
    attempts = DeliveryAttempt.objects.filter(delivery__target__in=targets)
    newest = attempts.order_by("delivery__target", "-pk").distinct("delivery__target")
    last = {one.delivery.target_id: one for one in newest.select_related("delivery")}
    return [_row(target, last.get(target.pk), counts.get(target.pk, {})) for target in targets]


def _row(target: ChannelTarget, last: DeliveryAttempt | None, counts: dict[str, int]) -> RobotRow:
    return RobotRow(
        target=target,
        host=(target.base_url or PLATFORMS[Kind(target.channel)].base).partition("://")[2],
        last_at=last.at if last else None,
        last_ok=bool(last and last.ok),
        last_words=outcomes.words(last.status) if last else "",
        waiting=counts.get("waiting", 0),
        dead=counts.get("dead", 0),
    )

"""Receipts: what was sent to several bodies arrives at each at its own time (rule 4, S1-53)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotVisible, Reason, RuleBroken
from agencies.models import Agency, Obligation, Receipt
from agencies.rules.deadlines import is_late
from agencies.rules.duties import Duty
from agencies.rules.notices import NoticeKind
from agencies.rules.scope import Scope
from agencies.services import notices
from agencies.services.notices import News


@transaction.atomic
def send(obligation: Obligation, recipients: Iterable[Agency], now: datetime) -> list[Receipt]:
    """Send to each recipient once; who has it already keeps the first time. All are told."""
    agencies = list(recipients)
    if not agencies:
        raise RuleBroken(Reason("recipients", _("There is nobody to send it to."), "/recipients"))
    Receipt.objects.bulk_create(
        [Receipt(obligation=obligation, recipient=agency, sent_at=now) for agency in agencies],
        ignore_conflicts=True,
    )
    news = (
        News(
            obligation.county_id,
            NoticeKind.PAPER_ARRIVED,
            f"arrived:{obligation.pk}:{agency.pk}",
            obligation.href,
            obligation.pk,
            agency_id=agency.pk,
        )
        for agency in agencies
    )
    notices.tell(news, now)
    return list(obligation.receipts.select_related("recipient").order_by("pk"))


@transaction.atomic
def sign(
    scope: Scope, obligation: Obligation, now: datetime, duty: Duty = Duty.RECEIVE_REPORT
) -> Receipt:
    """A person of a recipient signs for it: late or not is fixed here; the first time stands.

    duty: what whoever signs has to carry.

    Raises NotVisible when it was not sent to a body of this person.
    """
    post = require(scope, duty)
    receipt = (
        Receipt.objects.filter(obligation=obligation, recipient__in=scope.agency_ids)
        .select_for_update(of=("self",))
        .first()
    )
    if receipt is None:
        raise NotVisible
    if receipt.received_at is None:
        receipt.received_at, receipt.received_by_id = now, post.id
        receipt.late = is_late(now, obligation.due_at)
        receipt.save(update_fields=["received_at", "received_by", "late"])
    return receipt


def obligation_with(key: str, county_id: int) -> Obligation:
    """The obligation of a key. Raises NotVisible."""
    found = Obligation.objects.filter(county_id=county_id, key=key).first()
    if found is None:
        raise NotVisible
    return found

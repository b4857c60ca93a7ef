"""First answers to requests with an Idempotency-Key (api.md)."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import RequestRecord, User

KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict


@transaction.atomic
def once(
    user: User,
    key: UUID,
    request: tuple[str, str, object],
    now: datetime,
    work: Callable[[], Answer],
) -> Answer:
    """Do the work once per key; the same key and request get the first answer again.

    The work and the record of its answer are one transaction; a refusal is not stored. Raises
    RuleBroken when the key comes with another request: another body, or another file in it.
    """
    User.objects.select_for_update().get(pk=user.pk)
    asked = json.dumps(request, sort_keys=True, default=_told)
    fingerprint = hashlib.sha256(asked.encode()).hexdigest()
    if first := RequestRecord.objects.filter(user=user, key=key).first():
        if first.fingerprint != fingerprint:
            text = _("This key was used for another request.")
            raise RuleBroken(Reason("idempotency_key", text, "/Idempotency-Key"))
        return Answer(first.status, first.answer)
    answer = work()
    RequestRecord.objects.create(
        user=user,
        key=key,
        fingerprint=fingerprint,
        status=answer.status,
        answer=answer.body,
        created_at=now,
    )
    return answer


def _told(value: object) -> str:
    """What JSON has no words for; a file by its bytes, whatever its sender calls it."""
    if not isinstance(value, File):
        return str(value)
    value.seek(0)  # the work may have read it already, or reads it next
    digest = hashlib.sha256(value.read()).hexdigest()
    value.seek(0)
    return digest


def forget(now: datetime) -> int:
    """First answers older than a week are deleted."""
    return RequestRecord.objects.filter(created_at__lt=now - KEPT).delete()[0]

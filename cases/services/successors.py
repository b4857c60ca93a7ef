"""A body takes over from others: what was asked of them and is not settled goes to the new one."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from agencies.models import Agency
from agencies.services import successors
from cases.models import HelpRequest
from cases.rules.requests import LIVE


@transaction.atomic
def succeed(old: Sequence[Agency], name: str, on: date, today: date) -> Agency:
    """Like agencies.services.successors.succeed, and the open requests follow. Raises the same."""
    new = successors.succeed(old, name, on, today)
    HelpRequest.objects.filter(to__in=old, state__in=LIVE).update(to=new)
    return new

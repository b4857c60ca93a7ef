"""API tokens: stored as a hash, one device each, expiring."""

from datetime import datetime, timedelta

from agencies.models import ApiToken, User

LASTS = timedelta(days=30)


def issue(user: User, device: str) -> tuple[str, datetime]:
    """A new token and the moment at which it ends; it is shown this once."""
    row, token = ApiToken.objects.create(user=user, expiry=LASTS, device=device)
    return token, row.expiry

"""Who asks without an account: only from which network, and that only for limits."""

from django.conf import settings
from django.http import HttpRequest

from agencies.rules import network


def network_of(request: HttpRequest) -> str:
    return network.visitor(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        settings.TRUSTED_PROXIES,
    )

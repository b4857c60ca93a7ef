"""One request and its answer over one checked address: no redirects, a small answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings

from agencies.channels import line
from agencies.channels.addresses import Place
from agencies.channels.base import Outcome, never

MOST_BYTES = 64 * 1024


class Timeouts(NamedTuple):
    """Seconds: to connect, between two pieces of the answer, for everything together."""

    connect: float = 3
    read: float = 5
    total: float = 8


@dataclass(frozen=True)
class Request:
    """What is posted where. Tokens may stand in each part, so none of it is shown."""

    url: str
    body: Mapping[str, Any]
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None

    def __repr__(self) -> str:
        return "Request(…)"


@dataclass(frozen=True)
class Reply:
    """An answer that came in full. content is None unless it is a JSON object."""

    status: int
    content: dict[str, Any] | None


def exchange(
    request: Request, timeout: Timeouts, call: line.Call, place: Place, address: str
) -> Reply | Outcome:
    """Raises what requests raises; the deadline is the business of line.within."""
    verify = settings.WEBHOOK_CA_FILE or True
    with (
        line.session(place, address, call, verify) as session,
        session.post(
            request.url,
            json=request.body,
            params=request.params,
            headers=request.headers,
            timeout=(timeout.connect, timeout.read),
            allow_redirects=False,
            stream=True,
        ) as response,
    ):
        if 300 <= response.status_code < 400:
            return never("redirect")
        content = b""
        for chunk in response.iter_content(8192):
            content += chunk
            if len(content) > MOST_BYTES:
                return never("too_long", f"an answer over {MOST_BYTES} bytes")
        return Reply(response.status_code, _parsed(content))


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None

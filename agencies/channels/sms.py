"""Text messages by the gateway of the settings: none, the console, or a county's own over HTTP."""

import sys
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from agencies.channels import webhooks
from agencies.channels.base import Message, Outcome, later, never, sent
from agencies.rules import masking

# What a gateway may answer, and what it means. A repeat it dropped did arrive before.
TAKEN = frozenset({"accepted", "duplicate"})
LATER = frozenset({"rate_limited", "busy"})


def is_configured() -> bool:
    """The county has a gateway; without one no text message is even begun."""
    return bool(settings.SMS_GATEWAY)


def send(phone: str, message: Message) -> Outcome:
    """One message to one phone by the driver of settings.SMS_GATEWAY."""
    driver = settings.SMS_GATEWAY.get("driver", "")
    if driver == "console":
        return _console(phone, message)
    if driver == "http":
        return _http(settings.SMS_GATEWAY, phone, message)
    return never("not_configured", "no gateway for text messages")


def _console(phone: str, message: Message) -> Outcome:
    print(f"SMS {masking.phone(phone)}: {message.body}", file=sys.stderr, flush=True)
    return sent()


def _http(gateway: Mapping[str, str], phone: str, message: Message) -> Outcome:
    """The gateway gets the dedupe key as id, so that it can drop a second attempt that was none."""
    if not gateway.get("url") or not gateway.get("token"):
        return never("not_configured", "the gateway lacks its address or its token")
    answer = webhooks.post_json(
        gateway["url"],
        {
            "phone": phone,
            "template": gateway.get("template", ""),
            "params": {"text": message.text, "link": message.link},
            "id": message.dedupe,
        },
        headers={"Authorization": f"Bearer {gateway['token']}"},
    )
    return answer if isinstance(answer, Outcome) else _understood(answer)


def _understood(answer: Mapping[str, Any]) -> Outcome:
    """Words of the gateway are compared, never kept: an error may repeat the phone number."""
    error = answer.get("error")
    words = [word for word in (answer.get("status"), error) if isinstance(word, str)]
    if not error and answer.get("id") and TAKEN.intersection(words):
        return sent()
    for word in LATER.intersection(words):
        return later(word)
    if error or words:
        return never("refused", "the gateway did not accept the message")
    return later("bad_answer", "neither a status nor an error")

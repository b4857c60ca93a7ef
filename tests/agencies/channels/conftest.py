from collections.abc import Iterator
from typing import Any

import pytest

from agencies.channels.base import Message
from tests.support.receiver import Receiver, receiving


@pytest.fixture
def message() -> Message:
    return Message("2 visits are due", "Case KC-2026-0007", "https://county.example/k/7", "visit:7")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Listed, also as a host inside the network."""
    with receiving() as running:
        settings.WEBHOOK_HOSTS = [running.host]
        settings.WEBHOOK_PRIVATE_HOSTS = [running.host]
        yield running

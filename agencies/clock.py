"""The one clock: the only place that reads the time.

Where the settings allow it (dev, test), NOW in the environment fixes it, and the training clock
of a demonstration is a file that the demonstration moves by whole school days.
"""

import os
import time
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from agencies.rules.deadlines import CHINA


def now() -> datetime:
    """The present instant, with a zone."""
    if settings.CLOCK_MAY_BE_FIXED and (fixed := _fixed()):
        return fixed
    return timezone.now()  # noqa: TID251 the one place


def today() -> date:
    """The present day in China."""
    return now().astimezone(CHINA).date()


def is_fixed() -> bool:
    """Somebody set the clock: said on every page."""
    return settings.CLOCK_MAY_BE_FIXED and _fixed() is not None


BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def since_boot() -> tuple[str, float]:
    """Which start of the machine this is, and seconds since then: a clock that nobody sets."""
    boot = BOOT_ID.read_text(encoding="ascii").strip() if BOOT_ID.exists() else "unknown"
    return boot, time.clock_gettime(time.CLOCK_BOOTTIME)


def _fixed() -> datetime | None:
    text = os.environ.get("NOW")
    if not text and settings.DEMO_CLOCK_FILE and settings.DEMO_CLOCK_FILE.exists():
        text = settings.DEMO_CLOCK_FILE.read_text(encoding="ascii").strip()
    if not text:
        return None
    fixed = datetime.fromisoformat(text)
    return fixed if fixed.tzinfo else fixed.replace(tzinfo=CHINA)

"""The one clock: the only place that reads the time.

Where the settings allow it (dev, test), NOW in the environment fixes it, and the training clock
of a demonstration is a file that the demonstration moves by whole school days.
"""

import os
from datetime import date, datetime

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
    return _fixed() is not None


def _fixed() -> datetime | None:
    text = os.environ.get("NOW")
    if not text and settings.DEMO_CLOCK_FILE and settings.DEMO_CLOCK_FILE.exists():
        text = settings.DEMO_CLOCK_FILE.read_text(encoding="ascii").strip()
    if not text:
        return None
    fixed = datetime.fromisoformat(text)
    return fixed if fixed.tzinfo else fixed.replace(tzinfo=CHINA)

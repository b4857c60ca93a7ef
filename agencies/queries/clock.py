"""Whether the sweep of deadlines doubts the clock."""

from agencies.models import ClockMark


def doubt_now() -> str:
    """The doubt (agencies/rules/clock_guard.py) that stops the sweep; empty: none."""
    return ClockMark.objects.exclude(doubt="").values_list("doubt", flat=True).first() or ""

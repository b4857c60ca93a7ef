"""Left-behind children (S2-17): which groups they are, and from which day a contact is counted."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from students.rules.focus import FocusGroup

GROUPS = (
    FocusGroup.LEFT_BEHIND_ONE,
    FocusGroup.LEFT_BEHIND_BOTH,
    FocusGroup.LEFT_BEHIND_PROVINCE,
)
PREFIX = "left_behind"


def key_of(student_id: UUID, since: date) -> str:
    """The key of the duty to contact who answers for the child, counted from a day."""
    return f"{PREFIX}:{student_id}:{since}"


def of_key(key: str) -> tuple[UUID, date]:
    """The child and the day of a key."""
    _kind, student_id, since = key.split(":")
    return UUID(student_id), date.fromisoformat(since)


def counted_from(last: date | None, today: date, days: int, taken: Collection[date]) -> date:
    """The day from which the next contact is counted: that of the last one.

    Today where there was none within the rhythm (days: calendar days), so that nothing is overdue
    before anybody could know of it, and where a duty from that day is there already (taken).
    """
    if last is None or last + timedelta(days=days) < today or last in taken:
        return today
    return last

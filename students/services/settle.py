"""Before anything is called late, what rolls and records have met meanwhile is met."""

from datetime import datetime

from students.services import (
    contacts,
    focus_duties,
    home_lessons,
    left_behind,
    placement_duties,
    roll_duties,
    screening_duties,
    transfer_chain,
    transfers,
)


def settle(now: datetime) -> int:
    """The duties that follow from rows which others write: safe to repeat. Returns how many moved.

    A sweep that comes hours late, after an outage, finds the rolls that came in time.
    """
    return (
        roll_duties.follow(now)
        + contacts.follow(now)
        + transfers.follow(now)
        + transfer_chain.follow(now)
        + placement_duties.follow(now)
        + home_lessons.follow(now)
        + focus_duties.follow(now)
        + left_behind.follow(now)
        + screening_duties.follow(now)
    )

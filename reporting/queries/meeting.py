"""The agenda of one meeting, for its page, its paper and the API."""

from datetime import datetime

from agencies.models import Meeting
from agencies.rules.conferences import MeetingState, Point, Source
from reporting.queries import agenda


def points_of(meeting: Meeting, now: datetime) -> list[Point]:
    """As frozen; until the meeting is held, what is open now and then the points of the host."""
    written = [
        Point(Source(one.source), one.title, tuple((line[0], line[1]) for line in one.lines))
        for one in meeting.agenda.order_by("position")
    ]
    if meeting.state != MeetingState.PLANNED:
        return written
    return [*agenda.points(meeting.conference, now), *written]

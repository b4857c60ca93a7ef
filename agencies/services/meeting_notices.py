"""Members of a joint conference are told when and where it meets, that it moved, that it fails."""

from datetime import datetime

from agencies.models import Meeting
from agencies.queries.conferences import seats_on
from agencies.rules.notices import NoticeKind
from agencies.services import notices
from agencies.services.notices import News

PLANNED, MOVED, CANCELLED = "planned", "moved", "cancelled"


def tell_members(row: Meeting, event: str, now: datetime) -> None:
    """event: one of the above. Every body that has a seat on the day of the meeting, once."""
    bodies = set(seats_on(row.conference, row.planned_on).values_list("agency_id", flat=True))
    said = {
        "event": event,
        "conference": row.conference.name,
        "number": row.number,
        "on": row.planned_on.isoformat(),
        "place": row.place,
    }
    news = (
        News(
            row.conference.county_id,
            NoticeKind.MEETING,
            f"meeting:{row.public_id}:{event}:{body}:{now.isoformat()}",
            f"/meetings/{row.public_id}/",
            agency_id=body,
            params=said,
        )
        for body in sorted(bodies)
    )
    notices.tell(news, now)

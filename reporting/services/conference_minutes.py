"""A meeting of a joint conference with its agenda found by itself, and its minutes as a paper."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from agencies.models import Meeting
from agencies.queries import conferences as queries
from agencies.rules.scope import Scope
from agencies.services import conferences
from agencies.services.conferences import Held
from reporting.documents import conference_paper
from reporting.documents.paper import digest, to_json
from reporting.queries import agenda
from reporting.services.term_report import signature


@transaction.atomic
def hold(scope: Scope, meeting_id: UUID, held: Held, now: datetime) -> Meeting:
    """As conferences.hold, with the points of the agenda as they stand now."""
    meeting = queries.meeting_for(scope, meeting_id)
    points = agenda.points(meeting.conference, now)
    return conferences.hold(scope, meeting_id, replace(held, points=points), now)


@transaction.atomic
def sign(scope: Scope, meeting_id: UUID, now: datetime) -> Meeting:
    """Freeze the minutes as they read now. Raises as conferences.sign."""
    meeting = queries.meeting_for(scope, meeting_id, lock=True)
    post = conferences.host_of(scope, meeting.conference)
    with translation.override("zh-hans"):
        signed = signature(scope, post, now)
    decisions = meeting.decisions.select_related("owner").order_by("number")
    paper = conference_paper.minutes(
        meeting, conference_paper.standing(list(decisions)), signed, demo=settings.DEMO
    )
    return conferences.sign(scope, meeting_id, to_json(paper), digest(paper), now)

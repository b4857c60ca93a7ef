"""A meeting of a joint conference with its agenda found by itself, and its minutes as a paper.

Every member body reads what is written of it, so no child is named. This is looked at after the
deed itself, which says first who may do it, and is rolled back then.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from agencies.errors import RuleBroken
from agencies.models import AgendaItem, Decision, Meeting
from agencies.queries import conferences as queries
from agencies.rules.scope import Scope
from agencies.services import conferences, decisions
from agencies.services.conferences import Held
from agencies.services.decisions import Charge
from reporting.documents import conference_paper
from reporting.documents.paper import digest, to_json
from reporting.queries import agenda
from reporting.services.nameless import families_in
from reporting.services.term_report import signature


@transaction.atomic
def add_point(scope: Scope, meeting_id: UUID, title: str, now: datetime) -> AgendaItem:
    """As conferences.add_point. Raises also RuleBroken, naming the words that name a family."""
    made = conferences.add_point(scope, meeting_id, title, now)
    _no_family(scope, "/title", title)
    return made


@transaction.atomic
def hold(scope: Scope, meeting_id: UUID, held: Held, now: datetime) -> Meeting:
    """As conferences.hold, with the points of the agenda as they stand now. Raises as add_point."""
    meeting = queries.meeting_for(scope, meeting_id)
    points = agenda.points(meeting.conference, now)
    row = conferences.hold(scope, meeting_id, replace(held, points=points), now)
    _no_family(scope, "/minutes", held.minutes)
    return row


@transaction.atomic
def write_minutes(scope: Scope, meeting_id: UUID, text: str, now: datetime) -> Meeting:
    """As conferences.write_minutes. Raises as add_point."""
    row = conferences.write_minutes(scope, meeting_id, text, now)
    _no_family(scope, "/minutes", text)
    return row


@transaction.atomic
def decide(scope: Scope, meeting_id: UUID, charge: Charge, now: datetime) -> Decision:
    """As decisions.decide. Raises as add_point."""
    made = decisions.decide(scope, meeting_id, charge, now)
    _no_family(scope, "/text", charge.text)
    return made


@transaction.atomic
def carry_out(scope: Scope, decision_id: UUID, outcome: str, now: datetime) -> Decision:
    """As decisions.carry_out. Raises as add_point."""
    done = decisions.carry_out(scope, decision_id, outcome, now)
    _no_family(scope, "/outcome", outcome)
    return done


def _no_family(scope: Scope, pointer: str, text: str) -> None:
    if reasons := families_in(scope.county_id, pointer, text):
        raise RuleBroken(*reasons)


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

"""Joint conferences in sight, their meetings, and the decisions that are not carried out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet, Subquery

from agencies.errors import NotVisible
from agencies.models import Agency, Conference, Decision, Meeting, Obligation, Seat
from agencies.models.agency import AgencyQuerySet
from agencies.rules.conferences import DecisionState, MeetingState
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope


def conferences(scope: Scope) -> QuerySet[Conference]:
    rows = Conference.objects.visible_to(scope).select_related("host", "region")
    return rows.order_by("region__path", "pk")


def conference_for(scope: Scope, conference_id: UUID) -> Conference:
    """Raises NotVisible."""
    found = conferences(scope).filter(public_id=conference_id).first()
    if found is None:
        raise NotVisible
    return found


def meeting_for(scope: Scope, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    """Raises NotVisible."""
    seen = Conference.objects.visible_to(scope)
    rows = Meeting.objects.filter(conference__in=seen, public_id=meeting_id)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.select_related(
        "conference__host__region", "conference__region", "signed_by__user", "signed_by__agency"
    ).first()
    if found is None:
        raise NotVisible
    return found


def decision_for(scope: Scope, decision_id: UUID, *, lock: bool = False) -> Decision:
    """Raises NotVisible."""
    seen = Conference.objects.visible_to(scope)
    rows = Decision.objects.filter(meeting__conference__in=seen, public_id=decision_id)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.select_related("meeting__conference__host", "owner", "obligation").first()
    if found is None:
        raise NotVisible
    return found


def host_post(scope: Scope, conference: Conference) -> HeldPost | None:
    """The post of the person in the host, in whose name the conference is run."""
    posts = (one for one in scope.posts if one.agency_id == conference.host_id)
    return next((one for one in posts if Duty.RUN_CONFERENCES in one.duties), None)


def own_host(scope: Scope) -> Agency | None:
    """The own body that may run a conference and has none yet."""
    ids = [one.agency_id for one in scope.posts if Duty.RUN_CONFERENCES in one.duties]
    rows = Agency.objects.on(scope.on).filter(pk__in=ids, conference=None)
    return rows.select_related("region").first()


def seats_on(conference: Conference, day: date) -> QuerySet[Seat]:
    rows = Seat.objects.on(day).filter(conference=conference).select_related("agency")
    return rows.order_by("pk")


def unfinished(conference: Conference) -> QuerySet[Decision]:
    """What earlier meetings decided and nobody has carried out, the most urgent first."""
    rows = Decision.objects.filter(meeting__conference=conference, state=DecisionState.OPEN)
    return rows.select_related("owner", "meeting").order_by("due_on", "pk")


def carried_out(conference: Conference) -> QuerySet[Decision]:
    """What was carried out since the last meeting that was held."""
    held = Meeting.objects.filter(conference=conference).exclude(held_on=None)
    last = held.order_by("-held_on").values("held_on")[:1]
    rows = Decision.objects.filter(meeting__conference=conference, state=DecisionState.DONE)
    rows = rows.filter(ended_on__gte=Subquery(last))
    return rows.select_related("owner", "meeting").order_by("pk")


def open_decisions(scope: Scope) -> QuerySet[Decision]:
    """Those in sight that are not carried out, of every conference, the most urgent first."""
    seen = Conference.objects.visible_to(scope)
    rows = Decision.objects.filter(meeting__conference__in=seen, state=DecisionState.OPEN)
    return rows.select_related("owner", "meeting__conference").order_by("due_on", "pk")


def meetings_of(conference: Conference) -> QuerySet[Meeting]:
    return Meeting.objects.filter(conference=conference).order_by("-number")


def planned(conference: Conference) -> Meeting | None:
    return meetings_of(conference).filter(state=MeetingState.PLANNED).first()


@dataclass(frozen=True)
class Standing:
    """The next meeting: the obligation to hold it, whether its day has passed, the one planned."""

    due: Obligation | None
    is_late: bool
    planned: Meeting | None


def standings(rows: Iterable[Conference], now: datetime) -> dict[int, Standing]:
    """By the number of the conference, in two queries."""
    hosts = {row.host_id: row.pk for row in rows}
    owed = Obligation.objects.open().filter(kind=ObligationKind.CONFERENCE, owed_by__in=hosts)
    due = {hosts[one.owed_by_id]: one for one in owed.order_by("-due_at")}
    coming = Meeting.objects.filter(
        conference__in=hosts.values(), state=MeetingState.PLANNED
    ).order_by("pk")
    planned = {one.conference_id: one for one in coming}
    return {pk: _standing(due.get(pk), planned.get(pk), now) for pk in hosts.values()}


def _standing(due: Obligation | None, coming: Meeting | None, now: datetime) -> Standing:
    return Standing(due, due is not None and due.state(now) == "overdue", coming)


def bodies_of(county_id: int, on: date) -> AgencyQuerySet:
    """Whom a conference may seat or charge: every body of the county."""
    rows = Agency.objects.on(on).filter(county_id=county_id)
    return rows.order_by("kind", "region__path", "name")

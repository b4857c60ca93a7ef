"""Joint conferences: set up, seats, meetings planned, held, signed or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import AgendaItem, Attendance, Conference, Meeting, Seat
from agencies.queries import conferences as queries
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules import conferences as rules
from agencies.rules.conferences import MeetingState, Point, Presence, SeatRole, Source
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations
from agencies.services.meeting_notices import CANCELLED, MOVED, PLANNED, tell_members
from agencies.services.obligations import Ground, Owed

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """A seat to be filled. agency: public id."""

    agency: UUID
    role: str
    name: str
    title: str
    starts_on: date


@dataclass(frozen=True)
class Planned:
    client_id: UUID
    on: date
    place: str


@dataclass(frozen=True)
class Held:
    """What is written down of a meeting. presence: by the number of the seat; who: who came
    instead; points: what the agenda found by itself, as it stood then."""

    on: date
    chair: str
    minutes: str
    presence: Mapping[int, str]
    who: Mapping[int, str]
    points: Sequence[Point] = ()


@transaction.atomic
def set_up(scope: Scope, name: str, now: datetime) -> Conference:
    """The conference of the own body; the first meeting is owed from today.

    Raises NotPermitted, NotPossible (it has one), RuleBroken (no name).
    """
    post = require(scope, Duty.RUN_CONFERENCES)
    host = queries.own_host(scope)
    if host is None:
        raise NotPossible(Reason("exists", _("Your body has its conference already.")))
    if not name.strip():
        raise RuleBroken(Reason("name", _("The name is missing."), "/name"))
    row = Conference.objects.create(
        county_id=scope.county_id,
        region=host.region,
        host=host,
        name=name.strip(),
        set_up_on=scope.on,
    )
    _owe_next(row, 1, scope.on, now)
    audit.record(scope, "conference.set_up", f"conference:{row.public_id}", now=now, post=post)
    return row


def _owe_next(row: Conference, number: int, since: date, now: datetime) -> None:
    """One obligation for the next meeting, by the interval of the county."""
    owed = Owed(
        kind=ObligationKind.CONFERENCE,
        key=f"conference:{row.public_id}:{number}",
        subject=row.name,
        owed_by=row.host,
        owed_to=bureau(row.county_id, since),
        starts_on=since,
        region_path=row.region.path,
        href=f"/conferences/{row.public_id}/",
    )
    ground = Ground(in_force(row.county_id, since), working_calendar(), now)
    obligations.raise_all(row.county_id, [owed], ground)


@transaction.atomic
def fill_seat(scope: Scope, conference_id: UUID, place: Place, now: datetime) -> Seat:
    """A body takes a seat. A new convener takes over from the one before.

    Raises NotVisible, NotPermitted, RuleBroken (no such body, role or day; sits there already).
    """
    row, post = _run(scope, conference_id)
    body = queries.bodies_of(row.county_id, scope.on).filter(public_id=place.agency).first()
    if body is None:
        raise RuleBroken(Reason("agency", _("There is no such body."), "/agency"))
    if place.role not in SeatRole.values:
        raise RuleBroken(Reason("role", _("There is no such seat at this conference."), "/role"))
    if place.role == SeatRole.CONVENER:
        for former in row.seats.filter(role=SeatRole.CONVENER, ends_on=None):
            _vacate(former, place.starts_on - DAY, "/starts_on")
    if row.seats.filter(agency=body, name=place.name.strip(), ends_on=None).exists():
        raise RuleBroken(Reason("taken", _("This person sits there for this body."), "/name"))
    seat = Seat.objects.create(
        conference=row,
        agency=body,
        role=place.role,
        name=place.name.strip(),
        title=place.title.strip(),
        starts_on=place.starts_on,
    )
    audit.record(scope, "conference.seat", f"conference:{conference_id}", now=now, post=post)
    return seat


@transaction.atomic
def vacate_seat(scope: Scope, conference_id: UUID, seat_id: UUID, on: date, now: datetime) -> Seat:
    """The last day of a seat. Raises NotVisible, NotPermitted, NotPossible, RuleBroken."""
    row, post = _run(scope, conference_id)
    seat = row.seats.filter(public_id=seat_id, ends_on=None).first()
    if seat is None:
        raise NotPossible(Reason("seat", _("This seat has ended already.")))
    _vacate(seat, on, "/on")
    audit.record(scope, "conference.vacate", f"conference:{conference_id}", now=now, post=post)
    return seat


def _vacate(seat: Seat, on: date, pointer: str) -> None:
    if on < seat.starts_on:
        text = _("The one before is in office only from %(day)s on.") % {"day": seat.starts_on}
        raise RuleBroken(Reason("too_early", text, pointer))
    seat.ends_on = on
    seat.save(update_fields=["ends_on"])


@transaction.atomic
def plan(scope: Scope, conference_id: UUID, wanted: Planned, now: datetime) -> Meeting:
    """Plan the next meeting; the same client_id again gives the first one.

    Raises NotVisible, NotPermitted, NotPossible (one is planned, or its minutes wait for the
    signature), RuleBroken (no place).
    """
    row, post = _run(scope, conference_id)
    if known := row.meetings.filter(client_id=wanted.client_id).first():
        return known
    waiting = row.meetings.filter(state__in=(MeetingState.PLANNED, MeetingState.HELD))
    if waiting.exists():
        text = _("First hold the meeting that is planned, and sign its minutes.")
        raise NotPossible(Reason("planned", text))
    if not wanted.place.strip():
        raise RuleBroken(Reason("place", _("Where is it held?"), "/place"))
    last = row.meetings.aggregate(last=Max("number"))["last"] or 0
    made = Meeting.objects.create(
        conference=row,
        number=last + 1,
        planned_on=wanted.on,
        place=wanted.place.strip(),
        by_id=post.id,
        client_id=wanted.client_id,
    )
    tell_members(made, PLANNED, now)
    audit.record(scope, "meeting.plan", f"meeting:{made.public_id}", now=now, post=post)
    return made


@transaction.atomic
def move(scope: Scope, meeting_id: UUID, on: date, place: str, now: datetime) -> Meeting:
    """Another day or place for a planned meeting; its members are told. Raises as add_point."""
    row, post = _meeting(scope, meeting_id, MeetingState.PLANNED)
    if not place.strip():
        raise RuleBroken(Reason("place", _("Where is it held?"), "/place"))
    if (row.planned_on, row.place) == (on, place.strip()):
        return row
    row.planned_on, row.place = on, place.strip()
    row.save(update_fields=["planned_on", "place"])
    tell_members(row, MOVED, now)
    audit.record(scope, "meeting.move", f"meeting:{meeting_id}", now=now, post=post)
    return row


@transaction.atomic
def add_point(scope: Scope, meeting_id: UUID, title: str, now: datetime) -> AgendaItem:
    """A point of one's own, after those that the agenda finds by itself."""
    row, post = _meeting(scope, meeting_id, MeetingState.PLANNED)
    if not title.strip():
        raise RuleBroken(Reason("title", _("Say what it is about."), "/title"))
    position = (row.agenda.aggregate(last=Max("position"))["last"] or 0) + 1
    audit.record(scope, "meeting.point", f"meeting:{meeting_id}", now=now, post=post)
    return AgendaItem.objects.create(
        meeting=row, source=Source.OWN, position=position, title=title.strip()
    )


@transaction.atomic
def hold(scope: Scope, meeting_id: UUID, held: Held, now: datetime) -> Meeting:
    """Write down that it was held: the agenda is frozen as it stood, the next meeting is owed.

    Raises NotVisible, NotPermitted, NotPossible (not planned any more), RuleBroken.
    """
    row, post = _meeting(scope, meeting_id, MeetingState.PLANNED)
    seats = {seat.pk: seat for seat in queries.seats_on(row.conference, held.on)}
    reasons = rules.problems_with_holding(
        held.on, scope.on, frozenset(seats), held.presence, held.who
    )
    if not held.chair.strip():
        reasons.append(Reason("chair", _("Who chaired it?"), "/chair"))
    if reasons:
        raise RuleBroken(*reasons)
    row.state, row.held_on = MeetingState.HELD, held.on
    row.chair, row.minutes = held.chair.strip(), held.minutes.strip()
    row.save(update_fields=["state", "held_on", "chair", "minutes"])
    Attendance.objects.bulk_create(
        Attendance(meeting=row, seat=seat, presence=held.presence[pk], who=_instead(held, pk))
        for pk, seat in seats.items()
    )
    _freeze(row, held.points)
    conference = row.conference
    owed = conference.host.owes.filter(kind=ObligationKind.CONFERENCE)
    obligations.fulfil(list(owed.values_list("pk", flat=True)), now)
    _owe_next(conference, row.number + 1, held.on, now)
    audit.record(scope, "meeting.hold", f"meeting:{meeting_id}", now=now, post=post)
    return row


def _instead(held: Held, seat: int) -> str:
    came = held.presence[seat] == Presence.SUBSTITUTE
    return held.who.get(seat, "").strip() if came else ""


def _freeze(row: Meeting, points: Sequence[Point]) -> None:
    """The points that were found come first, then those of the host, as they were taken."""
    own = list(row.agenda.order_by("position").values_list("title", flat=True))
    row.agenda.all().delete()
    points = [*points, *(Point(Source.OWN, title) for title in own)]
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=row,
            source=point.source,
            position=position,
            title=point.title,
            lines=[list(line) for line in point.lines],
        )
        for position, point in enumerate(points, 1)
    )


@transaction.atomic
def write_minutes(scope: Scope, meeting_id: UUID, text: str, now: datetime) -> Meeting:
    """The minutes until they are signed. Raises as add_point."""
    row, post = _meeting(scope, meeting_id, MeetingState.HELD)
    row.minutes = text.strip()
    row.save(update_fields=["minutes"])
    audit.record(scope, "meeting.minutes", f"meeting:{meeting_id}", now=now, post=post)
    return row


@transaction.atomic
def sign(
    scope: Scope, meeting_id: UUID, paper: Mapping[str, object], digest: str, now: datetime
) -> Meeting:
    """Freeze the minutes as a paper; nothing of the meeting changes afterwards.

    Raises NotVisible, NotPermitted, NotPossible (not held, or signed), RuleBroken (no text).
    """
    row, post = _meeting(scope, meeting_id, MeetingState.HELD)
    if not row.minutes:
        raise RuleBroken(Reason("minutes", _("Write the minutes first."), "/minutes"))
    row.state, row.paper, row.digest = MeetingState.SIGNED, dict(paper), digest
    row.signed_at, row.signed_by_id = now, post.id
    row.save(update_fields=["state", "paper", "digest", "signed_at", "signed_by"])
    audit.record(scope, "meeting.sign", f"meeting:{meeting_id}", now=now, post=post)
    return row


@transaction.atomic
def cancel(scope: Scope, meeting_id: UUID, because: str, now: datetime) -> Meeting:
    """It does not take place; the duty to hold one stays. Raises as add_point."""
    row, post = _meeting(scope, meeting_id, MeetingState.PLANNED)
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    row.state, row.cancelled_because = MeetingState.CANCELLED, because.strip()
    row.save(update_fields=["state", "cancelled_because"])
    tell_members(row, CANCELLED, now)
    audit.record(scope, "meeting.cancel", f"meeting:{meeting_id}", now=now, post=post)
    return row


def host_of(scope: Scope, conference: Conference) -> HeldPost:
    """Raises NotPermitted for who is not of the host."""
    post = queries.host_post(scope, conference)
    if post is None:
        text = _("This is done by the body that runs the conference.")
        raise NotPermitted(Reason("host", text))
    return post


def _run(scope: Scope, conference_id: UUID) -> tuple[Conference, HeldPost]:
    """The conference, locked, and the post that runs it."""
    found = queries.conference_for(scope, conference_id)
    post = host_of(scope, found)
    Conference.objects.select_for_update().get(pk=found.pk)
    return found, post


def _meeting(scope: Scope, meeting_id: UUID, state: MeetingState) -> tuple[Meeting, HeldPost]:
    """The meeting, locked, in the state that the deed needs."""
    row = queries.meeting_for(scope, meeting_id, lock=True)
    post = host_of(scope, row.conference)
    if row.state != state:
        text = _("Not possible while the meeting is: %(state)s.")
        now_is = MeetingState(row.state).label
        raise NotPossible(Reason("state", text % {"state": now_is}))
    return row, post

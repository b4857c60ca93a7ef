"""Inspections: planned by a body together with others, held, closed or cancelled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPermitted, NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Agency, Decision
from agencies.queries.calendars import working_calendar
from agencies.queries.conferences import open_decisions
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.duties import Duty
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from agencies.services import audit, decisions, notices, obligations, sequences
from agencies.services.notices import News
from agencies.services.obligations import Ground, Owed
from cases import access
from cases.models import Inspection, Opinion, Venue
from cases.queries.inspections import proposed_text
from cases.queries.paper_facts import CHINESE
from cases.rules import inspections as rules
from cases.rules.inspections import InspectionState, Topic
from cases.services.nameless import persons_in

MOST_WORDS = 2000  # of what is said of a decision


@dataclass(frozen=True)
class Plan:
    """What is to be inspected, when, with whom. bodies: the others; the own body leads.

    venue or unit: one of the two. decision: of a joint conference, by its public id; basis: what
    else it rests on, in words.
    """

    client_id: UUID
    topic: str
    planned_on: date
    bodies: tuple[UUID, ...] = ()
    venue: UUID | None = None
    unit: UUID | None = None
    basis: str = ""
    decision: UUID | None = None


@dataclass(frozen=True)
class Held:
    on: date
    until: date
    summary: str


@transaction.atomic
def plan(scope: Scope, wanted: Plan, now: datetime) -> Inspection:
    """Plan an inspection, led by the own body. The same client_id again gives the first one.

    Raises NotPermitted, NotVisible (no such place in sight), RuleBroken with every reason.
    """
    post = require(scope, Duty.INSPECT)
    mine = Inspection.objects.filter(county_id=scope.county_id, client_id=wanted.client_id)
    if known := mine.first():
        return known
    if wanted.topic not in Topic.values:
        raise RuleBroken(Reason("topic", _("There is no such field."), "/topic"))
    place = _place(scope, wanted)
    venue, unit = (place, None) if isinstance(place, Venue) else (None, place)
    others = _bodies(scope, wanted.bodies)
    decision = _decision(scope, wanted.decision)
    taking_part = {post.agency_id, *(body.pk for body in others)}
    reasons = rules.problems_with_plan(
        Topic(wanted.topic),
        place.kind,
        taking_part,
        [post.agency_id],
        unit.pk if unit else None,
    )
    if reasons:
        raise RuleBroken(*reasons)
    number = sequences.next_number(scope.county_id, "inspection", wanted.planned_on.year)
    row = Inspection.objects.create(
        county_id=scope.county_id,
        region_id=place.region_id,
        number=f"{wanted.planned_on.year}-{number:03d}",
        topic=wanted.topic,
        venue=venue,
        unit=unit,
        lead_id=post.agency_id,
        basis=wanted.basis.strip(),
        decision=decision,
        planned_on=wanted.planned_on,
        by_id=post.id,
        client_id=wanted.client_id,
    )
    row.bodies.set(taking_part)
    _tell(row, "planned", now)
    audit.record(scope, "inspection.plan", f"inspection:{row.public_id}", now=now, post=post)
    return row


def _place(scope: Scope, wanted: Plan) -> Venue | Agency:
    if (wanted.venue is None) is (wanted.unit is None):
        text = _("Name one place, or one school or township.")
        raise RuleBroken(Reason("place", text, "/venue"))
    if wanted.venue is not None:
        venue = access.venue_for(scope, wanted.venue)
        if venue.ended_on and venue.ended_on <= scope.on:
            raise NotPossible(Reason("ended", _("This place is closed."), "/venue"))
        return venue
    if not scope.everything:
        text = _("Schools and townships are inspected by the county.")
        raise NotPermitted(Reason("unit", text, "/unit"))
    units = Agency.objects.on(scope.on).filter(county_id=scope.county_id, kind__in=rules.UNITS)
    unit = units.filter(public_id=str(wanted.unit)).first()
    if unit is None:
        raise NotVisible
    return unit


def _tell(row: Inspection, event: str, now: datetime) -> None:
    """The other bodies that take part: which one, when, led by whom; what it is about is not told.

    A place may bear the name of a person.
    """
    said: dict[str, object] = {
        "event": event,
        "number": row.number,
        "on": row.planned_on.isoformat(),
        "lead": row.lead.name,
    }
    news = (
        News(
            row.county_id,
            NoticeKind.INSPECTION,
            f"inspection:{row.public_id}:{event}:{body}",
            f"/inspections/{row.public_id}/",
            agency_id=body,
            params=said,
        )
        for body in row.bodies.exclude(pk=row.lead_id).order_by("pk").values_list("pk", flat=True)
    )
    notices.tell(news, now)


def _decision(scope: Scope, wanted: UUID | None) -> Decision | None:
    if wanted is None:
        return None
    found = open_decisions(scope).filter(public_id=wanted).first()
    if found is None:
        text = _("There is no such decision that is to be carried out.")
        raise RuleBroken(Reason("decision", text, "/decision"))
    return found


def _bodies(scope: Scope, ids: Iterable[UUID]) -> list[Agency]:
    wanted = set(ids)
    rows = Agency.objects.on(scope.on).filter(county_id=scope.county_id, public_id__in=wanted)
    found = list(rows)
    if len(found) < len(wanted):
        raise RuleBroken(Reason("bodies", _("There is no such body."), "/bodies"))
    return found


@transaction.atomic
def hold(scope: Scope, inspection_id: UUID, held: Held, now: datetime) -> Inspection:
    """It was held, from day to day. For a school or township the opinion is owed from then on.

    Raises NotVisible, NotPermitted, NotPossible (held or cancelled already), RuleBroken.
    """
    row = access.inspection_for(scope, inspection_id, lock=True)
    post = access.inspecting_post(scope, row)
    _must_be(row, InspectionState.PLANNED)
    reasons = rules.day_problems(held.on, date.min, scope.on)
    reasons += rules.day_problems(held.until, held.on, scope.on, "/until")
    if not held.summary.strip():
        reasons.append(Reason("summary", _("Say in words what was looked at."), "/summary"))
    reasons += persons_in(row.county_id, {"/summary": held.summary})
    if reasons:
        raise RuleBroken(*reasons)
    row.state, row.held_on, row.held_until = InspectionState.HELD, held.on, held.until
    row.summary = held.summary.strip()
    row.save()
    if row.unit:
        Opinion.objects.create(inspection=row)
        for kind in (ObligationKind.INSPECT_OPINION, ObligationKind.INSPECT_REPORT):
            owe(row, kind, owed_by=row.lead, starts_on=held.until, now=now)
    audit.record(scope, "inspection.hold", f"inspection:{row.public_id}", now=now, post=post)
    return row


def key_of(row: Inspection, kind: ObligationKind) -> str:
    return f"{kind.value}:{row.public_id}"


def owe(
    row: Inspection, kind: ObligationKind, *, owed_by: Agency, starts_on: date, now: datetime
) -> None:
    """One duty of the inspection itself, with the period of the policy."""
    duty = Owed(
        kind=kind,
        key=key_of(row, kind),
        subject=f"{row.number} {row.place}"[:80],
        owed_by=owed_by,
        owed_to=bureau(row.county_id, starts_on),
        starts_on=starts_on,
        region_path=row.region.path,
        href=f"/inspections/{row.public_id}/",
    )
    ground = Ground(in_force(row.county_id, starts_on), working_calendar(), now)
    obligations.raise_all(row.county_id, [duty], ground)


@transaction.atomic
def cancel(scope: Scope, inspection_id: UUID, because: str, now: datetime) -> Inspection:
    """A planned inspection is not held, for a reason in writing."""
    row = access.inspection_for(scope, inspection_id, lock=True)
    post = access.inspecting_post(scope, row)
    _must_be(row, InspectionState.PLANNED)
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    row.ended_because = because.strip()
    _tell(row, "cancelled", now)
    return _end(scope, row, InspectionState.CANCELLED, post.id, now)


@transaction.atomic
def close(scope: Scope, inspection_id: UUID, now: datetime) -> Inspection:
    """Every finding has ended, and the opinion on a school or township is out and undisputed.

    Raises NotVisible, NotPermitted, NotPossible with each thing that is still open.
    """
    row = access.inspection_for(scope, inspection_id, lock=True)
    post = access.inspecting_post(scope, row)
    _must_be(row, InspectionState.HELD)
    reasons = []
    if open_ones := rules.why_not_closed(row.findings.values_list("state", flat=True)):
        reasons.append(open_ones)
    if row.unit:
        opinion = row.opinion
        if not opinion.issued_on:
            reasons.append(Reason("opinion", _("The opinion was not issued yet.")))
        if opinion.asked_on and not opinion.reviewed_on:
            reasons.append(Reason("review", _("The review that was asked for is not answered.")))
    if reasons:
        raise NotPossible(*reasons)
    return _end(scope, row, InspectionState.CLOSED, post.id, now)


@transaction.atomic
def report_decision(scope: Scope, inspection_id: UUID, now: datetime) -> Decision:
    """The decision that this inspection carried out is reported done, with it as the proof.

    By the body that was charged, or the host. Raises NotVisible, NotPermitted, NotPossible (not
    closed, no decision, or ended already).
    """
    row = access.inspection_for(scope, inspection_id)
    _must_be(row, InspectionState.CLOSED)
    if row.decision is None:
        raise NotPossible(Reason("decision", _("No decision of a conference belongs to it.")))
    with translation.override(CHINESE):
        head = gettext("Inspection %(number)s is closed.") % {"number": row.number}
    outcome = f"{head}\n{proposed_text(row)}"[:MOST_WORDS]
    return decisions.carry_out(scope, row.decision.public_id, outcome, now)


def _end(
    scope: Scope, row: Inspection, state: InspectionState, post_id: int, now: datetime
) -> Inspection:
    row.state, row.ended_on = state, scope.on
    row.save()
    audit.record(scope, f"inspection.{state.value}", f"inspection:{row.public_id}", now=now)
    return row


def _must_be(row: Inspection, state: InspectionState) -> None:
    if row.state != state:
        text = _("Not possible while the inspection is: %(state)s.")
        label = InspectionState(row.state).label
        raise NotPossible(Reason("state", text % {"state": label}))

"""Decisions of a joint conference: each with a body that owes it until a day; done or withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Decision
from agencies.queries import conferences as queries
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.rules import conferences as rules
from agencies.rules.conferences import DecisionState, MeetingState
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations
from agencies.services.conferences import host_of
from agencies.services.obligations import Ground, Owed


@dataclass(frozen=True)
class Charge:
    """What a body is charged with. owner: public id of the body."""

    client_id: UUID
    text: str
    owner: UUID
    due_on: date


@transaction.atomic
def decide(scope: Scope, meeting_id: UUID, charge: Charge, now: datetime) -> Decision:
    """A decision of a meeting that was held; the same client_id again gives the first one.

    Raises NotVisible, NotPermitted, NotPossible (not held, or minutes signed), RuleBroken.
    """
    row = queries.meeting_for(scope, meeting_id, lock=True)
    post = host_of(scope, row.conference)
    if known := row.decisions.filter(client_id=charge.client_id).first():
        return known
    if row.state != MeetingState.HELD or row.held_on is None:
        text = _("Decisions are written down between the meeting and the signature.")
        raise NotPossible(Reason("state", text))
    reasons = rules.problems_with_decision(charge.text, row.held_on, charge.due_on)
    bodies = queries.bodies_of(scope.county_id, scope.on).select_related("region")
    owner = bodies.filter(public_id=charge.owner).first()
    if owner is None:
        reasons.append(Reason("owner", _("There is no such body."), "/owner"))
    if reasons or owner is None:
        raise RuleBroken(*reasons)
    conference, number = row.conference, row.decisions.count() + 1
    owed = Owed(
        kind=ObligationKind.DECISION,
        key=f"decision:{row.public_id}:{number}",
        subject=f"{conference.name[:60]} {row.number}-{number}",
        owed_by=owner,
        owed_to=conference.host,
        starts_on=row.held_on,
        region_path=owner.region.path,
        href=f"/meetings/{row.public_id}/",
        due_on=charge.due_on,
    )
    ground = Ground(in_force(scope.county_id, scope.on), working_calendar(), now)
    made = Decision.objects.create(
        meeting=row,
        number=number,
        text=charge.text.strip(),
        owner=owner,
        due_on=charge.due_on,
        obligation=obligations.raise_all(scope.county_id, [owed], ground)[0],
        client_id=charge.client_id,
    )
    audit.record(scope, "decision.make", f"decision:{made.public_id}", now=now, post=post)
    return made


@transaction.atomic
def carry_out(scope: Scope, decision_id: UUID, outcome: str, now: datetime) -> Decision:
    """What was done, in writing, by the body that was charged or by the host for it.

    Raises NotVisible, NotPermitted, NotPossible (ended already), RuleBroken (nothing said).
    """
    row = _open(scope, decision_id)
    post = _doer(scope, row)
    if not outcome.strip():
        raise RuleBroken(Reason("outcome", _("Say what was done."), "/outcome"))
    _end(row, DecisionState.DONE, outcome, scope, post)
    obligations.fulfil([row.obligation_id], now)
    audit.record(scope, "decision.done", f"decision:{decision_id}", now=now, post=post)
    return row


@transaction.atomic
def withdraw(scope: Scope, decision_id: UUID, because: str, now: datetime) -> Decision:
    """The host takes it back with a reason. Raises as carry_out."""
    row = _open(scope, decision_id)
    post = host_of(scope, row.meeting.conference)
    obligations.waive([row.obligation_id], because[:200], now)
    _end(row, DecisionState.WITHDRAWN, because, scope, post)
    audit.record(scope, "decision.withdraw", f"decision:{decision_id}", now=now, post=post)
    return row


def _open(scope: Scope, decision_id: UUID) -> Decision:
    row = queries.decision_for(scope, decision_id, lock=True)
    if row.state != DecisionState.OPEN:
        raise NotPossible(Reason("ended", _("This decision has ended already.")))
    return row


def _doer(scope: Scope, row: Decision) -> HeldPost:
    require(scope, Duty.SEE_CONFERENCES)
    mine = (one for one in scope.posts if one.agency_id == row.owner_id)
    post = next(mine, None) or queries.host_post(scope, row.meeting.conference)
    if post is None:
        text = _("This is said by the body that was charged, or by the host.")
        raise NotPermitted(Reason("owner", text))
    return post


def _end(row: Decision, state: DecisionState, outcome: str, scope: Scope, post: HeldPost) -> None:
    row.state, row.outcome = state, outcome.strip()
    row.ended_on, row.ended_by_id = scope.on, post.id
    row.save(update_fields=["state", "outcome", "ended_on", "ended_by"])

"""Records of help: written down, ended on a day, taken back with a reason when they were wrong."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotVisible, Reason, RuleBroken
from agencies.models import Agency
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from cases import access
from cases.models import Assistance, Case
from cases.rules import assistance as rules
from cases.rules.assistance import Given
from cases.services import transition
from cases.services.transition import Act


@transaction.atomic
def record(scope: Scope, case_id: UUID | str, given: Given, now: datetime) -> Assistance:
    """Write down help for a child. Help may come at any time, so also to an ended case.

    Raises NotVisible, NotPermitted, RuleBroken with each place.
    """
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.RECORD_ASSISTANCE)
    row = Assistance.objects.create(
        case=case,
        episode=case.episode.number,
        **checked(scope, given),
        recorded_by_id=post.id,
        recorded_at=now,
    )
    _on_timeline(case, "assistance", row, Act(post, scope.on, now, row.what))
    return row


@transaction.atomic
def end(
    scope: Scope, case_id: UUID | str, help_id: UUID | str, on: date, now: datetime
) -> Assistance:
    """Help that went on ends on this day. Raises NotVisible, NotPermitted, RuleBroken."""
    case, row, post = _mine(scope, case_id, help_id)
    if reason := rules.end_problem(row.starts_on, on):
        raise RuleBroken(reason)
    row.ends_on = on
    row.save(update_fields=["ends_on"])
    _on_timeline(case, "assistance_ended", row, Act(post, on, now, row.what))
    return row


@transaction.atomic
def take_back(
    scope: Scope, case_id: UUID | str, help_id: UUID | str, because: str, now: datetime
) -> None:
    """A record that was wrong counts no more; what it said and why it went stay on the timeline.

    Raises NotVisible, NotPermitted, RuleBroken without a reason.
    """
    case, row, post = _mine(scope, case_id, help_id)
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    said = Act(post, scope.on, now, f"{row.what} — {because.strip()}")
    _on_timeline(case, "assistance_taken_back", row, said)
    row.delete()


def checked(scope: Scope, given: Given) -> dict[str, Any]:
    """The fields of a record of help. Raises RuleBroken with each place."""
    reasons = rules.problems(given)
    agencies = Agency.objects.on(scope.on).filter(county_id=scope.county_id)
    giver = agencies.filter(public_id=given.giver).first() if given.giver else None
    if given.giver and giver is None:
        reasons.append(Reason("giver", _("There is no such agency."), "/giver"))
    if reasons:
        raise RuleBroken(*reasons)
    return {
        "kind": given.kind,
        "giver": giver,
        "giver_name": given.giver_name.strip(),
        "what": given.what.strip(),
        "amount": given.amount,
        "starts_on": given.starts_on,
        "ends_on": given.ends_on,
    }


def _mine(
    scope: Scope, case_id: UUID | str, help_id: UUID | str
) -> tuple[Case, Assistance, HeldPost]:
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.RECORD_ASSISTANCE)
    row = Assistance.objects.filter(case=case, public_id=help_id).select_related("giver").first()
    if row is None:
        raise NotVisible
    return case, row, post


def _on_timeline(case: Case, action: str, row: Assistance, act: Act) -> None:
    act.detail.update(
        kind=row.kind,
        giver=row.giver.name if row.giver else row.giver_name,
        amount=f"{row.amount:.2f}" if row.amount else "",
        starts_on=row.starts_on.isoformat(),
        ends_on=row.ends_on.isoformat() if row.ends_on else "",
    )
    transition.record(case, action, act)
    transition.touch(case)

"""The opinion on an inspected school or township, with the two rights of the inspected body."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.models import Agency
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.rules.deadlines import Unit, due
from agencies.rules.duties import AgencyKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations
from cases import access
from cases.models import Inspection, Opinion
from cases.queries.opinions import known
from cases.rules import opinions as rules
from cases.rules.inspections import InspectionState, day_problems
from cases.rules.opinions import Stage
from cases.services import inspections
from cases.services.nameless import persons_in


@dataclass(frozen=True)
class Said:
    """on: the day of the step, for drafts and opinions the day of their receipt."""

    on: date
    text: str = ""
    number: str = ""


@transaction.atomic
def take(scope: Scope, inspection_id: UUID, stage: Stage, said: Said, now: datetime) -> Opinion:
    """One step of the opinion.

    Raises NotVisible, NotPermitted, NotPossible (not its turn, or out of time), RuleBroken.
    """
    row = access.inspection_for(scope, inspection_id, lock=True)
    post = _acting(scope, row, stage)
    if row.unit is None or row.state != InspectionState.HELD:
        text = _("There is an opinion on a school or township that was inspected, until it closes.")
        raise NotPossible(Reason("state", text))
    opinion = Opinion.objects.select_for_update().get(inspection=row)
    stands = known(row, opinion)
    # A right ends with the day on which it is used, whatever day stands on the paper.
    day = scope.on if stage in rules.THEIRS else said.on
    if reason := rules.why_not(stage, stands, day):
        raise NotPossible(reason)
    reasons = day_problems(said.on, stands.last_on, scope.on)
    if not said.text.strip():
        reasons.append(Reason("text", _("Say it in words."), "/text"))
    if stage in rules.ON_PAPER and not said.number.strip():
        reasons.append(Reason("number", _("The number of the paper is missing."), "/number"))
    reasons += persons_in(row.county_id, {"/text": said.text})
    if reasons:
        raise RuleBroken(*reasons)
    _write(opinion, stage, said)
    opinion.save()
    _follow(row, stage, said, now)
    audit.record(scope, f"opinion.{stage.value}", f"inspection:{row.public_id}", now=now, post=post)
    return opinion


def _acting(scope: Scope, row: Inspection, stage: Stage) -> HeldPost:
    if stage in rules.THEIRS:
        return access.inspected_post(scope, row)
    return access.inspecting_post(scope, row)


def _write(opinion: Opinion, stage: Stage, said: Said) -> None:
    on, text, number = said.on, said.text.strip(), said.number.strip()
    county_id = opinion.inspection.county_id
    match stage:
        case Stage.DRAFT:
            opinion.drafted_on, opinion.draft = on, text
            opinion.reply_by = _last_day(county_id, Key.INSPECT_REPLY_DAYS, on)
        case Stage.REPLY:
            opinion.replied_on, opinion.reply = on, text
        case Stage.ISSUE:
            opinion.issued_on, opinion.opinion, opinion.number = on, text, number
            opinion.review_by = _last_day(county_id, Key.INSPECT_ASK_REVIEW_DAYS, on)
        case Stage.REPORT:
            opinion.reported_on, opinion.report = on, text
        case Stage.ASK_REVIEW:
            opinion.asked_on, opinion.asked_because = on, text
        case Stage.REVIEW:
            opinion.reviewed_on, opinion.review, opinion.review_number = on, text, number


def _last_day(county_id: int, key: Key, on: date) -> date:
    """The last day of a right: calendar days, the first not counted (民法典 201, 203)."""
    period = in_force(county_id, on).period(key, Unit.CALENDAR_DAYS)
    return due(on, period, working_calendar()).on


def _follow(row: Inspection, stage: Stage, said: Said, now: datetime) -> None:
    kinds = {
        Stage.ISSUE: ObligationKind.INSPECT_OPINION,
        Stage.REPORT: ObligationKind.INSPECT_REPORT,
        Stage.REVIEW: ObligationKind.INSPECT_REVIEW,
    }
    if stage in kinds:
        key = inspections.key_of(row, kinds[stage])
        obligations.fulfil_keys(row.county_id, [key], now)
    if stage is Stage.ASK_REVIEW:
        above = Agency.objects.on(said.on).filter(county_id=row.county_id, kind=AgencyKind.COUNTY)
        inspections.owe(
            row,
            ObligationKind.INSPECT_REVIEW,
            owed_by=above.first() or row.lead,
            starts_on=said.on,
            now=now,
        )

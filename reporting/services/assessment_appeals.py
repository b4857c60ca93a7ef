"""The yearly assessment after a sheet was sent: accepted or appealed against, answered, signed.

Signed, nothing changes any more (the database refuses), whatever the rows say later.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.access import require
from agencies.errors import NotPossible, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from agencies.services import obligations, receipts
from reporting.documents import assessment_paper
from reporting.documents.paper import digest, to_json
from reporting.models import Appeal, Sheet
from reporting.queries.assessment import item_of
from reporting.rules import assessment as rules
from reporting.rules.assessment import Given, SheetState
from reporting.services.assessment import in_state, owe, saved
from reporting.services.nameless import persons_in
from reporting.services.term_report import CHINESE, signature

SILENT = gettext_noop("the time for appeals has passed")


@transaction.atomic
def accept(scope: Scope, sheet_id: UUID, version: int, now: datetime) -> Sheet:
    """The unit has nothing to appeal against, or nothing more: it need not be waited for.

    Raises NotVisible, NotPermitted, NotPossible, Conflict.
    """
    row = _own(scope, sheet_id, version)
    if row.accepted_on is not None:
        raise NotPossible(Reason("accepted", _("The unit has accepted this sheet.")))
    post = require(scope, Duty.ANSWER_ASSESSMENT)
    row.accepted_on, row.accepted_by_id = scope.on, post.id
    _received(scope, row, now)
    return saved(scope, row, "accept", now)


def _own(scope: Scope, sheet_id: UUID, version: int) -> Sheet:
    """A sheet that was sent to an own body. Raises NotVisible, NotPermitted, NotPossible."""
    require(scope, Duty.ANSWER_ASSESSMENT)
    row = in_state(scope, sheet_id, version, SheetState.SENT)
    if row.agency_id not in scope.agency_ids:
        raise NotVisible
    return row


def _received(scope: Scope, row: Sheet, now: datetime) -> None:
    """The unit has said its word: the first one is its receipt, late or not is fixed by it."""
    if row.owed is not None:
        receipts.sign(scope, row.owed, now, Duty.ANSWER_ASSESSMENT)
        obligations.fulfil([row.owed.pk], now)


@dataclass(frozen=True)
class Objection:
    """number: of the item. version: of the sheet that was seen."""

    version: int
    number: int
    text: str


@transaction.atomic
def appeal(scope: Scope, sheet_id: UUID, wanted: Objection, now: datetime) -> Appeal:
    """The unit appeals against an item; the bureau owes the answer.

    Raises NotVisible, NotPermitted, Conflict, NotPossible (too late, accepted, a second time),
    RuleBroken without words, or naming each word by which a person could be found.
    """
    row = _own(scope, sheet_id, wanted.version)
    post = require(scope, Duty.ANSWER_ASSESSMENT)
    item_of(row, wanted.number)
    again = row.appeals.filter(number=wanted.number).exists()
    until = row.owed.due_on if row.owed else scope.on
    accepted = row.accepted_on is not None
    if reasons := rules.why_not_appeal(accepted=accepted, until=until, today=scope.on, again=again):
        raise NotPossible(*reasons)
    reasons = persons_in(row.county_id, {"/text": wanted.text})
    if not wanted.text.strip():
        reasons.append(Reason("text", _("Say what is not right about this item."), "/text"))
    if reasons:
        raise RuleBroken(*reasons)
    made = Appeal.objects.create(
        sheet=row,
        number=wanted.number,
        text=wanted.text.strip(),
        on=scope.on,
        by_id=post.id,
        owed=owe(row, ObligationKind.APPEAL, scope, now, wanted.number),
    )
    _received(scope, row, now)
    saved(scope, row, "appeal", now)
    return made


@transaction.atomic
def answer(
    scope: Scope, sheet_id: UUID, version: int, number: int, given: Given, now: datetime
) -> Appeal:
    """Answer an appeal with a reason; points: what the item has from now on, None: as before.

    Raises NotVisible, NotPermitted, Conflict, NotPossible (answered already), RuleBroken.
    """
    post = require(scope, Duty.KEEP_ASSESSMENTS)
    row = in_state(scope, sheet_id, version, SheetState.SENT)
    made = row.appeals.filter(number=number).first()
    if made is None:
        raise NotVisible
    if made.answered_on is not None:
        raise NotPossible(Reason("answered", _("This appeal is answered.")))
    item = item_of(row, number)
    before = rules.points_of(item)
    points = before if given.points is None else given.points
    asked = Given(points if points is not None else Decimal(0), given.reason)
    reasons = rules.given_problems(number, Decimal(str(item["most"])), asked)
    reasons += persons_in(row.county_id, {f"/items/{number}/reason": given.reason})
    if reasons:
        raise RuleBroken(*reasons)
    made.answer = given.reason.strip()
    made.points_before, made.points_after = rules.text(before), rules.text(points)
    made.answered_on, made.answered_by_id = scope.on, post.id
    made.save()
    row.items = [
        {**one, "points": rules.text(points)} if one["number"] == number else one
        for one in row.items
    ]
    obligations.fulfil([made.owed_id], now)
    saved(scope, row, "answer", now)
    return made


@transaction.atomic
def sign(scope: Scope, sheet_id: UUID, version: int, now: datetime) -> Sheet:
    """Sign and freeze a sheet with its paper.

    Raises NotVisible, NotPermitted, Conflict, NotPossible with every appeal that is open.
    """
    post = require(scope, Duty.SIGN_ASSESSMENT)
    row = in_state(scope, sheet_id, version, SheetState.SENT)
    still_open = list(row.appeals.filter(answered_on=None).values_list("number", flat=True))
    until = row.owed.due_on if row.owed else scope.on
    accepted = row.accepted_on is not None
    if reasons := rules.why_not_sign(still_open, accepted=accepted, until=until, today=scope.on):
        raise NotPossible(*reasons)
    obligations.waive([row.owed_id or 0], SILENT, now)
    row.state, row.signed_on, row.signed_by_id = SheetState.SIGNED, scope.on, post.id
    with translation.override(CHINESE):
        signed = signature(scope, post, now)
        paper = assessment_paper.sheet(row, list(row.appeals.all()), signed, demo=settings.DEMO)
    row.paper, row.digest = to_json(paper), digest(paper)
    return saved(scope, row, "sign", now)

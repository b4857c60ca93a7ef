"""What the bureau does with a tip: look into it, link it to a case, answer it, set it aside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import sealing
from agencies.access import require
from agencies.errors import Conflict, NotPossible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit, obligations
from cases.models import Case, Tip, TipStep
from cases.models.case import Origin
from cases.queries.tips import tip_for
from cases.rules import tips
from cases.rules.tips import TipAction, TipState
from cases.rules.workflow import OPEN
from cases.services import opening, transition
from cases.services import tips as intake
from cases.services.opening import ByHand
from students.access import student_for


@dataclass(frozen=True)
class Order:
    """What a person wants done. words: the reply of an answer, else the reason."""

    version: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Link:
    """The child that the tip is about. on: since when, if a case has to be opened."""

    student: UUID
    on: date
    version: int | None = None


@dataclass(frozen=True)
class Opened:
    """What is masked or sealed elsewhere."""

    contact: str
    what: str
    where: str


@transaction.atomic
def act(scope: Scope, tip_id: UUID, action: TipAction, order: Order, now: datetime) -> Tip:
    """Take, answer, set aside or take up again.

    Raises Conflict, NotPossible in this state, RuleBroken without the words that it needs.
    """
    tip = _locked(scope, tip_id, action, order.version)
    words = order.words.strip()
    if action in tips.NEEDS_WORDS and not words:
        text = _("The reply is missing.") if action is TipAction.ANSWER else _("Say why.")
        raise RuleBroken(Reason("words", text, "/words"))
    if action is TipAction.ANSWER:
        tip.reply = words
    if action is TipAction.REOPEN:
        _take_up_again(scope, tip, now)
    _move(scope, tip, action, words, now)
    return tip


@transaction.atomic
def link(scope: Scope, tip_id: UUID, order: Link, now: datetime) -> Tip:
    """Link a tip to the child's open case; where there is none, one is opened by hand (rule 1).

    Raises NotVisible for a child outside the scope, and what opening a case raises.
    """
    tip = _locked(scope, tip_id, TipAction.LINK, order.version)
    student = student_for(scope, order.student)
    case = Case.objects.filter(student=student, state__in=OPEN).first()
    if case is None:
        case = opening.open_by_hand(scope, student, ByHand(Origin.TIP, order.on), now)
    _tell_case(scope, case, "tip_linked", now)
    tip.case = case
    _move(scope, tip, TipAction.LINK, case.number, now)
    return tip


@transaction.atomic
def set_aside(scope: Scope, ids: Iterable[UUID], reason: str, now: datetime) -> int:
    """Many at once that are no tips, of those that nobody has touched. Returns how many it were."""
    post = require(scope, Duty.TRIAGE_TIPS)
    if not reason.strip():
        raise RuleBroken(Reason("words", _("Say why."), "/words"))
    rows = list(
        Tip.objects.filter(county_id=scope.county_id, public_id__in=list(ids), state=TipState.NEW)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for tip in rows:
        _move(scope, tip, TipAction.SPAM, reason.strip(), now)
    audit.record(scope, "tip.spam", "tips", now=now, post=post, count=len(rows))
    return len(rows)


@transaction.atomic
def opened(scope: Scope, tip_id: UUID, now: datetime) -> Opened:
    """The contact, and the text without masks. Each look is recorded before it is given."""
    tip = tip_for(scope, tip_id)
    post = require(scope, Duty.TRIAGE_TIPS)
    audit.record(scope, "tip.contact", f"tip:{tip.public_id}", now=now, post=post)
    sealed = bytes(tip.contact).decode()
    contact = sealing.unseal(sealed, intake.contact_label(tip)) if sealed else ""
    return Opened(contact, tip.what, tip.where)


def _locked(scope: Scope, tip_id: UUID, action: TipAction, version: int | None) -> Tip:
    """The tip, held for this transaction. Raises Conflict before anything else."""
    tip = tip_for(scope, tip_id, lock=True)
    if version is not None and version != tip.version:
        text = _("Somebody else has worked on this tip meanwhile.")
        now_it_is = {"id": str(tip.public_id), "state": tip.state, "version": tip.version}
        raise Conflict(Reason("version", text, "/version"), current=now_it_is)
    if reason := tips.refusal(TipState(tip.state), action):
        raise NotPossible(reason)
    return tip


def _move(scope: Scope, tip: Tip, action: TipAction, note: str, now: datetime) -> None:
    post = require(scope, Duty.TRIAGE_TIPS)
    tip.state = tips.MOVES[action][TipState(tip.state)]
    tip.version += 1
    ended = tip.state in tips.ENDED
    tip.closed_at = now if ended else None
    tip.save()
    TipStep.objects.create(tip=tip, state=tip.state, note=note, at=now, by_id=post.id)
    if ended and tip.obligation_id:
        obligations.fulfil([tip.obligation_id], now)
    audit.record(scope, f"tip.{action}", f"tip:{tip.public_id}", now=now, post=post)


def _take_up_again(scope: Scope, tip: Tip, now: datetime) -> None:
    """What was owed was met then and stays so; from today it is owed anew."""
    if tip.case:
        _tell_case(scope, tip.case, "tip_unlinked", now)
        tip.case = None
    tip.obligation = intake.owe(tip, now)


def _tell_case(scope: Scope, case: Case, word: str, now: datetime) -> None:
    """A line of the timeline without a word of the tip: its readers are more than the bureau."""
    post = require(scope, Duty.TRIAGE_TIPS)
    transition.record(case, word, transition.Act(post, scope.on, now))
    transition.touch(case)

"""Accountability talks: called, held, ordered to put right, reported, rechecked, replied to, ended.

Coming to the talk, putting right and rechecking are obligations: they are reminded, escalated and
extended like every deadline.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.access import require
from agencies.errors import NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Agency, Obligation, Post
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA, due
from agencies.rules.duties import Duty
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, notices, obligations, sequences
from agencies.services.notices import News
from agencies.services.obligations import Ground, Owed
from reporting.models import Alert, Talk, TalkItem, TalkStep
from reporting.queries import rates
from reporting.queries.alerts import alert_for
from reporting.queries.talks import above, agency_of, talk_for
from reporting.rules import talks as rules
from reporting.rules.areas import Area
from reporting.rules.talks import Step, TalkDeed, TalkState
from reporting.services.nameless import persons_in
from students.rules.identity import school_year_of

CALLED_OFF = gettext_noop("the talk was called off")
PURSUED = gettext_noop("responsibility is pursued instead")


@dataclass(frozen=True)
class Wanted:
    """A talk to be called: from an alert, or freely with a unit ("township", its key).

    by: the body that talks, None: the bureau. reason: from an alert it may add to the figure.
    """

    client_id: UUID
    position: str
    planned_on: date
    reason: str
    alert: UUID | None = None
    unit: tuple[str, str] = ("", "")
    by: UUID | None = None


@transaction.atomic
def call(scope: Scope, wanted: Wanted, now: datetime) -> Talk:
    """Call the leader of a unit to a talk. The same client_id again gives the first one.

    Raises NotVisible, NotPermitted, RuleBroken with every reason.
    """
    post = require(scope, Duty.HOLD_TALK)
    made = Talk.objects.filter(county_id=scope.county_id, client_id=wanted.client_id).first()
    if made:
        return made
    alert = alert_for(scope, wanted.alert) if wanted.alert else None
    area = alert.area if alert else rates.unit_for(scope, *wanted.unit, scope.on)
    agency = agency_of(area, scope.on)
    if agency is None:
        raise RuleBroken(Reason("unit", _("No body answers for this unit now."), "/unit"))
    by = _above(scope, wanted.by)
    reason = wanted.reason.strip()
    asked = rules.Call(
        area.kind, wanted.position, wanted.planned_on, reason, by_itself=by.pk == agency.pk
    )
    reasons = rules.problems_with_call(asked, scope.on)
    if reasons := reasons + persons_in(scope.county_id, {"/reason": reason}):
        raise RuleBroken(*reasons)
    row = Talk.objects.create(
        **_unit(area, alert, scope.on),
        alert=alert,
        number=_number(scope, now),
        agency=agency,
        position=wanted.position,
        by_agency=by,
        reason=reason,
        planned_on=wanted.planned_on,
        by_id=post.id,
        called_on=scope.on,
        client_id=wanted.client_id,
    )
    row.called = _owe(row, ObligationKind.TALK, agency, scope.on, now, wanted.planned_on)
    row.save()
    _tell(row, "called", now)
    audit.record(scope, "talk.call", f"talk:{row.public_id}", now=now, post=post)
    return row


def _tell(row: Talk, event: str, now: datetime) -> None:
    """Who is called: the holders of the post that is to come, or else the people of the body."""
    day = now.astimezone(CHINA).date()
    held = Post.objects.held_on(day).filter(agency=row.agency, position=row.position)
    posts: list[int | None] = list(held.order_by("pk").values_list("pk", flat=True))
    said: dict[str, object] = {
        "event": event,
        "number": row.number,
        "on": row.planned_on.isoformat(),
        "body": row.by_agency.name,
    }
    news = (
        News(
            row.county_id,
            NoticeKind.TALK,
            f"talk:{row.public_id}:{event}:{post or 0}",
            f"/talks/{row.public_id}/",
            agency_id=None if post else row.agency_id,
            post_id=post,
            params=said,
        )
        for post in posts or [None]
    )
    notices.tell(news, now)


def _above(scope: Scope, wanted: UUID | None) -> Agency:
    if wanted is None:
        return bureau(scope.county_id, scope.on)
    for body in above(scope.county_id, scope.on):
        if body.public_id == wanted:
            return body
    raise NotVisible


def _unit(area: Area, alert: Alert | None, on: date) -> dict[str, object]:
    return {
        "county_id": area.county_id,
        "kind": area.kind,
        "key": area.key,
        "name": area.name,
        "path": area.path,
        "school_id": area.school_id,
        "school_year": alert.school_year if alert else school_year_of(on),
        "stage": alert.stage if alert else "",
    }


def _number(scope: Scope, now: datetime) -> str:
    serial = sequences.next_number(scope.county_id, "talk", scope.on.year)
    return f"约〔{scope.on.year}〕{serial}号"


@transaction.atomic
def take(scope: Scope, talk_id: UUID, deed: TalkDeed, step: Step, now: datetime) -> Talk:
    """One step of a talk.

    Raises NotVisible, NotPermitted, NotPossible (not in this state), RuleBroken with every reason.
    """
    row = talk_for(scope, talk_id, lock=True)
    state, post = TalkState(row.state), _acting(scope, row, deed)
    if reasons := rules.why_not(state, deed):
        raise NotPossible(*reasons)
    items = list(row.items.all())
    numbers = [item.number for item in items]
    reasons = rules.problems_with_step(deed, step, _since(row), scope.on, numbers)
    answers = {f"/reports/{number}": text for number, text in step.reports.items()}
    words = {"/text": step.text, "/items": "\n".join(step.items), **answers}
    reasons += persons_in(scope.county_id, words)
    if deed is TalkDeed.OUTCOME:
        replied = row.steps.filter(deed=TalkDeed.REPLY).exists()
        reasons += rules.problems_with_outcome(
            step.outcome, state, replied=replied, reply_until=row.reply_until, today=scope.on
        )
    if reasons:
        raise RuleBroken(*reasons)
    after = rules.state_after(deed, state, step, numbers)
    _write(row, deed, step, post, now, due_on=step.due_on if after is TalkState.ORDERED else None)
    _of_items(row, deed, step, items)
    row.state = after
    _follow(row, deed, step, now)
    row.save()
    audit.record(scope, f"talk.{deed.value}", f"talk:{row.public_id}", now=now, post=post)
    return row


def _acting(scope: Scope, row: Talk, deed: TalkDeed) -> HeldPost:
    """The unit answers for itself; what it sent on paper is recorded by who holds talks."""
    if deed in rules.THEIRS and row.agency_id in scope.agency_ids:
        return require(scope, Duty.ANSWER_TALK)
    return require(scope, Duty.HOLD_TALK)


def _since(row: Talk) -> date:
    """The day of the last step: a talk can be held before the day it was planned for."""
    last = row.steps.order_by("-on").values_list("on", flat=True).first()
    return last or row.called_on


def _write(
    row: Talk, deed: TalkDeed, step: Step, post: HeldPost, now: datetime, *, due_on: date | None
) -> None:
    TalkStep.objects.create(
        talk=row,
        deed=deed,
        on=step.on,
        text=step.text.strip(),
        number=step.number.strip(),
        due_on=due_on,
        by_id=post.id,
        at=now,
    )


def _of_items(row: Talk, deed: TalkDeed, step: Step, items: list[TalkItem]) -> None:
    if deed is TalkDeed.ORDER:
        texts = [text.strip() for text in step.items if text.strip()]
        TalkItem.objects.bulk_create(
            TalkItem(talk=row, number=number, text=text) for number, text in enumerate(texts, 1)
        )
    for item in items:
        if deed is TalkDeed.REPORT:
            item.report = step.reports[item.number].strip()
        elif deed is TalkDeed.RECHECK:
            item.put_right = item.number in step.put_right
    TalkItem.objects.bulk_update(items, ["report", "put_right"])


def _follow(row: Talk, deed: TalkDeed, step: Step, now: datetime) -> None:
    """What the step asks for, and what it meets or makes fall away."""
    match deed:
        case TalkDeed.HOLD:
            row.held_on, row.reply_until = step.on, _reply_until(row, step.on)
            _done(row.called, now)
        case TalkDeed.ORDER:
            _set_deadline(row, step, now)
        case TalkDeed.REPORT:
            _done(row.rectify, now)
            row.recheck = _owe(row, ObligationKind.TALK_RECHECK, row.by_agency, step.on, now)
        case TalkDeed.RECHECK:
            _done(row.recheck, now)
            if row.state == TalkState.ORDERED:
                _set_deadline(row, step, now)
        case TalkDeed.OUTCOME:
            row.outcome = step.outcome
            _fall_away(row, PURSUED, now)
        case TalkDeed.CANCEL:
            _fall_away(row, CALLED_OFF, now)
            _tell(row, "cancelled", now)


def _reply_until(row: Talk, held_on: date) -> date:
    period = in_force(row.county_id, held_on).period(Key.TALK_REPLY_DAYS)
    return due(held_on, period, working_calendar()).on


def _set_deadline(row: Talk, step: Step, now: datetime) -> None:
    row.orders += 1
    kind = ObligationKind.TALK_RECTIFY
    row.rectify = _owe(row, kind, row.agency, step.on, now, step.due_on)


def _done(owed: Obligation | None, now: datetime) -> None:
    obligations.fulfil([owed.pk] if owed else [], now)


def _fall_away(row: Talk, because: str, now: datetime) -> None:
    owed = [one.pk for one in (row.called, row.rectify, row.recheck) if one]
    obligations.waive(owed, because, now)


def _owe(
    row: Talk,
    kind: ObligationKind,
    by: Agency,
    on: date,
    now: datetime,
    due_on: date | None = None,
) -> Obligation:
    owed = Owed(
        kind=kind,
        key=f"{kind.value}:{row.public_id}:{row.orders}",
        subject=f"{row.number} {row.name}"[:80],
        owed_by=by,
        owed_to=row.by_agency if by.pk != row.by_agency_id else None,
        starts_on=on,
        region_path=by.region.path,
        href=f"/talks/{row.public_id}/",
        due_on=due_on,
    )
    ground = Ground(in_force(row.county_id, on), working_calendar(), now)
    return obligations.raise_all(row.county_id, [owed], ground)[0]

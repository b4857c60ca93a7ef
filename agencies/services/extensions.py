"""Extensions: a later due moment for one duty, granted with a reason; both moments are kept."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPermitted, NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Extension, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.obligations import visible_to
from agencies.queries.policy import in_force
from agencies.rules.deadlines import Due, ending
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.rules.timetable import REMINDER
from agencies.services import audit, notices, obligations
from agencies.services.obligations import Ground

LONGEST = 200  # of Extension.reason


@transaction.atomic
def extend(
    scope: Scope, obligation_id: UUID, new_on: date, reason: str, now: datetime
) -> Obligation:
    """Grant a later last day; a rest day moves to the next working day.

    The duty starts a new round: it is told, and said anew in time.

    What was escalated before stays in its history. Raises NotVisible, NotPermitted (who owes it
    cannot grant it), NotPossible (met or waived), RuleBroken (no reason, no later day).
    """
    post = require(scope, Duty.EXTEND_DEADLINE)
    rows = Obligation.objects.filter(pk__in=visible_to(scope).values("pk"))
    row = rows.select_for_update(of=("self",)).filter(public_id=obligation_id).first()
    if row is None:
        raise NotVisible
    if row.owed_by_id in scope.agency_ids:
        raise NotPermitted(Reason("own", _("Nobody extends a deadline of the own body.")))
    if row.state(now) in ("met", "waived"):
        raise NotPossible(Reason("closed", _("It is done or no longer owed: its date stays.")))
    ground = Ground(in_force(row.county_id, row.starts_on), working_calendar(), now)
    last = ground.calendar.next_working_day(new_on)  # 民法典 203(1)
    end = ending(row.starts_on, last, ground.policy.closing, ground.calendar)
    _check(row, end, reason, now)
    granted = Extension.objects.create(
        obligation=row,
        old_due_at=row.due_at,
        new_due_at=end.at,
        reason=reason.strip(),
        approved_by_id=post.id,
        at=now,
    )
    obligations.schedule(row, end, ground)
    row.round, row.level = row.round + 1, REMINDER
    row.save()
    notices.tell_moved([row], now)
    audit.record(
        scope,
        "obligation.extend",
        f"obligation:{row.public_id}",
        now=now,
        post=post,
        old_due_at=granted.old_due_at.isoformat(),
        new_due_at=granted.new_due_at.isoformat(),
    )
    return row


def _check(row: Obligation, end: Due, reason: str, now: datetime) -> None:
    """Every reason at once, so that a form is mended once."""
    wrong = []
    if not reason.strip():
        wrong.append(Reason("reason", _("A reason in writing is missing."), "/reason"))
    elif len(reason.strip()) > LONGEST:
        wrong.append(Reason("reason", _("The reason is too long: 200 characters."), "/reason"))
    if end.on <= row.due_on or end.at <= row.due_at:
        text = _("The new day is not later than the present one.")
        wrong.append(Reason("not_later", text, "/due_on"))
    elif end.at <= now:
        wrong.append(Reason("passed", _("The new day has passed already."), "/due_on"))
    if wrong:
        raise RuleBroken(*wrong)

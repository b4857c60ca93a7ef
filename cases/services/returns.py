"""Children who are back: when the follow-up starts anew, closure is owed later (rule 14)."""

from datetime import date, datetime

from agencies.models import Obligation
from agencies.rules.obligations import ObligationKind
from agencies.services import obligations
from cases.models import Case
from cases.queries.facts import follow_up_of
from cases.rules.workflow import State
from cases.services import duties


def follow(on: date, now: datetime) -> int:
    """Move the closure that is owed behind the new end of a follow-up that was restarted.

    Safe to repeat: what is owed from the right day already is left alone. Returns how many moved.
    """
    back = Case.objects.filter(state=State.RETURNED).select_related("current", "household__region")
    return sum(_follow(case, on, now) for case in back)


def _follow(case: Case, on: date, now: datetime) -> int:
    progress = follow_up_of(case, on)
    if progress is None or progress.restarted_on is None:
        return 0
    starts_on = progress.done_on or duties.day_followed_up(case, progress.restarted_on, 1)
    open_ones = Obligation.objects.filter(
        pk__in=duties.open_of(case, (ObligationKind.CLOSURE,))
    ).exclude(starts_on=starts_on)
    if not open_ones.exists():
        return 0
    reason = f"follow-up restarted on {progress.restarted_on}"
    obligations.waive(list(open_ones.values_list("pk", flat=True)), reason, now)
    duties.owe(case, ObligationKind.CLOSURE, starts_on, now)
    return 1

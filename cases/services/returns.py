"""Children who are back: their follow-up and the closure after it follow the roll (rule 14)."""

from datetime import date, datetime

from django.db import transaction

from cases.models import Case
from cases.queries.facts import follow_up_of
from cases.rules.workflow import State
from cases.services import duties


def follow(on: date, now: datetime) -> int:
    """What is owed of each child that is back stands where its roll says.

    Safe to repeat: what is right already is left alone. Returns how many cases changed.
    """
    back = Case.objects.filter(state=State.RETURNED).select_related(
        "current", "school", "household__region"
    )
    return sum(_follow(case, on, now) for case in back)


@transaction.atomic
def _follow(case: Case, on: date, now: datetime) -> bool:
    progress = follow_up_of(case, on)
    return progress is not None and duties.keep_follow_up(case, progress, now)

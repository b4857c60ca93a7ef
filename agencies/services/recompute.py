"""New due moments for what is still open: a policy value moved, a calendar year was loaded.

What is met or waived is never touched (rule 4); an extension that was granted stands. A due moment
that moves begins a new round: it is told, and everything around it is said again, once. Where only
the steps around it change, what has been said is not said again.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from agencies.models import Extension, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force_on_days
from agencies.rules.deadlines import Due, ending
from agencies.rules.policy import CATALOGUE
from agencies.rules.timetable import REMINDER
from agencies.services import notices, obligations
from agencies.services.obligations import Ground

CHANGED = [
    "starts_on", "due_on", "due_at", "provisional", "basis", "moments", "levels", "step", "round",
    "next_check_at", "level", "clause",
]  # fmt: skip
BATCH = 1000
INSTANT = timedelta(microseconds=1)


@transaction.atomic
def recompute_open(county_id: int, now: datetime) -> int:
    """Recompute every open obligation of the county. Returns how many have moved or become firm.

    Each body whose day moves is told once per obligation. A second run finds nothing to do.
    """
    rows = Obligation.objects.open().filter(county_id=county_id).order_by("pk")
    return move(rows.select_for_update(of=("self",)), now)


def move(rows: Iterable[Obligation], now: datetime, starts_on: date | None = None) -> int:
    """Place these rows anew and store those that differ. The caller holds their locks.

    All of one county. starts_on: another first day for all of them.
    """
    found = list(rows)
    if not found:
        return 0
    calendar, county_id = working_calendar(), found[0].county_id
    policies = in_force_on_days(county_id, {starts_on or row.starts_on for row in found})
    grounds = {day: Ground(policy, calendar, now) for day, policy in policies.items()}
    extended = set(
        Extension.objects.filter(obligation__county=county_id)
        .filter(Exists(Obligation.objects.open().filter(pk=OuterRef("obligation"))))
        .values_list("obligation", flat=True)
    )
    changed, moved = [], []
    for row in found:
        first = starts_on or row.starts_on
        again = _again(row, first, row.pk in extended, grounds[first])
        if any(getattr(row, field) != getattr(again, field) for field in CHANGED):
            changed.append(again)
        if (row.due_at, row.provisional) != (again.due_at, again.provisional):
            moved.append(again)
    _store(changed)
    notices.tell_moved(moved, now)
    return len(moved)


def _store(rows: list[Obligation]) -> None:
    """Every row exists and is locked: the conflict is certain, and one statement takes many."""
    Obligation.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=CHANGED,
        batch_size=BATCH,
    )


def _again(row: Obligation, starts_on: date, extended: bool, ground: Ground) -> Obligation:
    """The same obligation on this ground."""
    again = Obligation(**{field.attname: getattr(row, field.attname) for field in row._meta.fields})
    again.starts_on, again.basis = starts_on, dict(row.basis)
    if extended and starts_on == row.starts_on:
        _keep_extension(again, row, ground)
    else:
        key = row.basis.get("policy")
        given = row.basis.get("agreed") or key not in CATALOGUE
        obligations.place(again, row.due_on if given else None, ground)
        if not given:
            again.clause = ground.policy.entries[key].clause
        if extended and again.due_at < row.due_at:
            _keep_extension(again, row, ground)
    if again.due_at == row.due_at:
        _leave_what_was_said(again, row, ground)
    else:
        again.round, again.level = row.round + 1, REMINDER
    return again


def _keep_extension(again: Obligation, row: Obligation, ground: Ground) -> None:
    """The day that was granted; only a later opening day can take it further."""
    firm = ending(again.starts_on, row.due_on, None, ground.calendar)
    end = Due(row.due_on, row.due_at, firm.provisional)
    obligations.schedule(again, end, ground)


def _leave_what_was_said(again: Obligation, row: Obligation, ground: Ground) -> None:
    """The due moment stands: the steps that were said stay, the others come from the new plan."""
    pending = min(ground.now, (row.next_check_at or ground.now) - INSTANT)
    end = Due(again.due_on, again.due_at, again.provisional)
    plan_now = Ground(ground.policy, ground.calendar, pending)
    obligations.schedule(again, end, plan_now)
    to_come = [
        (moment, level)
        for moment, level in zip(again.moments, again.levels, strict=True)
        if level > row.level or (level == REMINDER and moment > pending)
    ]
    again.moments = row.moments[: row.step] + [moment for moment, _level in to_come]
    again.levels = row.levels[: row.step] + [level for _moment, level in to_come]
    again.step = row.step
    again.next_check_at = to_come[0][0] if to_come else None

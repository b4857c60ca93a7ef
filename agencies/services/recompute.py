"""New due moments for what is still open: a policy value moved, a calendar year was loaded.

What is met or waived is never touched (rule 4); an extension that was granted stands.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from agencies.models import Extension, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.rules.deadlines import ending
from agencies.services import notices, obligations
from agencies.services.obligations import Ground

CHANGED = (
    "starts_on", "due_on", "due_at", "provisional", "basis", "moments", "levels", "step", "round",
    "next_check_at", "level",
)  # fmt: skip
BATCH = 1000


@transaction.atomic
def recompute_open(county_id: int, now: datetime) -> int:
    """Recompute every open obligation of the county. Returns how many have moved.

    Each body whose day moves is told once per obligation.
    """
    extended = Extension.objects.filter(obligation=OuterRef("pk"))
    rows = Obligation.objects.open().filter(county_id=county_id).order_by("pk")
    return move(rows.annotate(extended=Exists(extended)).select_for_update(of=("self",)), now)


def move(rows: Iterable[Obligation], now: datetime) -> int:
    """Place these rows anew and store those that differ. The caller holds their locks."""
    calendar, grounds, moved, replanned = working_calendar(), {}, [], []
    for row in rows:
        key = (row.county_id, row.starts_on)
        if key not in grounds:
            grounds[key] = Ground(in_force(*key), calendar, now)
        before = (row.starts_on, row.due_at, row.provisional)
        plan = (row.basis.get("plan"), bool(row.moments))
        again = _again(row, grounds[key])
        if (again.starts_on, again.due_at, again.provisional) != before:
            again.round, again.level = row.round + 1, 0
            moved.append(again)
        elif (again.basis["plan"], True) != plan:
            again.round, again.level = row.round + 1, 0
            replanned.append(again)
    Obligation.objects.bulk_update([*moved, *replanned], CHANGED, batch_size=BATCH)
    notices.tell_moved(moved, now)
    return len(moved)


def _again(row: Obligation, ground: Ground) -> Obligation:
    """The same obligation on this ground."""
    again = Obligation.objects.model(
        **{f.attname: getattr(row, f.attname) for f in row._meta.fields}
    )
    again.basis = dict(row.basis)
    if getattr(row, "extended", False):
        end = ending(row.starts_on, row.due_on, ground.policy.closing, ground.calendar)
        obligations.schedule(again, end, ground)
    else:
        obligations.place(again, row.due_on if row.basis.get("agreed") else None, ground)
    return again

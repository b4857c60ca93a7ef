"""The ladder of a county: loaded once from the laws, then changed or ended from a day on.

Nothing is deleted: a step of last year says on which rung it was taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotVisible, Reason, RuleBroken
from agencies.models import Region
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty, Position
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from cases.models import LadderRung
from cases.rules.ladder import LONGEST
from cases.rules.legal_basis import basis_problem

DAY = timedelta(days=1)
FIELDS = (
    "key", "order", "name", "basis", "positions", "paper", "own_paper", "needs", "days",
    "counting", "law",
)  # fmt: skip


@transaction.atomic
def load(county: Region, rows: Sequence[Mapping[str, Any]], since: date) -> int:
    """Put in the rungs that the county has never had; what it changed or ended stays so."""
    known = set(LadderRung.objects.filter(county=county).values_list("key", flat=True))
    made = [
        LadderRung(county=county, starts_on=since, **{name: row[name] for name in FIELDS})
        for row in rows
        if row["key"] not in known
    ]
    return len(LadderRung.objects.bulk_create(made))


@dataclass(frozen=True)
class Wanted:
    """What a county can set of a rung; paper, order and needs belong to the rung itself."""

    name: str
    basis: str
    positions: tuple[str, ...]
    days: int | None = None
    counting: str = ""
    law: str = ""


@transaction.atomic
def change(scope: Scope, key: str, wanted: Wanted, on: date, now: datetime) -> LadderRung:
    """Another form of a rung from a day on; one that was ended comes back by it.

    Raises NotPermitted, NotVisible; RuleBroken with each reason: no name, no article of a law,
    nobody who may take it, an impossible period, a day that has passed or is set already.
    """
    post, row = _last(scope, key)
    if reasons := _problems(row, wanted) + _wrong_day(row, on, now):
        raise RuleBroken(*reasons)
    values: dict[str, Any] = vars(wanted) | {"positions": sorted(wanted.positions)}
    if wanted.days is None:
        values |= {"counting": "", "law": ""}
    if row.starts_on == on:
        _write(row, **values, ends_on=None)
        made = row
    else:
        if row.ends_on is None or row.ends_on >= on:
            _write(row, ends_on=on - DAY)
        kept = ("county_id", "key", "order", "paper", "own_paper", "needs")
        same = {name: getattr(row, name) for name in kept}
        made = LadderRung.objects.create(**same, **values, starts_on=on)
    _audit(scope, post, "rung.change", made, on, now)
    return made


@transaction.atomic
def end(scope: Scope, key: str, on: date, now: datetime) -> LadderRung:
    """The rung is no longer offered from a day on. Raises as change()."""
    post, row = _last(scope, key)
    reasons = _wrong_day(row, on, now)
    if row.ends_on is not None and row.ends_on < on:
        reasons.append(Reason("ended", _("This step has ended already."), "/starts_on"))
    if row.starts_on == on:
        reasons.append(Reason("first_day", _("This is its first day: end it later."), "/starts_on"))
    if reasons:
        raise RuleBroken(*reasons)
    _write(row, ends_on=on - DAY)
    _audit(scope, post, "rung.end", row, on, now)
    return row


def _last(scope: Scope, key: str) -> tuple[HeldPost, LadderRung]:
    """The latest row of the rung. Raises NotVisible when the county has none of this key."""
    post = require(scope, Duty.MANAGE_LISTS)
    Region.objects.select_for_update().get(pk=scope.county_id)  # one after the other
    rows = LadderRung.objects.filter(county=scope.county_id, key=key)
    row = rows.order_by("starts_on").last()
    if row is None:
        raise NotVisible
    return post, row


def _write(row: LadderRung, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _problems(row: LadderRung, wanted: Wanted) -> list[Reason]:
    found = []
    if not wanted.name.strip():
        found.append(Reason("name", _("A name is missing."), "/name"))
    if problem := basis_problem(wanted.basis, "/basis"):
        found.append(problem)
    if row.own_paper and not wanted.positions:
        found.append(Reason("positions", _("Say who may take this step."), "/positions"))
    if set(wanted.positions) - set(Position):
        found.append(Reason("positions", _("There is no such position."), "/positions"))
    if wanted.days is None and "days" in row.needs:
        found.append(Reason("days", _("This step needs a period."), "/days"))
    if wanted.days is not None and not (wanted.counting and wanted.law):
        how = _("Say by which law the period is counted.")
        found.append(Reason("counting", how, "/counting"))
    if wanted.days is not None and not 1 <= wanted.days <= LONGEST:
        text = _("The period must lie between 1 and %(most)s days.") % {"most": LONGEST}
        found.append(Reason("days", text, "/days"))
    return found


def _wrong_day(row: LadderRung, on: date, now: datetime) -> list[Reason]:
    if on < now.astimezone(CHINA).date():
        return [Reason("past", _("The list changes today at the earliest."), "/starts_on")]
    if row.starts_on > on:
        later = _("A change is set from %(day)s on: choose that day or a later one.")
        return [Reason("later", later % {"day": row.starts_on}, "/starts_on")]
    return []


def _audit(
    scope: Scope, post: HeldPost, verb: str, row: LadderRung, on: date, now: datetime
) -> None:
    audit.record(scope, verb, f"rung:{row.key}", now=now, post=post, day=on.isoformat())

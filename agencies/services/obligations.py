"""Obligations: raised with a stored due moment, met with lateness fixed on arrival, waived."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import Agency, Obligation
from agencies.models.obligation import ObligationKind
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import Period, due, is_late


@dataclass(frozen=True)
class Owed:
    """One duty to be raised. key: unique in the county, so that raising twice is harmless."""

    kind: ObligationKind
    key: str
    subject: str
    owed_by: Agency
    owed_to: Agency | None
    starts_on: date
    period: Period
    clause: str
    region_path: str
    href: str = ""
    policy_key: str = ""


def build(owed: Owed, county_id: int, calendar: WorkingCalendar) -> Obligation:
    """The row, with the inputs that made its date kept beside it."""
    end = due(owed.starts_on, owed.period, calendar)
    return Obligation(
        county_id=county_id,
        kind=owed.kind,
        key=owed.key,
        subject=owed.subject,
        href=owed.href,
        region_path=owed.region_path,
        owed_by=owed.owed_by,
        owed_to=owed.owed_to,
        starts_on=owed.starts_on,
        due_on=end.on,
        due_at=end.at,
        provisional=end.provisional,
        basis={
            "policy": owed.policy_key,
            "length": owed.period.length,
            "unit": owed.period.unit.value,
            "closing": owed.period.closing.isoformat() if owed.period.closing else "24:00",
        },
        clause=owed.clause,
    )


@transaction.atomic
def raise_all(
    county_id: int, duties: Iterable[Owed], calendar: WorkingCalendar
) -> list[Obligation]:
    """Raise what is not raised yet; what is there already is returned as it stands."""
    wanted = [build(owed, county_id, calendar) for owed in duties]
    Obligation.objects.bulk_create(wanted, ignore_conflicts=True)
    rows = Obligation.objects.filter(county_id=county_id, key__in=[row.key for row in wanted])
    by_key = {row.key: row for row in rows}
    return [by_key[row.key] for row in wanted]


@transaction.atomic
def fulfil(obligation_ids: Iterable[int], now: datetime) -> int:
    """Mark as met what is open; late or not is fixed here and never computed again (rule 4)."""
    rows = list(
        Obligation.objects.open()
        .filter(pk__in=list(obligation_ids))
        .select_for_update(of=("self",))
    )
    for row in rows:
        row.met_at = now
        row.late = is_late(now, row.due_at)
    Obligation.objects.bulk_update(rows, ["met_at", "late"])
    return len(rows)


def waive(obligation_ids: Iterable[int], because: str, now: datetime) -> int:
    """The duty has fallen away. Raises RuleBroken without a reason."""
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    return (
        Obligation.objects.open()
        .filter(pk__in=list(obligation_ids))
        .update(waived_at=now, waived_because=because)
    )

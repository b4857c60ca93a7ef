"""Obligations: raised with a stored due moment, met with lateness fixed on arrival, waived."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import Obligation
from agencies.queries.policy import Policy
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import Due, due, ending, is_late
from agencies.rules.obligations import KINDS, ObligationKind
from agencies.rules.policy import Key
from agencies.rules.timetable import timetable
from agencies.services import obligation_rows
from agencies.services.obligation_rows import Owed


@dataclass(frozen=True)
class Ground:
    """What the dates of a raising rest on: the policy in force, the calendar, the moment."""

    policy: Policy
    calendar: WorkingCalendar
    now: datetime


def build(owed: Owed, county_id: int, ground: Ground) -> Obligation:
    """The row, with the inputs that made its date kept beside it."""
    kind = KINDS[owed.kind]
    days = owed.days or kind.days
    row = Obligation(
        county_id=county_id,
        kind=owed.kind,
        key=owed.key,
        subject=owed.subject,
        href=owed.href,
        region_path=owed.region_path,
        owed_by=owed.owed_by,
        owed_to=owed.owed_to,
        starts_on=owed.starts_on,
        clause=ground.policy.entries[days].clause if days else kind.clause,
    )
    row.basis = {"policy": days.value if days else "", "agreed": owed.due_on is not None}
    place(row, owed.due_on, ground)
    return row


def place(row: Obligation, due_on: date | None, ground: Ground) -> None:
    """Set the due moment of a row and what happens around it, from its basis; nothing is stored.

    due_on: a last day that is given; else it is counted from the policy key of the basis.
    """
    kind, policy = KINDS[ObligationKind(row.kind)], ground.policy
    if due_on is None:
        key = Key(row.basis["policy"])
        period = policy.period(key, kind.unit, kind.law)
        end = due(row.starts_on, period, ground.calendar)
        rule = policy.entries[key]
        row.basis |= {
            "length": period.length,
            "unit": period.counted_in.value,
            "law": period.law.value,
            "source": rule.source,
            "in_force_since": rule.since.isoformat() if rule.since else None,
        }
    else:
        end = ending(row.starts_on, due_on, policy.closing, ground.calendar)
    row.basis["closing"] = policy.closing.isoformat("minutes") if policy.closing else "24:00"
    schedule(row, end, ground)


def schedule(row: Obligation, end: Due, ground: Ground) -> None:
    """Put the due moment and the steps around it into the row."""
    plan = ground.policy.plan(KINDS[ObligationKind(row.kind)].remind)
    steps = timetable(end, plan, ground.calendar, ground.now)
    row.due_on, row.due_at, row.provisional = end.on, end.at, end.provisional
    row.moments, row.levels = [step.at for step in steps], [step.level for step in steps]
    row.step, row.next_check_at = 0, row.moments[0]
    row.basis["plan"] = {
        "remind": list(plan.remind),
        "ladder": list(plan.ladder),
        "remind_at": plan.remind_at.isoformat("minutes"),
    }


@transaction.atomic
def raise_all(county_id: int, duties: Iterable[Owed], ground: Ground) -> list[Obligation]:
    """Raise what is not raised yet; what is there already is returned as it stands."""
    wanted = list(duties)
    keys = [owed.key for owed in wanted]
    raise_many(county_id, wanted, ground)
    by_key = {row.key: row for row in Obligation.objects.filter(county_id=county_id, key__in=keys)}
    return [by_key[key] for key in keys]


def raise_many(county_id: int, duties: Iterable[Owed], ground: Ground) -> int:
    """The same for whole counties, without reading the rows back. Returns how many were new.

    Whoever owes the same from the same day has the same dates: they are computed once.
    """
    alike: dict[tuple[object, ...], list[Owed]] = {}
    for owed in duties:
        alike.setdefault((owed.kind, owed.starts_on, owed.due_on, owed.days), []).append(owed)
    return sum(
        obligation_rows.store(
            build(several[0], county_id, ground), [obligation_rows.own(owed) for owed in several]
        )
        for several in alike.values()
    )


def fulfil(obligation_ids: Iterable[int], now: datetime) -> int:
    """Mark as met what is open; late or not is fixed here and never computed again (rule 4)."""
    return fulfil_at(dict.fromkeys(obligation_ids, now))


@transaction.atomic
def fulfil_at(met: Mapping[int, datetime]) -> int:
    """The same where each was met at a moment of its own, however late a sweep finds it out."""
    rows = list(Obligation.objects.open().filter(pk__in=list(met)).select_for_update(of=("self",)))
    for row in rows:
        row.met_at = met[row.pk]
        row.late = is_late(met[row.pk], row.due_at)
    Obligation.objects.bulk_update(rows, ["met_at", "late"], batch_size=1000)
    return len(rows)


def fulfil_keys(county_id: int, keys: Iterable[str], now: datetime) -> int:
    """The same for obligations named by their keys; what does not exist is left out."""
    open_ones = Obligation.objects.open().filter(county_id=county_id, key__in=list(keys))
    return fulfil(list(open_ones.values_list("pk", flat=True)), now)


def hand_over(rows: Collection[Obligation]) -> int:
    """Another body owes them from now on, with the same dates: owed_by, subject and region_path
    as they are set on the rows."""
    Obligation.objects.bulk_update(rows, ["owed_by", "subject", "region_path"], batch_size=1000)
    return len(rows)


def reopen_keys(county_id: int, keys: Iterable[str]) -> int:
    """What met them was wrong and is taken back: owed as before, by the same last moment."""
    rows = Obligation.objects.filter(county_id=county_id, key__in=list(keys))
    return rows.filter(met_at__isnull=False).update(met_at=None, late=None)


def waive(obligation_ids: Iterable[int], because: str, now: datetime) -> int:
    """The duty has fallen away. Raises RuleBroken without a reason."""
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    return (
        Obligation.objects.open()
        .filter(pk__in=list(obligation_ids))
        .update(waived_at=now, waived_because=because)
    )


def reinstate(obligation_ids: Iterable[int]) -> int:
    """The reason why a duty had fallen away did not hold: it is owed again, by the same day."""
    rows = Obligation.objects.filter(pk__in=list(obligation_ids), waived_at__isnull=False)
    return rows.update(waived_at=None, waived_because="")


def waive_keys(county_id: int, keys: Iterable[str], because: str, now: datetime) -> int:
    open_ones = Obligation.objects.open().filter(county_id=county_id, key__in=list(keys))
    return waive(list(open_ones.values_list("pk", flat=True)), because, now)

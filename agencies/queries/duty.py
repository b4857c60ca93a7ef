"""One duty: what its date rests on, what has been said when and to how many, what was granted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from agencies.models import Escalation, Extension, Notice, Obligation, Receipt
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import Standing, standing
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import SHORT, Law, Unit


@dataclass(frozen=True)
class Basis:
    """What made the date. length None: the last day came with the matter.

    rolled_from: the counted last day, if it was a rest day. short: its law counts short periods
    in working days. extended: an extension has replaced the counted day since.
    """

    starts_on: date
    length: int | None
    unit: str
    law: str
    short: bool
    rolled_from: date | None
    closing: str
    source: str
    since: str
    extended: bool


@dataclass(frozen=True)
class Moment:
    """A step around the due moment. said: its notice; told: how many people have it.

    overtaken: it had passed when a later one was told.
    """

    at: datetime
    level: int
    passed: bool
    said: Notice | None
    overtaken: bool = False


@dataclass(frozen=True)
class DutyPage:
    standing: Standing
    basis: Basis
    moments: Sequence[Moment]
    others: Sequence[Notice]
    escalations: Sequence[Escalation]
    extensions: Sequence[Extension]
    receipts: Sequence[Receipt]


def duty_page(row: Obligation, now: datetime) -> DutyPage:
    """A fixed number of queries."""
    calendar = working_calendar()
    people = Count("deliveries__user", distinct=True)
    robots = Count("deliveries__target", distinct=True)
    rows = Notice.objects.filter(obligation=row).annotate(people=people, robots=robots)
    told = list(rows.select_related("agency").order_by("created_at", "pk"))
    extensions = list(row.extensions.select_related("approved_by__user", "approved_by__agency"))
    return DutyPage(
        standing=standing(row, calendar, now),
        basis=_basis(row, calendar, extended=bool(extensions)),
        moments=_moments(row, {one.dedupe: one for one in told}),
        others=[one for one in told if not _is_of_this_round(one, row)],
        escalations=list(row.escalations.filter(round__lt=row.round).order_by("round", "level")),
        extensions=sorted(extensions, key=lambda one: one.at),
        receipts=list(row.receipts.select_related("recipient").order_by("recipient__name")),
    )


def _is_of_this_round(notice: Notice, row: Obligation) -> bool:
    return notice.dedupe.startswith(f"deadline:{row.pk}:{row.round}:")


def _moments(row: Obligation, told: dict[str, Notice]) -> list[Moment]:
    """The steps of this round; the sweep counts them from 1 (services/sweep.py)."""
    return [
        Moment(
            at=at,
            level=level,
            passed=number <= row.step,
            said=told.get(f"deadline:{row.pk}:{row.round}:{number}"),
            overtaken=number < row.step,
        )
        for number, (at, level) in enumerate(zip(row.moments, row.levels, strict=True), 1)
    ]


def _basis(row: Obligation, calendar: WorkingCalendar, *, extended: bool) -> Basis:
    kept = row.basis
    length, unit = kept.get("length"), kept.get("unit", "")
    law = Law(kept.get("law") or Law.CIVIL_CODE)
    counted = row.starts_on + timedelta(days=length or 0)
    in_days = unit == Unit.CALENDAR_DAYS and not calendar.is_working_day(counted)
    return Basis(
        starts_on=row.starts_on,
        length=None if kept.get("agreed") else length,
        unit=unit,
        law=law.value,
        short=length in SHORT[law] and unit == Unit.WORKING_DAYS,
        rolled_from=counted if in_days and not extended and length is not None else None,
        closing=kept.get("closing", ""),
        source=kept.get("source", ""),
        since=kept.get("in_force_since") or "",
        extended=extended,
    )

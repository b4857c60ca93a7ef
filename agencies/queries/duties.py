"""Duties as people see them: what the own bodies owe, are owed and supervise, by urgency."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from agencies.models import Extension, Obligation
from agencies.models.obligation import ObligationQuerySet
from agencies.queries.calendars import working_calendar
from agencies.queries.obligations import visible_to
from agencies.queries.standing import Standing, standing
from agencies.rules.deadlines import CHINA
from agencies.rules.scope import Scope
from agencies.rules.urgency import GROUPS, group_of, last_days

PAGE = 60
DONE = ("met", "waived")


@dataclass(frozen=True)
class Filters:
    """What the person asked for. mine: owed by the own bodies; state "": whatever is not done.

    body: the name of who owes, or a part of it, a school's code, or the name of its township.
    """

    mine: bool = False
    kind: str = ""
    state: str = ""
    body: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Group:
    """Lines of one urgency; total: how many there are on all pages."""

    key: str
    label: object
    total: int
    lines: Sequence[Standing]


@dataclass(frozen=True)
class Page:
    """One page of the list. next_cursor: where the next one begins, "" on the last.

    to_remind: how many a click of "remind all" is about.
    """

    groups: list[Group]
    total: int
    overdue: int
    to_remind: int
    next_cursor: str = ""


def rows_for(scope: Scope, filters: Filters, now: datetime) -> ObligationQuerySet:
    """The duties in sight that fit; in no order yet."""
    rows = visible_to(scope)
    if filters.mine:
        rows = rows.filter(owed_by__in=scope.agency_ids)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.body:
        names = Q(owed_by__name__icontains=filters.body) | Q(owed_by__code=filters.body)
        rows = rows.filter(names | Q(owed_by__region__name=filters.body))
    if filters.until:
        rows = rows.filter(due_on__lte=filters.until)
    return of_state(rows, filters.state, now)


def of_state(rows: ObligationQuerySet, state: str, now: datetime) -> ObligationQuerySet:
    """The states of Obligation.state(), as a filter; "" is open or overdue."""
    if state == "overdue":
        return rows.overdue(now)
    if state == "open":
        return rows.open().filter(due_at__gte=now)
    if state == "met":
        return rows.filter(met_at__isnull=False)
    if state == "waived":
        return rows.filter(waived_at__isnull=False)
    return rows.open()


def to_remind(rows: ObligationQuerySet, filters: Filters, now: datetime) -> ObligationQuerySet:
    """What "remind all" is about: the overdue ones of the list, or those to come if asked for."""
    return rows.none() if filters.state in DONE else rows if filters.state else rows.overdue(now)


def page_of(scope: Scope, filters: Filters, now: datetime, cursor: str = "") -> Page:
    """One page: what is open by due moment, what is done with the latest first."""
    rows, done = rows_for(scope, filters, now), filters.state in DONE
    calendar = working_calendar()
    sums = _sums(rows, last_days(calendar, now.astimezone(CHINA).date()), now)
    order = ("-due_at", "-public_id") if done else ("due_at", "public_id")
    extended = Extension.objects.filter(obligation=OuterRef("pk"))
    several = list(
        _after(rows, cursor, done=done)
        .select_related("owed_by", "owed_to")
        .annotate(extended=Exists(extended))
        .order_by(*order)[: PAGE + 1]
    )
    lines = [standing(row, calendar, now) for row in several[:PAGE]]
    found = [Group("done", "", sums["total"], lines)] if done and lines else _grouped(lines, sums)
    more = _cursor(several[PAGE - 1]) if len(several) > PAGE else ""
    reminded = {"": sums["overdue"], "overdue": sums["total"], "open": sums["total"]}
    return Page(found, sums["total"], sums["overdue"], reminded.get(filters.state, 0), more)


def _grouped(lines: list[Standing], sums: dict[str, int]) -> list[Group]:
    by_key: dict[str, list[Standing]] = {}
    for line in lines:
        by_key.setdefault(group_of(line.days_left), []).append(line)
    return [Group(key, label, sums[key], by_key[key]) for key, label in GROUPS if key in by_key]


def _sums(rows: ObligationQuerySet, limits: dict[str, date], now: datetime) -> dict[str, int]:
    """How many of each group there are, in one query: the limits of rules/urgency.py."""
    ahead = Q(due_at__gte=now)
    today = Q(due_on__lte=now.astimezone(CHINA).date())
    soon, week = (Q(due_on__lt=limits[name]) for name in ("soon", "week"))
    return rows.aggregate(
        total=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=now, met_at=None, waived_at=None)),
        today=Count("pk", filter=ahead & today),
        soon=Count("pk", filter=ahead & soon & ~today),
        week=Count("pk", filter=ahead & week & ~soon),
        later=Count("pk", filter=ahead & ~week),
    )


def _cursor(row: Obligation) -> str:
    """The last line of a page, by what its order rests on."""
    return base64.urlsafe_b64encode(f"{row.due_at.isoformat()} {row.public_id}".encode()).decode()


def _after(rows: ObligationQuerySet, cursor: str, *, done: bool) -> ObligationQuerySet:
    """What comes after that line; a cursor that is none begins anew."""
    try:
        moment, public_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        at, last = datetime.fromisoformat(moment), UUID(public_id)
    except (ValueError, binascii.Error):
        return rows
    if at.tzinfo is None:
        return rows
    if done:
        return rows.filter(Q(due_at__lt=at) | Q(due_at=at, public_id__lt=last))
    return rows.filter(Q(due_at__gt=at) | Q(due_at=at, public_id__gt=last))

"""The county's list of causes: loaded once, then added to, renamed and ended from a day on.

Nothing is deleted: a plan of last year says what the cause was called then.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotVisible, Reason, RuleBroken
from agencies.models import Region
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from cases.models import Cause

OWN = "own-"  # codes of what a county has added itself
DAY = timedelta(days=1)
Rows = Sequence[Mapping[str, Any]]


@transaction.atomic
def load(county: Region, rows: Rows, since: date) -> int:
    """Put in what the county has never had; what it renamed or ended stays so. How many are new."""
    known = dict(
        Cause.objects.filter(county=county).order_by("starts_on").values_list("code", "pk")
    )
    created = 0
    for order, upper in enumerate(rows, 1):
        for place, row in enumerate((upper, *upper["below"])):
            if row["code"] in known:
                continue
            made = Cause.objects.create(
                county=county,
                code=row["code"],
                name=row["name"],
                parent_id=known[upper["code"]] if place else None,
                order=order * 100 + place,
                starts_on=since,
            )
            known[made.code] = made.pk
            created += 1
    return created


@transaction.atomic
def add(scope: Scope, name: str, below: str, starts_on: date, now: datetime) -> Cause:
    """A new cause, below another one or at the top.

    Raises NotPermitted; RuleBroken without a name, with a name that is there, for a passed day.
    """
    post, mine = _mine(scope)
    parent = mine.filter(code=below, ends_on=None).last() if below else None
    reasons = _wrong_name(mine, name, parent) + _too_early(starts_on, now, "/starts_on")
    if below and (parent is None or parent.parent_id):
        reasons.append(Reason("below", _("There is no such group of causes."), "/below"))
    if reasons:
        raise RuleBroken(*reasons)
    number = mine.filter(code__startswith=OWN).values("code").distinct().count() + 1
    made = Cause.objects.create(
        county_id=scope.county_id,
        code=f"{OWN}{number}",
        name=name.strip(),
        parent=parent,
        order=parent.order + 90 if parent else 9000,
        starts_on=starts_on,
    )
    _audit(scope, post, "cause.add", made, now)
    return made


@transaction.atomic
def rename(scope: Scope, code: str, name: str, starts_on: date, now: datetime) -> Cause:
    """Another name from a day on; what was written before keeps the old one.

    Raises NotPermitted, NotVisible; RuleBroken as add(), and when it is to end or change already.
    """
    post, mine = _mine(scope)
    row = _in_force(mine, code)
    reasons = _wrong_name(mine.exclude(code=code), name, row.parent)
    reasons += _too_early(starts_on, now, "/starts_on") + _begins_later(row, starts_on)
    if reasons:
        raise RuleBroken(*reasons)
    if row.starts_on == starts_on:  # of today: nothing older has to be kept
        row.name = name.strip()
        row.save(update_fields=["name"])
    else:
        _end(row, starts_on)
        row = Cause.objects.create(
            county_id=scope.county_id,
            code=code,
            name=name.strip(),
            parent=row.parent,
            order=row.order,
            starts_on=starts_on,
        )
    _audit(scope, post, "cause.rename", row, now)
    return row


@transaction.atomic
def end(scope: Scope, code: str, starts_on: date, now: datetime) -> Cause:
    """No longer offered from a day on, with all that stands below it.

    Raises NotPermitted, NotVisible; RuleBroken for a day that has passed or is its first.
    """
    post, mine = _mine(scope)
    row = _in_force(mine, code)
    reasons = _too_early(starts_on, now, "/starts_on") + _begins_later(row, starts_on)
    if row.starts_on == starts_on:
        reasons.append(Reason("first_day", _("This is its first day: end it later."), "/starts_on"))
    if reasons:
        raise RuleBroken(*reasons)
    below = mine.filter(parent__code=code, ends_on=None, starts_on__lt=starts_on)
    for one in (row, *below):
        _end(one, starts_on)
    _audit(scope, post, "cause.end", row, now)
    return row


def _mine(scope: Scope) -> tuple[HeldPost, QuerySet[Cause]]:
    post = require(scope, Duty.MANAGE_LISTS)
    Region.objects.select_for_update().get(pk=scope.county_id)  # one after the other
    return post, Cause.objects.filter(county=scope.county_id).order_by("starts_on")


def _in_force(mine: QuerySet[Cause], code: str) -> Cause:
    """The row that has no end. Raises NotVisible when there is none."""
    row = mine.filter(code=code, ends_on=None).select_related("parent").last()
    if row is None:
        raise NotVisible
    return row


def _end(row: Cause, from_day: date) -> None:
    row.ends_on = from_day - DAY
    row.save(update_fields=["ends_on"])


def _wrong_name(mine: QuerySet[Cause], name: str, parent: Cause | None) -> list[Reason]:
    name = name.strip()
    if not name:
        return [Reason("name", _("A name is missing."), "/name")]
    beside = mine.filter(parent__code=parent.code) if parent else mine.filter(parent=None)
    if beside.filter(name=name, ends_on=None).exists():
        return [Reason("name_twice", _("There is a cause of this name already."), "/name")]
    return []


def _too_early(on: date, now: datetime, pointer: str) -> list[Reason]:
    if on >= now.astimezone(CHINA).date():
        return []
    return [Reason("past", _("The list changes today at the earliest."), pointer)]


def _begins_later(row: Cause, on: date) -> list[Reason]:
    if row.starts_on <= on:
        return []
    text = _("A change is set from %(day)s on: choose that day or a later one.")
    return [Reason("later", text % {"day": row.starts_on}, "/starts_on")]


def _audit(scope: Scope, post: HeldPost, verb: str, row: Cause, now: datetime) -> None:
    day = row.starts_on if row.ends_on is None else row.ends_on
    audit.record(scope, verb, f"cause:{row.code}", now=now, post=post, day=day.isoformat())

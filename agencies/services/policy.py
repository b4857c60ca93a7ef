"""The county's own values: set from a day on, ended from a day on; open deadlines follow.

A value begins today at the earliest: what is closed is never computed again (rule 4). Open
obligations whose first day lies in the new period get the new value at once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import Reason, RuleBroken
from agencies.models import PolicyRule, Region
from agencies.queries.policy import in_force
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.policy import CATALOGUE, Key
from agencies.rules.scope import Scope
from agencies.services import audit, recompute


@dataclass(frozen=True)
class NewRule:
    """A value of a key from a day on, with the document that orders it."""

    key: Key
    value: int | str
    starts_on: date
    source: str
    clause: str = ""


@dataclass(frozen=True)
class Change:
    """The value that was in force on the first day, the new one, and how many deadlines moved."""

    before: int | str
    after: int | str
    moved: int


@transaction.atomic
def set_rule(scope: Scope, rule: NewRule, now: datetime) -> Change:
    """Put a value in force. The row in force ends the day before; one of the same day is replaced.

    Raises NotPermitted, and RuleBroken with each reason: the value does not fit, no source, a day
    that has passed, a value that is set already for a later day.
    """
    post = require(scope, Duty.MANAGE_POLICY)
    if reasons := _problems(rule, now):
        raise RuleBroken(*reasons)
    before = _cut(scope.county_id, rule.key, rule.starts_on)
    PolicyRule.objects.create(
        county_id=scope.county_id,
        key=rule.key,
        value=rule.value,
        source=rule.source.strip(),
        clause=rule.clause.strip(),
        starts_on=rule.starts_on,
    )
    change = Change(before, rule.value, recompute.recompute_open(scope.county_id, now))
    days = {"from": rule.starts_on.isoformat()}
    audit.record(
        scope, "policy.set", f"policy:{rule.key}", now=now, post=post, **vars(change), **days
    )
    return change


@transaction.atomic
def end_rule(scope: Scope, key: Key, on: date, now: datetime) -> Change:
    """Back to the default from a day on; a value of the county that was to begin later goes too.

    Raises NotPermitted; RuleBroken for a day that has passed, or when there is nothing to end.
    """
    post = require(scope, Duty.MANAGE_POLICY)
    if reasons := _too_early(on, now):
        raise RuleBroken(*reasons)
    later = PolicyRule.objects.filter(county=scope.county_id, key=key, starts_on__gt=on)
    gone, _kinds = later.delete()
    default = CATALOGUE[key].default
    if not gone and not PolicyRule.objects.on(on).filter(county=scope.county_id, key=key).exists():
        text = _("The default is in force already.")
        raise RuleBroken(Reason("default", text, "/starts_on"))
    before = _cut(scope.county_id, key, on)
    change = Change(before, default, recompute.recompute_open(scope.county_id, now))
    days = {"from": on.isoformat()}
    audit.record(scope, "policy.end", f"policy:{key}", now=now, post=post, **vars(change), **days)
    return change


def would_set(scope: Scope, rule: NewRule, now: datetime) -> Change:
    """What set_rule would do: it is done and taken back. Raises the same."""
    with transaction.atomic():
        change = set_rule(scope, rule, now)
        transaction.set_rollback(True)
    return change


def _problems(rule: NewRule, now: datetime) -> list[Reason]:
    found = []
    if problem := CATALOGUE[rule.key].problem(rule.value):
        found.append(Reason("value", _("The value %(problem)s.") % {"problem": problem}, "/value"))
    if not rule.source.strip():
        text = _("Name the document that orders this value.")
        found.append(Reason("source", text, "/source"))
    return found + _too_early(rule.starts_on, now)


def _too_early(on: date, now: datetime) -> list[Reason]:
    if on >= now.astimezone(CHINA).date():
        return []
    text = _("A value can begin today at the earliest: what is closed is never computed again.")
    return [Reason("past", text, "/starts_on")]


def _cut(county_id: int, key: Key, on: date) -> int | str:
    """Nothing of the county's own is in force from this day on. Returns what was on that day.

    Raises RuleBroken when a value begins on a later day: it would have to be ended first.
    """
    Region.objects.select_for_update().get(pk=county_id)  # one after the other
    before = in_force(county_id, on).entries[key].value
    rows = PolicyRule.objects.filter(county=county_id, key=key)
    later = rows.filter(starts_on__gt=on).order_by("starts_on").first()
    if later:
        text = _("A value is set from %(day)s on. End it first, or choose that day or a later one.")
        words = text % {"day": later.starts_on}
        raise RuleBroken(Reason("later", words, "/starts_on"))
    rows.filter(starts_on=on).delete()
    yesterday = on - timedelta(days=1)
    rows.on(yesterday).update(ends_on=yesterday)
    return before

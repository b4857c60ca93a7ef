"""The rules of a county as its page shows them: by group, with their history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agencies.errors import NotVisible
from agencies.models import PolicyRule
from agencies.queries.policy import InForce, in_force
from agencies.rules.clauses import citation
from agencies.rules.obligations import KINDS, ObligationKind
from agencies.rules.policy import CATALOGUE, Entry, Key
from agencies.rules.policy_words import GROUPS, WORDS, shown


@dataclass(frozen=True)
class Shown:
    """One key in words. coming: the county's own value that begins on a later day."""

    key: Key
    words: str
    entry: Entry
    now: InForce
    coming: PolicyRule | None = None

    @property
    def value(self) -> str:
        return shown(self.now.value)

    @property
    def coming_value(self) -> str:
        return shown(self.coming.value) if self.coming else ""

    @property
    def default(self) -> str:
        return shown(self.entry.default)


@dataclass(frozen=True)
class Group:
    name: str
    rows: list[Shown]


def groups(county_id: int, on: date) -> list[Group]:
    """Every key in its group, in two queries."""
    rows = _shown(county_id, on, WORDS)
    return [
        Group(str(label), [row for row in rows if row.key.startswith(f"{prefix}.")])
        for prefix, label in GROUPS.items()
    ]


def one(county_id: int, on: date, name: str) -> Shown:
    """One key by its name. Raises NotVisible when there is none."""
    if name not in set(Key):
        raise NotVisible
    return _shown(county_id, on, [Key(name)])[0]


def _shown(county_id: int, on: date, keys: Iterable[Key]) -> list[Shown]:
    policy = in_force(county_id, on)
    later = PolicyRule.objects.filter(county=county_id, starts_on__gt=on).order_by("-starts_on")
    coming = {rule.key: rule for rule in later}  # the earliest stays
    return [
        Shown(key, str(WORDS[key]), CATALOGUE[key], policy.entries[key], coming.get(key))
        for key in keys
    ]


@dataclass(frozen=True)
class Past:
    """One row of the history. where: its document, with the clause where that stands in it."""

    value: str
    where: str
    rule: PolicyRule


def history(county_id: int, key: Key) -> list[Past]:
    """The county's own values of a key, the latest first."""
    rows = PolicyRule.objects.filter(county=county_id, key=key).order_by("-starts_on")
    return [Past(shown(rule.value), _where(rule), rule) for rule in rows]


def _where(rule: PolicyRule) -> str:
    place = citation(rule.clause)
    return place if place.startswith(rule.source) else f"{rule.source} {place}".strip()


def used_by(key: Key) -> list[str]:
    """The obligations whose period or reminders this key gives."""
    return [
        str(ObligationKind(kind).label)
        for kind, row in KINDS.items()
        if key in (row.days, row.unit, row.remind)
    ]

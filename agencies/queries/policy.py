"""Policy values: what is in force in a county on a day, defaults from the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from django.db.models import IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from agencies.models import PolicyRule
from agencies.rules.clauses import citation
from agencies.rules.deadlines import Law, Period, Unit
from agencies.rules.policy import CATALOGUE, Key
from agencies.rules.timetable import Plan, numbers


@dataclass(frozen=True)
class InForce:
    """One value with its origin. is_default: the county has set nothing of its own."""

    key: Key
    value: int | str
    source: str
    clause: str
    is_default: bool
    since: date | None = None

    @property
    def is_cited(self) -> bool:
        """The clause stands in the document that gives the value."""
        return citation(self.clause).startswith(self.source)


@dataclass(frozen=True)
class Policy:
    """All values of a county on a day."""

    entries: dict[Key, InForce]

    def number(self, key: Key) -> int:
        return int(self.entries[key].value)

    def text(self, key: Key) -> str:
        return str(self.entries[key].value)

    def hour(self, key: Key) -> time:
        return time.fromisoformat(self.text(key))

    @property
    def quiet_hours(self) -> tuple[time, time]:
        """When the night begins and ends, in China."""
        begins, ends = self.text(Key.QUIET_HOURS).split("-")
        return time.fromisoformat(begins), time.fromisoformat(ends)

    @property
    def closing(self) -> time | None:
        """The office hour at which a last day ends; None: 24:00."""
        text = self.text(Key.OFFICE_CLOSING)
        return None if text == "24:00" else time.fromisoformat(text)

    def period(
        self, days: Key, unit: Unit | Key = Unit.WORKING_DAYS, law: Law = Law.CIVIL_CODE
    ) -> Period:
        """A period of so many days; the unit is fixed or a policy value itself."""
        counted = Unit(self.text(unit)) if isinstance(unit, Key) else unit
        return Period(self.number(days), counted, self.closing, law)

    def plan(self, remind: Key = Key.REMIND_DAYS) -> Plan:
        """Reminders and ladder of a kind of obligation."""
        return Plan(
            numbers(self.text(remind)),
            numbers(self.text(Key.LADDER_DAYS)),
            self.hour(Key.REMIND_AT),
        )


def number_in_force(key: Key, on: date | Subquery) -> Coalesce:
    """The same for one number, as an expression for a query on rows that have a county."""
    own = PolicyRule.objects.on(on).filter(county=OuterRef("county"), key=key)
    default = Value(int(CATALOGUE[key].default))
    return Coalesce(Cast(Subquery(own.values("value")[:1]), IntegerField()), default)


def in_force(county_id: int, on: date) -> Policy:
    """The county's values on a day, in one query."""
    return in_force_on_days(county_id, [on])[on]


def in_force_on_days(county_id: int, days: Iterable[date]) -> dict[date, Policy]:
    """The same for many days, in one query however many they are."""
    wanted = set(days)
    if not wanted:
        return {}
    rules = list(
        PolicyRule.objects.filter(county_id=county_id, starts_on__lte=max(wanted)).exclude(
            ends_on__lt=min(wanted)
        )
    )
    return {day: _policy(rules, day) for day in wanted}


def _policy(rules: Iterable[PolicyRule], on: date) -> Policy:
    own = {
        rule.key: rule
        for rule in rules
        if rule.starts_on <= on and (rule.ends_on is None or on <= rule.ends_on)
    }
    entries = {}
    for key, entry in CATALOGUE.items():
        rule = own.get(key)
        entries[key] = InForce(
            key,
            rule.value if rule else entry.default,
            rule.source if rule else entry.source,
            (rule.clause if rule else "") or entry.clause,
            rule is None,
            rule.starts_on if rule else None,
        )
    return Policy(entries)

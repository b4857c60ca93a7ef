"""The rows of a register by result, and what our records say of their children.

Every row is in exactly one class or still to be checked, so the classes add up to the register.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from agencies.models import Region
from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from cases.models import Case
from cases.rules.comparison import Facts
from cases.rules.endings import Ending
from cases.rules.workflow import OPEN, State
from students.access import entries_for
from students.models import EnrollmentRecord, PersonEntry, PersonList, Placement, Transfer
from students.rules.identity import Cohort, compulsory_cohort, school_year_of
from students.rules.person_list import ListKind, Result

TOWNSHIP = 9  # characters of the path of a township
TO_CHECK = ""
DIFFERING = "differing"
NOWHERE = "none"  # in place of a code: rows whose place nobody knows


@dataclass
class Counts:
    """Rows by result; TO_CHECK: those without one. total: of all rows, counted by itself."""

    total: int = 0
    results: dict[str, int] = field(default_factory=dict)

    @property
    def to_check(self) -> int:
        return self.results.get(TO_CHECK, 0)

    def add(self, result: str, number: int) -> None:
        self.results[result] = self.results.get(result, 0) + number
        self.total += number


@dataclass(frozen=True)
class Township:
    """One township of the register. code NOWHERE: rows whose place nobody knows."""

    code: str
    name: str
    counts: Counts


def newest_of_all() -> QuerySet[PersonList]:
    """The register that counts in each county: the newest that was applied."""
    applied = PersonList.objects.filter(kind=ListKind.REGISTER, state=PersonList.State.APPLIED)
    return applied.order_by("county", "-as_of", "-pk").distinct("county")


def newest(county_id: int) -> PersonList | None:
    """That of one county."""
    return newest_of_all().filter(county_id=county_id).first()


def counts(rows: QuerySet[PersonEntry]) -> Counts:
    """By result, all of them by their name."""
    found = Counts(results=dict.fromkeys((TO_CHECK, *Result.values), 0))
    for result, number in rows.order_by().values_list("result").annotate(n=Count("pk")):
        found.add(result, number)
    return found


def by_township(rows: QuerySet[PersonEntry]) -> list[Township]:
    """The same for each township of these rows, in the order of their codes. Two queries."""
    found: dict[str, Counts] = defaultdict(Counts)
    grouped = rows.order_by().values_list(Left("region__path", TOWNSHIP), "result")
    for path, result, number in grouped.annotate(n=Count("pk")):
        found[path or ""].add(result, number)
    places = {
        region.path: region
        for region in Region.objects.filter(path__in=[path for path in found if path])
    }
    return [
        Township(
            places[path].code if path in places else NOWHERE,
            places[path].name if path in places else "",
            found[path],
        )
        for path in sorted(found)
    ]


def rows_for(scope: Scope, batch: PersonList, wanted: Mapping[str, str]) -> QuerySet[PersonEntry]:
    """The rows that this person checks. wanted: result ("to_check" for none, "differing" for those
    whose child has another name or number on record), township (a code)."""
    rows = entries_for(scope, batch)
    result = wanted.get("result", "")
    if result == "to_check":
        rows = rows.filter(result=TO_CHECK)
    elif result == DIFFERING:
        rows = rows.filter(pk__in=batch.entries.differing())
    elif result in Result.values:
        rows = rows.filter(result=result)
    township = wanted.get("township", "")
    if township == NOWHERE:
        rows = rows.filter(region=None)
    elif township:
        rows = rows.filter(region__path__startswith=township[:TOWNSHIP])
    return rows.select_related("region", "student", "checked_by__user").order_by(
        "region__path", "number"
    )


def earlier(entry: PersonEntry) -> PersonEntry | None:
    """The row of the same person on the newest list before that has a result."""
    row = entry.previous
    while row is not None and not row.result:
        row = row.previous
    return row


def cohort_of(county_id: int, on: date) -> Cohort:
    policy = in_force(county_id, on)
    ages = policy.number(Key.ENTRY_AGE), policy.number(Key.SCHOOLING_YEARS)
    return compulsory_cohort(school_year_of(on), *ages)


def with_facts(rows: QuerySet[PersonEntry], on: date) -> QuerySet[PersonEntry]:
    """Adds what facts() reads, in the same query."""
    mine = {"student": OuterRef("student")}
    running = Placement.objects.on(on).filter(**mine)
    running = running.filter(Q(returned_on=None) | Q(returned_on__gt=on))
    newest_transfer = Transfer.objects.filter(asked_on__lte=on, **mine).order_by("-asked_on")
    ended = Case.objects.filter(state=State.CLOSED, current__ending=Ending.ABROAD, **mine)
    return rows.select_related("student").annotate(
        is_enrolled=Exists(EnrollmentRecord.objects.on(on).filter(**mine)),
        placed=Subquery(running.values("kind")[:1]),
        sent_on=Subquery(newest_transfer.values("confirmed_on")[:1]),
        has_case=Exists(Case.objects.filter(state__in=OPEN, **mine)),
        ended_abroad=Exists(ended),
    )


def facts(row: PersonEntry, on: date, cohort: Cohort) -> Facts:
    """What our records say of the child of a row of with_facts() on the day."""
    child = row.student
    if child is None:
        return Facts(joined=False)
    enrolled, sent = bool(row.is_enrolled), row.sent_on  # type: ignore[attr-defined]
    return Facts(
        joined=True,
        past_age=child.born_on < cohort.first,
        below_age=child.born_on > cohort.last,
        enrolled=enrolled,
        placement=row.placed or "",  # type: ignore[attr-defined]
        elsewhere=not enrolled and sent is not None and sent <= on,
        abroad=not enrolled and bool(row.ended_abroad),  # type: ignore[attr-defined]
        open_case=bool(row.has_case),  # type: ignore[attr-defined]
        completed=child.completed_on is not None,
        died=child.died_on is not None,
    )

"""What each agency owes by the county's document, and how far it has come: by agency, by clause.

A fixed number of statements for each page: one for the deadlines, one for each kind of evidence.
An agency answers for the bodies that it took over from. No child's name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from agencies.errors import NotVisible
from agencies.models import Agency, AgencyDuty, Obligation
from agencies.models.agency import AgencyQuerySet
from agencies.rules.deadlines import CHINA
from agencies.rules.scope import Scope
from reporting.queries.evidence import CATALOGUE
from reporting.rules.agency_duties import Deadlines, Standing, Year, standing

ORDER = {one: place for place, one in enumerate(Standing)}
Found = tuple[tuple[Promise, int], ...]


@dataclass(frozen=True)
class Line:
    """One duty of one agency. found: each evidence of the clause with its number."""

    duty: AgencyDuty
    agency: Agency
    deadlines: Deadlines
    found: Found

    @property
    def standing(self) -> Standing:
        return standing(self.deadlines, sum(number for _label, number in self.found))


def agencies_for(scope: Scope) -> AgencyQuerySet:
    """The bodies whose duties the person may see: the own ones and those below them."""
    rows = Agency.objects.filter(county_id=scope.county_id)
    if scope.everything:
        return rows
    q = Q(pk__in=scope.agency_ids)
    for path in scope.paths:
        q |= Q(region__path__startswith=path)
    return rows.filter(q)


def agency_for(scope: Scope, public_id: UUID) -> Agency:
    """Raises NotVisible."""
    rows = agencies_for(scope).select_related("successor", "region")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def own_agency(scope: Scope) -> Agency:
    """The body of the person's first post. Raises NotVisible without one."""
    if not scope.posts:
        raise NotVisible
    return Agency.objects.get(pk=scope.posts[0].agency_id)


def predecessors(agencies: Iterable[Agency]) -> dict[int, list[Agency]]:
    """Of each agency the bodies that it took over from, theirs included, the latest first."""
    found: dict[int, list[Agency]] = {one.pk: [] for one in agencies}
    heir = {pk: pk for pk in found}
    while heir:
        rows = Agency.objects.filter(successor__in=heir).order_by("-ends_on", "pk")
        after = {}
        for row in rows:
            after[row.pk] = heir[row.successor_id or 0]  # never 0: they are found by it
            found[after[row.pk]].append(row)
        heir = after
    return found


def of_agency(agency: Agency, year: Year, now: datetime) -> list[Line]:
    """Every duty of its kind that was in force in the year, the overdue first."""
    lines = of_agencies([agency], year, now)[agency.pk]
    return sorted(lines, key=lambda line: (ORDER[line.standing], line.duty.clause))


def of_agencies(agencies: Sequence[Agency], year: Year, now: datetime) -> dict[int, list[Line]]:
    """The same for bodies of one kind, by their id, in the order of the clauses."""
    last = min(year.last, now.astimezone(CHINA).date())
    kinds = sorted({one.kind for one in agencies})
    counties = {one.county_id for one in agencies}
    duties = AgencyDuty.objects.on(last).owed_by_kinds(kinds).filter(county__in=counties)
    found: dict[int, list[Line]] = {one.pk: [] for one in agencies}
    for line in _lines(list(duties.order_by("clause")), agencies, year, now):
        found[line.agency.pk].append(line)
    return found


def of_clause(
    duty: AgencyDuty, agencies: Sequence[Agency], year: Year, now: datetime
) -> list[Line]:
    """How each of these agencies stands with one clause, in their order."""
    return _lines([duty], agencies, year, now)


def _lines(
    duties: Sequence[AgencyDuty], agencies: Sequence[Agency], year: Year, now: datetime
) -> list[Line]:
    before = predecessors(agencies)
    heir = {row.pk: pk for pk, rows in before.items() for row in rows} | {pk: pk for pk in before}
    kinds = {kind for duty in duties for kind in duty.obligations}
    names = {name for duty in duties for name in duty.evidence if name in CATALOGUE}
    deadlines = _deadlines(heir, kinds, year, now)
    last = min(year.last, now.astimezone(CHINA).date())
    numbers = {
        name: _summed(CATALOGUE[name].counts(heir.keys(), year.first, last), heir) for name in names
    }
    return [
        Line(
            duty,
            agency,
            sum((deadlines[agency.pk, kind] for kind in duty.obligations), Deadlines()),
            tuple(
                (CATALOGUE[name].label, numbers[name].get(agency.pk, 0))
                for name in duty.evidence
                if name in CATALOGUE
            ),
        )
        for duty in duties
        for agency in agencies
    ]


def _summed(counts: dict[int, int], heir: dict[int, int]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for agency_id, number in counts.items():
        found[heir[agency_id]] += number
    return found


def _deadlines(
    heir: dict[int, int], kinds: Collection[str], year: Year, now: datetime
) -> dict[tuple[int, str], Deadlines]:
    """By agency and kind. In the current year also what has been open since earlier ones."""
    within = Q(due_on__gte=year.first, due_on__lte=year.last)
    is_open = Q(met_at__isnull=True, waived_at__isnull=True)
    if year.holds(now.astimezone(CHINA).date()):
        within |= is_open
    rows = (
        Obligation.objects.filter(within, owed_by__in=heir.keys(), kind__in=kinds)
        .order_by()
        .values_list("owed_by", "kind")
        .annotate(
            met=Count("pk", filter=Q(met_at__isnull=False)),
            late=Count("pk", filter=Q(late=True)),
            open=Count("pk", filter=is_open & Q(due_at__gte=now)),
            overdue=Count("pk", filter=is_open & Q(due_at__lt=now)),
        )
    )
    found: dict[tuple[int, str], Deadlines] = defaultdict(Deadlines)
    for owed_by, kind, *numbers in rows:
        found[heir[owed_by], kind] += Deadlines(*numbers)
    return found


def duties_of(scope: Scope) -> QuerySet[AgencyDuty]:
    """Every duty of the county that ever was, by clause; the latest period first."""
    rows = AgencyDuty.objects.filter(county_id=scope.county_id)
    return rows.order_by("clause", "-starts_on")


def periods_of(scope: Scope, clause: str) -> list[AgencyDuty]:
    """All periods of a clause, the latest first. Raises NotVisible when the county has none."""
    found = list(duties_of(scope).filter(clause=clause))
    if not found:
        raise NotVisible
    return found

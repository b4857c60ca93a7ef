"""How far the schools are with what a term's start asks of them: what is overdue comes first.

A fixed number of statements, whatever the number of schools; counts only, no child's name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from agencies.errors import NotVisible
from agencies.models import Agency, Obligation, Region
from agencies.models.obligation import ObligationQuerySet
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import Standing, standing
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty, Reach
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from reporting.queries import census
from reporting.queries.census import Counts
from reporting.rules.areas import TOWNSHIP_PATH
from students.models import Term

ROLL, CENSUS, REPORT = (
    ObligationKind.ROLL,
    ObligationKind.CENSUS,
    ObligationKind.TERM_REPORT,
)
KINDS = (ROLL, CENSUS, REPORT)
STATES = ("overdue", "open", "met", "late")
FAR = 10_000  # working days; nothing is due


@dataclass(frozen=True)
class Filters:
    """What is looked at; nothing set means every school and all three duties."""

    kind: str = ""
    state: str = ""
    township: str = ""


@dataclass(frozen=True)
class Cell:
    """One duty of one school. received of sent: recipients that have signed for the report."""

    standing: Standing
    sent: int = 0
    received: int = 0

    @property
    def states(self) -> frozenset[str]:
        late = {"late"} if self.standing.late else set()
        return frozenset({self.standing.state} | late)


@dataclass(frozen=True)
class SchoolRow:
    """counts: the full check of this school; None when nobody is expected there."""

    school: Agency
    township: str
    cells: dict[str, Cell] = field(default_factory=dict)
    counts: Counts | None = None

    def urgency(self, kinds: Iterable[str]) -> tuple[int, str]:
        """Working days that are left for the most urgent duty; most overdue first."""
        left = [self.cells[kind].standing.days_left for kind in kinds if kind in self.cells]
        return min((days for days in left if days is not None), default=FAR), self.school.code


@dataclass(frozen=True)
class Sum:
    """Of one duty: how many schools owe it, have done it, were late, are overdue."""

    kind: ObligationKind
    owed: int
    met: int
    late: int
    overdue: int


@dataclass(frozen=True)
class Progress:
    term: Term
    rows: list[SchoolRow]
    sums: list[Sum]
    totals: Counts
    townships: list[tuple[str, str]]
    without_zone: int | None


def progress(scope: Scope, term: Term, filters: Filters, now: datetime) -> Progress:
    """Every school in the reader's reach. Raises NotVisible for whoever supervises none."""
    schools = _schools(scope, term)
    today = now.astimezone(CHINA).date()
    cells = _cells(term, now)
    counts = census.of_county(term, today)
    rows = [
        SchoolRow(
            school, _township(school).name, cells.get(school.pk, {}), counts.schools.get(school.pk)
        )
        for school in schools
    ]
    kinds = (filters.kind,) if filters.kind in KINDS else KINDS
    shown = [row for row in rows if _fits(row, filters, kinds)]
    return Progress(
        term=term,
        rows=sorted(shown, key=lambda row: row.urgency(kinds)),
        sums=[_sum(kind, rows) for kind in KINDS],
        totals=_total(row.counts for row in shown if row.counts),
        townships=sorted({(_township(s).path, _township(s).name) for s in schools}),
        without_zone=counts.without_zone.expected if scope.everything else None,
    )


def _schools(scope: Scope, term: Term) -> list[Agency]:
    """The schools of the opening day that the reader supervises: of the county or a township."""
    posts = [post for post in scope.posts if Duty.SEE_FILINGS in post.duties]
    everything = any(post.reach is Reach.COUNTY for post in posts)
    paths = [post.region_path for post in posts if post.reach is Reach.REGION]
    if not (everything or paths):
        raise NotVisible
    found = Agency.objects.on(term.starts_on).schools().filter(county=term.county_id)
    if not everything:
        below = Q(pk__in=[])
        for path in paths:
            below |= Q(region__path__startswith=path)
        found = found.filter(below)
    return list(found.select_related("region__parent").order_by("code"))


def duties(term: Term, now: datetime) -> ObligationQuerySet:
    """The full checks and reports of the term, and the rolls of today."""
    of_term = Q(kind=CENSUS, key__startswith=f"{CENSUS}:{term.public_id}:") | Q(
        kind=REPORT, key__startswith=f"{REPORT}:{term.public_id}:"
    )
    of_day = Q(kind=ROLL, starts_on=now.astimezone(CHINA).date())
    return Obligation.objects.filter(of_term | of_day, county=term.county_id, kind__in=KINDS)


def _cells(term: Term, now: datetime) -> dict[int, dict[str, Cell]]:
    """By school and kind: what the term's start asks, and the rolls of today."""
    rows = (
        duties(term, now)
        .annotate(
            sent=Count("receipts"),
            received=Count("receipts", filter=Q(receipts__received_at__isnull=False)),
        )
        .defer("basis", "moments", "levels")  # long, and not shown here
        .order_by("pk")
    )
    calendar = working_calendar()
    found: dict[int, dict[str, Cell]] = {}
    for row in rows:
        cell = Cell(standing(row, calendar, now), row.sent, row.received)
        found.setdefault(row.owed_by_id, {})[row.kind] = cell
    return found


def _township(school: Agency) -> Region:
    region = school.region
    within = len(region.path) > TOWNSHIP_PATH and region.parent is not None
    return region.parent if within and region.parent else region


def _fits(row: SchoolRow, filters: Filters, kinds: Iterable[str]) -> bool:
    if filters.township and not row.school.region.path.startswith(filters.township):
        return False
    if filters.state not in STATES:
        return True
    return any(filters.state in row.cells[kind].states for kind in kinds if kind in row.cells)


def _sum(kind: ObligationKind, rows: list[SchoolRow]) -> Sum:
    states = [row.cells[kind].states for row in rows if kind in row.cells]

    def number(state: str) -> int:
        return sum(state in one for one in states)

    return Sum(kind, len(states), number("met"), number("late"), number("overdue"))


def _total(counts: Iterable[Counts]) -> Counts:
    columns = zip(*(vars(one).values() for one in counts), strict=True)
    return Counts(*(sum(column) for column in columns))

"""The figures of an assessment, from the rows: every unit of a kind in a few grouped statements.

A unit answers for the bodies that it took over from. Counts only: no child's name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agencies.models import Agency, Extension, Obligation
from agencies.queries import commitments
from agencies.queries.policy import in_force
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind
from agencies.rules.scope import Scope
from reporting.queries import agency_duties, rates
from reporting.queries.rate_counts import span
from reporting.rules.agency_duties import DATED, Standing, Year
from reporting.rules.areas import TOWNSHIP_PATH, Area, AreaKind
from reporting.rules.assessment import Found, Row
from reporting.rules.assessment_indicators import CATALOGUE, Indicator, Source
from reporting.rules.rates import Measure, Stage, percent_text

MET_IN_TIME = Q(met_at__isnull=False, late=False)
OPEN = Q(met_at__isnull=True, waived_at__isnull=True)


@dataclass(frozen=True)
class Unit:
    """A township or school with the body that answers for it."""

    area: Area
    agency: Agency


@dataclass(frozen=True)
class Asked:
    """Figures of whom, of which year, as of when."""

    scope: Scope
    units: Sequence[Unit]
    year: Year
    now: datetime

    @property
    def on(self) -> date:
        return min(self.now.astimezone(CHINA).date(), self.year.last)


Figures = dict[int, Found]  # by body


def units(county_id: int, kind: AreaKind, on: date) -> list[Unit]:
    """The townships or schools of a day in the official order, each with its body."""
    areas = [one for one in rates.units(county_id, on) if one.kind is kind]
    rows = Agency.objects.on(on).filter(county_id=county_id).select_related("region")
    if kind is AreaKind.SCHOOL:
        schools = {one.pk: one for one in rows.filter(kind=AgencyKind.SCHOOL)}
        return [Unit(area, schools[area.school_id or 0]) for area in areas]
    halls = {one.region.path: one for one in rows.filter(kind=AgencyKind.TOWNSHIP).order_by("-pk")}
    paths = [(area, area.path[:TOWNSHIP_PATH]) for area in areas]
    return [Unit(area, halls[path]) for area, path in paths if path in halls]


def figures(asked: Asked, codes: Collection[str]) -> dict[int, dict[str, Found]]:
    """Of every body, what each of these indicators finds."""
    chosen = {code: CATALOGUE[code] for code in codes}
    found: dict[int, dict[str, Found]] = {one.agency.pk: {} for one in asked.units}
    deadlines = _deadlines(asked, {kind for one in chosen.values() for kind in one.kinds})
    for code, indicator in chosen.items():
        for pk, one in _of(asked, indicator, deadlines).items():
            found[pk][code] = one
    return found


Counts = Mapping[tuple[int, str], tuple[int, ...]]


def _of(asked: Asked, indicator: Indicator, deadlines: Counts) -> Figures:
    match indicator.source:
        case Source.LINE:
            return _within_line(asked)
        case Source.RETURN:
            return _returned(asked)
        case Source.PAPERS:
            return _papers(asked)
        case Source.CLAUSES:
            return _clauses(asked)
    return {
        one.agency.pk: Found(
            *(
                sum(numbers)
                for numbers in zip(
                    *(deadlines[one.agency.pk, kind] for kind in indicator.kinds), strict=True
                )
            )
        )
        for one in asked.units
    }


def owed(agencies: Iterable[int], kinds: Iterable[str], year: Year) -> QuerySet[Obligation]:
    """Deadlines of the year that these bodies owe: what an indicator of deadlines counts."""
    return Obligation.objects.filter(
        owed_by__in=list(agencies),
        kind__in=list(kinds),
        due_on__gte=year.first,
        due_on__lte=year.last,
    )


def judged(now: datetime) -> Q:
    """Those of them that count: met, or open and past. The others fell away, or still run."""
    return Q(met_at__isnull=False) | (OPEN & Q(due_at__lt=now))


def _deadlines(asked: Asked, kinds: Collection[str]) -> Counts:
    heir = heirs([one.agency for one in asked.units])
    longer = Exists(Extension.objects.filter(obligation=OuterRef("pk")))
    rows = (
        owed(heir, kinds, asked.year)
        .order_by()
        .values_list("owed_by", "kind")
        .annotate(
            in_time=Count("pk", filter=MET_IN_TIME),
            judged=Count("pk", filter=judged(asked.now)),
            excused=Count("pk", filter=Q(waived_at__isnull=False)),
            waiting=Count("pk", filter=OPEN & Q(due_at__gte=asked.now)),
            extended=Count("pk", filter=Q(longer)),
        )
    )
    found: dict[tuple[int, str], tuple[int, ...]] = defaultdict(lambda: (0, 0, 0, 0, 0))
    for owed_by, kind, *numbers in rows:
        key = (heir[owed_by], kind)
        found[key] = tuple(map(sum, zip(found[key], numbers, strict=True)))
    return found


def heirs(agencies: Sequence[Agency]) -> dict[int, int]:
    """Each body and those that it took over from, by the one that answers for them now."""
    before = agency_duties.predecessors(agencies)
    return {row.pk: pk for pk, rows in before.items() for row in rows} | {pk: pk for pk in before}


def _stages(asked: Asked, measure: Measure) -> dict[int, list[rates.Figure]]:
    year = span(asked.scope.county_id, asked.year.begins, asked.on)
    areas = [one.area for one in asked.units]
    found = rates.figures(measure, year, areas)
    return {
        one.agency.pk: [
            figure
            for stage in rates.stages(measure)
            if (figure := found.get((one.area.kind.value, one.area.key, stage)))
        ]
        for one in asked.units
    }


def _detail(figure: rates.Figure) -> Row:
    return {
        "stage": figure.stage,
        "numerator": figure.rate.numerator,
        "denominator": figure.rate.denominator,
        "shown": figure.rate.shown,
        "source": figure.source,
    }


def _within_line(asked: Asked) -> Figures:
    """Compared on the exact fraction, strictly above; small bases are marked (rule 5)."""
    limits = rates.limits(in_force(asked.scope.county_id, asked.on))
    found = {}
    for pk, several in _stages(asked, Measure.LEDGER).items():
        details: list[Row] = []
        for one in several:
            if not one.rate.denominator:
                continue
            line = limits.lines[Stage(one.stage)]
            above, small = one.rate.above(line), one.rate.is_small(limits.small_base)
            verdict = {"line": percent_text(line), "above": above, "small_base": small}
            details.append({**_detail(one), **verdict})
        within = sum(not one["above"] for one in details)
        found[pk] = Found(within, len(details), details=tuple(details))
    return found


def _returned(asked: Asked) -> Figures:
    found = {}
    for pk, several in _stages(asked, Measure.RETURN).items():
        back = sum(one.rate.numerator for one in several)
        details = tuple(_detail(one) for one in several)
        found[pk] = Found(back, sum(one.rate.denominator for one in several), details=details)
    return found


def _papers(asked: Asked) -> Figures:
    """As the page of responsibility has it, for the calendar year of the last day."""
    rows = commitments.coverage(asked.scope, commitments.Wanted(asked.on.year))
    found = {}
    for body in rows.filter(pk__in=[one.agency.pk for one in asked.units]):
        cells = [(part, state) for part, state in commitments.cells(body) if state]
        details = tuple({"part": part, "have": state == "yes"} for part, state in cells)
        have = sum(state == "yes" for _part, state in cells)
        found[body.pk] = Found(have, len(cells), details=details)
    return found


def _clauses(asked: Asked) -> Figures:
    """Of a duty that is done only when it happens, nothing recorded says nothing."""
    found: dict[int, Found] = {}
    lines = agency_duties.of_agencies([one.agency for one in asked.units], asked.year, asked.now)
    for pk, several in lines.items():
        states = [
            line.standing
            for line in several
            if line.standing is not Standing.NOTHING or (line.duty.when in DATED and line.found)
        ]
        counted = [one for one in states if one is not Standing.OPEN]
        waiting = len(states) - len(counted)
        found[pk] = Found(counted.count(Standing.DONE), len(counted), waiting=waiting)
    return found

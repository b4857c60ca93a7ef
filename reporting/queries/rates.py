"""Rates by unit and year: county, townships, schools, from the rows or as entered with a source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from agencies.errors import NotVisible
from agencies.models import Agency, Region
from agencies.queries.policy import Policy
from agencies.rules.policy import Key
from agencies.rules.region_code import Level
from agencies.rules.scope import Scope
from cases.models import Case
from cases.models.case import CaseQuerySet
from reporting.models import Target, YearlyValue
from reporting.queries import rate_counts
from reporting.queries.rate_counts import Rates, Span, Spot, span, total
from reporting.queries.rate_parts import consolidation
from reporting.rules.accountability import Limits
from reporting.rules.areas import TOWNSHIP_PATH, Area, AreaKind, in_reach
from reporting.rules.rates import WITHOUT_STAGE, Measure, Rate, Stage, of_percent

E = TypeVar("E", YearlyValue, Target)
ROWS = ""  # the source of a figure that is counted


@dataclass(frozen=True)
class Figure:
    """A rate of a unit. source: the paper that it was entered from, ROWS when it is counted."""

    area: Area
    stage: str
    rate: Rate
    on: date
    source: str = ROWS
    parts: Mapping[str, int] | None = None

    @property
    def is_counted(self) -> bool:
        return self.source == ROWS


Key_ = tuple[str, str, str]  # kind and key of the unit, stage
Figures = dict[Key_, Figure]


def limits(policy: Policy) -> Limits:
    """The county's control lines and thresholds in force."""
    lines = {Stage.PRIMARY: Key.LINE_PRIMARY, Stage.JUNIOR: Key.LINE_JUNIOR}
    return Limits(
        {stage: of_percent(policy.text(key)) for stage, key in lines.items()},
        policy.number(Key.RISES),
        policy.number(Key.SMALL_BASE),
    )


def units(county_id: int, on: date) -> list[Area]:
    """The county, its townships and its schools on a day, in this order, in two statements."""
    regions = Region.objects.on(on).filter(
        Q(pk=county_id) | Q(county_id=county_id, level=Level.TOWNSHIP.value)
    )
    found = [
        Area(
            AreaKind.COUNTY if region.pk == county_id else AreaKind.TOWNSHIP,
            region.code,
            region.name,
            county_id,
            region.path,
        )
        for region in regions.order_by("path")
    ]
    schools = Agency.objects.schools().on(on).filter(county_id=county_id).select_related("region")
    return found + [
        Area(AreaKind.SCHOOL, one.code, one.name, county_id, one.region.path, one.pk)
        for one in schools.order_by("region__path", "code")
    ]


def figures(measure: Measure, year: Span, areas: Iterable[Area]) -> Figures:
    """The figure of every unit and stage that has one. Rows go before what was entered, which is
    of all children and so left out for a focus group."""
    counted = rate_counts.rates(measure, year)
    cohort = consolidation(year) if measure is Measure.CONSOLIDATION else None
    entered = {} if year.tag else _entered(measure, year)
    found = {}
    for area in areas:
        for stage in stages(measure):
            key = (area.kind.value, area.key, stage)
            rate = total(_of(counted, area, stage))
            if cohort and area.kind is AreaKind.COUNTY:
                found[key] = Figure(area, stage, cohort.rate, year.on, parts=dict(vars(cohort)))
            elif rate.denominator:
                found[key] = Figure(area, stage, rate, year.on)
            elif row := entered.get(key):
                found[key] = Figure(
                    area, stage, row.rate, year.on, row.source, dict(row.parts) or None
                )
            elif rate.numerator:
                found[key] = Figure(area, stage, rate, year.on)
    return found


def stages(measure: Measure) -> list[str]:
    return [""] if measure in WITHOUT_STAGE else [stage.value for stage in Stage]


def _of(counted: Rates, area: Area, stage: str) -> Rates:
    return {spot: rate for spot, rate in counted.items() if _lies_in(spot, area, stage)}


def _lies_in(spot: Spot, area: Area, stage: str) -> bool:
    if spot.stage != stage:
        return False
    if area.kind == AreaKind.SCHOOL:
        return spot.school == area.school_id
    return spot.path.startswith(area.path[:TOWNSHIP_PATH])


def _entered(measure: Measure, year: Span) -> dict[Key_, YearlyValue]:
    rows = YearlyValue.objects.filter(
        county_id=year.county_id, school_year=year.school_year, measure=measure
    )
    return {(row.kind, row.key, row.stage): row for row in rows}


def history(measure: Measure, last: Span, areas: list[Area], years: int) -> dict[int, Figures]:
    """The figures of a school year and of the years before it, each at its own end."""
    found = {last.school_year: figures(measure, last, areas)}
    for school_year in range(last.school_year - years, last.school_year):
        year = span(last.county_id, school_year, last.on, last.tag)
        found[school_year] = figures(measure, year, areas)
    return found


def unit_for(scope: Scope, kind: str, key: str, on: date) -> Area:
    """A unit whose figures this person may see. Raises NotVisible."""
    for area in visible(scope, on):
        if (area.kind, area.key) == (kind, key):
            return area
    raise NotVisible


def visible(scope: Scope, on: date) -> list[Area]:
    """The units in the person's reach: the own ones and those below them."""
    return [area for area in units(scope.county_id, on) if in_reach(scope, area)]


def behind(year: Span, measure: Measure, area: Area, stage: str) -> CaseQuerySet:
    """The cases behind a numerator. Of the net rate: the children of the ledger in it; the rest of
    it are changes of enrollment."""
    found: QuerySet = rate_counts.out_of_school(year)
    if measure is Measure.RETURN:
        found = rate_counts.confirmed_in(year).filter(rate_counts.is_back(year))
    place = (
        Q(school_id=area.school_id)
        if area.kind == AreaKind.SCHOOL
        else Q(place__startswith=area.path[:TOWNSHIP_PATH])
    )
    return Case.objects.filter(pk__in=found.filter(place, stage=stage).values("pk"))


def children(scope: Scope, cases: CaseQuerySet) -> CaseQuerySet:
    """Of these cases, those that the person may see, by number."""
    seen = Case.objects.visible_to(scope).filter(pk__in=cases.values("pk"))
    return seen.select_related("student", "school", "school_class").order_by("number")


def targets(year: Span, measure: Measure) -> dict[Key_, Target]:
    rows = Target.objects.filter(
        county_id=year.county_id, school_year=year.school_year, measure=measure
    )
    return {(row.kind, row.key, row.stage): row for row in rows}


def entered(model: type[E], scope: Scope) -> "QuerySet[E]":
    """Values or targets in reach, the newest year first."""
    return model.objects.visible_to(scope).order_by("-school_year", "path", "key", "measure", "pk")

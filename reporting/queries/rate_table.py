"""The table of rates: each unit and stage with base, line, target, earlier years and alert."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from agencies.queries.policy import Policy, in_force
from agencies.rules.scope import Scope
from reporting.models import Alert, Target
from reporting.queries.rate_counts import Span
from reporting.queries.rates import Figure, Figures, history, limits, stages, targets, visible
from reporting.rules.accountability import Limits, missed
from reporting.rules.areas import Area, AreaKind
from reporting.rules.rates import Measure, Stage, rose


@dataclass(frozen=True)
class Past:
    """One year of a unit. figure None: a gap, nothing is known of the year."""

    school_year: int
    figure: Figure | None


@dataclass(frozen=True)
class Row:
    """A unit and stage. figure None: a gap. line None: the measure has no control line.

    above, missed, risen None: there is nothing to compare.
    """

    area: Area
    stage: str
    figure: Figure | None
    line: Fraction | None
    is_small: bool
    above: bool | None
    target: Target | None
    missed: bool | None
    past: tuple[Past, ...]
    risen: bool
    alert: UUID | None

    @property
    def is_empty(self) -> bool:
        """Nothing is known of any of the years, and nothing is asked for."""
        return self.target is None and not any(one.figure for one in self.past)

    @property
    def stage_name(self) -> str:
        return str(Stage(self.stage).label) if self.stage else ""


@dataclass(frozen=True)
class RateTable:
    measure: Measure
    year: Span
    limits: Limits
    policy: Policy
    rows: tuple[Row, ...]


def table(scope: Scope, measure: Measure, year: Span, only: Area | None = None) -> RateTable:
    """The units in the person's reach, or one of them."""
    return table_of(measure, year, [only] if only else visible(scope, year.on))


def table_of(measure: Measure, year: Span, areas: list[Area]) -> RateTable:
    """The same of these units: a fixed number of statements a year, whatever their number.

    Lines, targets and alerts are of all children: a focus group has none.
    """
    policy = in_force(year.county_id, year.on)
    lim = limits(policy)
    past = history(measure, year, areas, lim.rises)
    of_all = ({}, {}) if year.tag else (targets(year, measure), _alerts(year))
    known = Known(year, measure, lim, past, *of_all)
    rows = tuple(known.row(area, stage) for area in areas for stage in stages(measure))
    kept = tuple(row for row in rows if _is_shown(row))
    return RateTable(measure, year, lim, policy, kept)


def _is_shown(row: Row) -> bool:
    """A school has no line for a stage that it never had; county and townships show their gap."""
    return row.area.kind != AreaKind.SCHOOL or not row.is_empty


def _alerts(year: Span) -> dict[tuple[str, str, str], UUID]:
    rows = Alert.objects.open().filter(county_id=year.county_id, school_year=year.school_year)
    return {(row.kind, row.key, row.stage): row.public_id for row in rows.order_by("-found_on")}


@dataclass(frozen=True)
class Known:
    """Everything of a year that was read, to make a row from."""

    year: Span
    measure: Measure
    limits: Limits
    years: Mapping[int, Figures]
    targets: Mapping[tuple[str, str, str], Target]
    alerts: Mapping[tuple[str, str, str], UUID]

    def row(self, area: Area, stage: str) -> Row:
        key = (area.kind.value, area.key, stage)
        past = tuple(Past(one, self.years[one].get(key)) for one in sorted(self.years))
        figure = past[-1].figure
        has_line = self.measure is Measure.LEDGER and not self.year.tag
        line = self.limits.lines[Stage(stage)] if has_line else None
        target = self.targets.get(key)
        base = figure if figure and figure.rate.value is not None else None
        values = {one.school_year: one.figure.rate.value for one in past if one.figure}
        return Row(
            area,
            stage,
            figure,
            line,
            is_small=bool(figure and figure.rate.is_small(self.limits.small_base)),
            above=base.rate.above(line) if base and line is not None else None,
            target=target,
            missed=missed(self.measure, base.rate, target.fraction) if base and target else None,
            past=past,
            risen=has_line and rose(values, self.year.school_year, self.limits.rises),
            alert=self.alerts.get(key) if has_line else None,
        )

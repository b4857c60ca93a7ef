"""Circulars in reach, their figures drawn from the rows, and what changed since."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from agencies.errors import NotVisible
from agencies.models import Agency, Obligation, Receipt
from agencies.queries.policy import in_force
from agencies.rules.duties import AgencyKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from reporting.models import Alert, Circular
from reporting.queries import rates
from reporting.queries.rate_counts import span
from reporting.rules.areas import Area, AreaKind
from reporting.rules.circulars import CircularState, Difference, RecipientGroup, differences
from reporting.rules.rates import Measure, Stage, percent_text

# Bodies that are told how townships and schools stand.
TOLD = (AgencyKind.BUREAU, AgencyKind.VILLAGE)


def circulars(scope: Scope) -> QuerySet[Circular]:
    """The newest first; what was dropped is left out."""
    rows = Circular.objects.visible_to(scope).exclude(state=CircularState.DROPPED)
    return rows.order_by("-drawn_on", "-pk")


def circular_for(scope: Scope, public_id: UUID, *, lock: bool = False) -> Circular:
    """One circular that this person may see. Raises NotVisible."""
    rows = Circular.objects.visible_to(scope).filter(public_id=public_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible
    return found


def unit_value(area: Area) -> str:
    return f"{area.kind.value}:{area.key}"


def units(county_id: int, on: date) -> list[Area]:
    """Townships and schools in the official order: a circular tells of them."""
    return [one for one in rates.units(county_id, on) if one.kind is not AreaKind.COUNTY]


def with_alerts(county_id: int) -> list[str]:
    """The units whose figures call for a step now: proposed for a circular."""
    rows = Alert.objects.open().filter(county_id=county_id).exclude(kind=AreaKind.COUNTY)
    return sorted({f"{kind}:{key}" for kind, key in rows.values_list("kind", "key")})


def recipients(county_id: int, on: date) -> list[Agency]:
    """Every body of the county but bureau and village committees, by kind and name."""
    rows = Agency.objects.on(on).filter(county_id=county_id).exclude(kind__in=TOLD)
    return list(rows.select_related("region").order_by("kind", "region__path", "name", "pk"))


def groups_of(body: Agency, units_: Collection[str]) -> set[str]:
    """The groups that a body is told with. units_: those of the circular."""
    if body.kind == AgencyKind.TOWNSHIP:
        group, unit = RecipientGroup.TOWNSHIPS, f"{AreaKind.TOWNSHIP.value}:{body.region.code}"
    elif body.kind == AgencyKind.SCHOOL:
        group, unit = RecipientGroup.SCHOOLS, f"{AreaKind.SCHOOL.value}:{body.code}"
    else:
        return set()
    return {group.value, RecipientGroup.UNITS.value} if unit in units_ else {group.value}


def drawn(
    county_id: int, measure: Measure, school_year: int, wanted: Collection[str], on: date
) -> list[dict[str, object]]:
    """The figures of these units from the rows as of a day, in the official order."""
    year = span(county_id, school_year, on)
    areas = [one for one in units(county_id, on) if unit_value(one) in wanted]
    found = rates.figures(measure, year, areas)
    limits = rates.limits(in_force(county_id, on))
    rows: list[dict[str, object]] = []
    for area in areas:
        for stage in rates.stages(measure):
            if figure := found.get((area.kind.value, area.key, stage)):
                line = limits.lines[Stage(stage)] if measure is Measure.LEDGER else None
                rows.append(
                    {
                        "unit": area.kind.value,
                        "key": area.key,
                        "name": area.name,
                        "stage": stage,
                        "numerator": figure.rate.numerator,
                        "denominator": figure.rate.denominator,
                        "exact": figure.rate.exact,
                        "shown": figure.rate.shown,
                        "as_of": figure.on.isoformat(),
                        "source": figure.source,
                        "line": percent_text(line) if line is not None else "",
                        "above": line is not None and figure.rate.above(line),
                        "small_base": figure.rate.is_small(limits.small_base),
                    }
                )
    return rows


def changes(row: Circular, on: date) -> list[Difference]:
    """What of a draft is no longer so, as of today."""
    measure = Measure(row.measure)
    return differences(row.figures, drawn(row.county_id, measure, row.school_year, row.units, on))


def receipts(row: Circular) -> list[Receipt]:
    """The receipt of each recipient, by the obligation to sign."""
    rows = Receipt.objects.filter(obligation__in=obligations_of(row))
    return list(rows.select_related("recipient", "obligation").order_by("recipient__name", "pk"))


def obligations_of(row: Circular) -> QuerySet[Obligation]:
    return Obligation.objects.filter(
        county_id=row.county_id,
        kind=ObligationKind.CIRCULAR,
        key__startswith=f"{ObligationKind.CIRCULAR.value}:{row.public_id}:",
    )

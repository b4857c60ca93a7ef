"""Alerts: raised and ended by a nightly sweep; their evidence is frozen when they are found.

Later steps (interview, rectification, circular) begin from an open alert.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from agencies.models import Agency, Region
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind
from agencies.rules.notices import NoticeKind
from agencies.services import notices
from agencies.services.notices import News
from reporting.models import Alert
from reporting.queries import rates
from reporting.queries.rate_counts import Span, span
from reporting.queries.rates import Figure, Figures
from reporting.queries.talks import agency_of
from reporting.rules.accountability import Limits, verdicts
from reporting.rules.areas import Area
from reporting.rules.rates import Measure, Stage, percent_text
from students.rules.identity import school_year_of

Found = tuple[str, str, str, str]  # kind and key of the unit, stage, reason


def sweep(now: datetime) -> int:
    """Every county: a figure that calls for a step becomes an alert, one that no longer does ends.

    Safe to repeat. Returns how many alerts changed.
    """
    counties = Agency.objects.filter(kind=AgencyKind.BUREAU).values_list("county_id", flat=True)
    return sum(sweep_county(county_id, now) for county_id in sorted(set(counties)))


@transaction.atomic
def sweep_county(county_id: int, now: datetime) -> int:
    """The same of one county: the school year that runs, and the last one that has ended."""
    today = now.astimezone(CHINA).date()
    Region.objects.select_for_update().get(pk=county_id)  # one sweep after the other
    this_year = school_year_of(today)
    years = [span(county_id, year, today) for year in (this_year - 1, this_year)]
    return sum(_sweep_year(year, now) for year in years)


def _sweep_year(year: Span, now: datetime) -> int:
    today = now.astimezone(CHINA).date()
    limits = rates.limits(in_force(year.county_id, year.on))
    seen = _called_for(year, limits, today)
    rows = Alert.objects.open().filter(county_id=year.county_id, school_year=year.school_year)
    known = {(row.kind, row.key, row.stage, row.reason): row for row in rows}
    over = [row.pk for key, row in known.items() if key not in seen]
    new = [alert for key, alert in seen.items() if key not in known]
    Alert.objects.filter(pk__in=over).update(ended_on=today)
    Alert.objects.bulk_create(new)
    notices.tell((one for alert in new for one in _news(alert, today)), now)
    return len(over) + len(new)


def _news(alert: Alert, today: date) -> list[News]:
    """The bureau hears of it, and the body that answers for the unit."""
    bodies = {bureau(alert.county_id, today), agency_of(alert.area, today)}
    return [
        News(
            alert.county_id,
            NoticeKind.ALERT,
            f"alert:{alert.public_id}:{body.pk}",
            f"/alerts/{alert.public_id}/",
            agency_id=body.pk,
            params={
                "unit": alert.name,
                "stage": alert.stage,
                "reason": alert.reason,
                "year": f"{alert.school_year}–{alert.school_year + 1}",
            },
        )
        for body in bodies
        if body
    ]


def _called_for(year: Span, limits: Limits, today: date) -> dict[Found, Alert]:
    areas = rates.units(year.county_id, year.on)
    past = rates.history(Measure.LEDGER, year, areas, limits.rises)
    found: dict[Found, Alert] = {}
    for area in areas:
        for stage in Stage:
            years = _of_unit(past, area, stage)
            known = {one: figure.rate for one, figure in years.items()}
            for reason in verdicts(known, year.school_year, stage, limits, ended=year.ended):
                alert = _alert(year, years, stage, limits)
                alert.reason, alert.found_on = reason, today
                found[(alert.kind, alert.key, alert.stage, alert.reason)] = alert
    return found


def _of_unit(past: Mapping[int, Figures], area: Area, stage: Stage) -> dict[int, Figure]:
    key = (area.kind.value, area.key, stage.value)
    return {year: found[key] for year, found in sorted(past.items()) if key in found}


def _alert(year: Span, years: Mapping[int, Figure], stage: Stage, limits: Limits) -> Alert:
    figure = years[year.school_year]
    area = figure.area
    return Alert(
        county_id=area.county_id,
        kind=area.kind,
        key=area.key,
        name=area.name,
        path=area.path,
        school_id=area.school_id,
        school_year=year.school_year,
        stage=stage,
        evidence=_evidence(year, years, stage, limits),
    )


def _evidence(
    year: Span, years: Mapping[int, Figure], stage: Stage, limits: Limits
) -> dict[str, object]:
    """What the figure was made of on the day: nothing of it is ever computed again.

    cases: opaque ids of the cases behind a numerator that was counted; never names.
    """
    figure = years[year.school_year]
    cases = rates.behind(year, Measure.LEDGER, figure.area, stage) if figure.is_counted else None
    ids = cases.order_by("number").values_list("public_id", flat=True) if cases else ()
    return {
        "measure": Measure.LEDGER.value,
        **frozen(figure),
        "line": percent_text(limits.lines[stage]),
        "line_exact": str(limits.lines[stage]),
        "small_base": figure.rate.is_small(limits.small_base),
        "years": [_of_year(one, years.get(one)) for one in _series(year, limits)],
        "cases": [str(one) for one in ids],
    }


def _series(year: Span, limits: Limits) -> range:
    return range(year.school_year - limits.rises, year.school_year + 1)


def _of_year(school_year: int, figure: Figure | None) -> dict[str, object]:
    """One year of the series; a year without data is kept as the gap that it is."""
    known = frozen(figure) if figure else {}
    return {"school_year": school_year, "gap": figure is None, **known}


def frozen(figure: Figure) -> dict[str, object]:
    """One figure with everything that explains it (rule 8), as plain values."""
    rate = figure.rate
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "exact": rate.exact,
        "shown": rate.shown,
        "as_of": figure.on.isoformat(),
        "source": figure.source,
    }

"""The rates of every unit in reach, and the children behind a numerator."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from reporting.queries import rate_parts, rate_table, rates
from reporting.queries.rate_counts import Span, span
from reporting.queries.rate_parts import Asked
from reporting.queries.rate_table import Row
from reporting.rate_forms import RateFilterForm, year_name
from reporting.rules.areas import AreaKind
from reporting.rules.rates import DEFINITIONS, IN_PARTS, PART_WORDS, Measure, Stage, percent_text
from students.queries.focus import groups_for
from students.rules.focus import FocusGroup
from students.rules.identity import school_year_of
from students.views.paging import slice_of


@require_GET
@needs(Duty.SEE_RATES)
def show(request: PageRequest) -> HttpResponse:
    """Unit by unit and stage by stage: base, rate, line, target, the years before."""
    filters, measure, year = _asked(request)
    found = rate_table.table(request.scope, measure, year)
    shown = [row for row in found.rows if not row.is_empty or row.area.kind == AreaKind.COUNTY]
    past = found.rows[0].past[:-1] if found.rows else ()
    context = {
        "filters": filters,
        "found": found,
        "may_keep": request.scope.may(Duty.KEEP_RATES),
        "definition": DEFINITIONS[measure],
        "definitions": [(one.label, DEFINITIONS[one]) for one in Measure],
        "year_name": year_name(year.school_year),
        "past_years": [year_name(one.school_year) for one in past],
        "rows": [(row, _line(row), _href(measure, year, row)) for row in shown],
        "not_counted": rate_parts.why_not_counted(year) if measure is Measure.CONSOLIDATION else "",
        "cohort": year_name(rate_parts.entered_in(year)),
        "without": "、".join(_named(row) for row in found.rows if row not in shown),
    }
    status = 200 if filters.is_valid() else 400
    return render(request, "reporting/rates.html", context, status=status)


def _named(row: Row) -> str:
    return f"{row.area.name} ({row.stage_name})" if row.stage else row.area.name


def _line(row: Row) -> str:
    return percent_text(row.line) if row.line is not None else ""


def _href(measure: Measure, year: Span, row: Row) -> str:
    """The list behind the numerator; what was entered, or is nought, has none."""
    if row.figure is None or not row.figure.is_counted or not row.figure.rate.numerator:
        return ""
    asked = {
        "measure": measure.value,
        "year": year.school_year,
        "on": year.on.isoformat(),
        "unit": row.area.kind.value,
        "key": row.area.key,
        "stage": row.stage,
        "tag": year.tag,
    }
    page = "rate_parts" if measure in IN_PARTS else "rate_children"
    return f"{reverse(page)}?{urlencode(asked)}"


@require_GET
@needs(Duty.SEE_RATES)
def parts(request: PageRequest) -> HttpResponse:
    """The parts of a number, counted from rows; of ?part= the children, 50 on a page."""
    scope, asked = request.scope, request.GET
    _filters, measure, year = _asked(request)
    stage, part = asked.get("stage", ""), asked.get("part", "")
    if measure not in IN_PARTS or stage not in rates.stages(measure):
        raise NotVisible
    area = rates.unit_for(scope, asked.get("unit", ""), asked.get("key", ""), year.on)
    number = Asked(measure, year, area, stage)
    counts = rate_parts.parts(number)
    rows: list[Any] = []
    more = ""
    if part in counts:
        rows, more = slice_of(request, rate_parts.children(scope, number, part))
        subject, now = f"unit:{area.key}", clock.now()
        audit.record(scope, "rate.children", subject, now=now, part=part, shown=len(rows))
    here = {key: asked[key] for key in asked if key not in ("part", "from")}
    context = {
        "number": number,
        "stage": Stage(stage).label if stage else "",
        "year_name": year_name(year.school_year),
        "definition": DEFINITIONS[measure],
        "parts": [
            (PART_WORDS[one], count, urlencode({**here, "part": one}), one == part)
            for one, count in counts.items()
        ],
        "cases": f"{reverse('rate_children')}?{urlencode(here)}" if stage else "",
        "dropped_out": rates.behind(year, measure, area, stage).count() if stage else 0,
        "part": PART_WORDS.get(part, "") if part in counts else "",
        "total": counts.get(part, 0),
        "rows": [rate_parts.line(row, part) for row in rows],
        "next_cursor": more,
        "back": _back(measure, year),
    }
    return render(request, "reporting/rate_parts.html", context)


@require_GET
@needs(Duty.SEE_RATES)
def children(request: PageRequest) -> HttpResponse:
    """The children behind a numerator, 50 on a page."""
    scope, asked = request.scope, request.GET
    _filters, measure, year = _asked(request)
    stage = asked.get("stage", "")
    if stage not in set(Stage):
        raise NotVisible
    area = rates.unit_for(scope, asked.get("unit", ""), asked.get("key", ""), year.on)
    behind = rates.behind(year, measure, area, stage)
    rows, more = slice_of(request, rates.children(scope, behind))
    audit.record(
        scope, "rate.children", f"unit:{area.key}", now=clock.now(), stage=stage, shown=len(rows)
    )
    context = {
        "area": area,
        "measure": measure,
        "stage": Stage(stage),
        "definition": DEFINITIONS[measure],
        "year": year,
        "group": FocusGroup(year.tag).label if year.tag else "",
        "total": behind.count(),
        "rows": rows,
        "next_cursor": more,
        "back": _back(measure, year),
    }
    return render(request, "reporting/rate_children.html", context)


def _back(measure: Measure, year: Span) -> str:
    asked = {"measure": measure.value, "year": year.school_year, "on": year.on.isoformat()}
    if year.tag:
        asked["tag"] = year.tag
    return f"{reverse('rates')}?{urlencode(asked)}"


def _asked(request: PageRequest) -> tuple[RateFilterForm, Measure, Span]:
    """A filter that is wrong is shown as wrong; the page then shows the year that runs, today."""
    today = request.scope.on
    this_year = school_year_of(today)
    typed = {"measure": Measure.LEDGER.value, "year": this_year, "on": today.isoformat()}
    filters = RateFilterForm(
        {**typed, **request.GET.dict()},
        this_year=this_year,
        today=today,
        groups=groups_for(request.scope),
    )
    given = filters.cleaned_data if filters.is_valid() else {}
    on: date = given.get("on") or today
    school_year = given.get("year") or this_year
    year = span(request.scope.county_id, school_year, on, given.get("tag", ""))
    return filters, Measure(given.get("measure") or Measure.LEDGER), year

"""Rates with everything that explains them (rule 8), and the cases behind a numerator."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.rules.duties import Duty
from agencies.rules.policy import Key
from agencies.rules.region_code import Level, level
from agencies.rules.scope import Scope
from agencies.services import audit
from cases.models import Case
from reporting.queries import rate_parts, rate_table, rates
from reporting.queries.rate_counts import Span, span
from reporting.queries.rate_parts import Asked
from reporting.queries.rate_table import RateTable, Row
from reporting.queries.rates import Figure
from reporting.rules.areas import Area, AreaKind
from reporting.rules.entered import EARLIEST_YEAR
from reporting.rules.rates import DEFINITIONS, IN_PARTS, Measure, Stage, percent_text
from students.api.fields import GroupField
from students.rules.identity import school_year_of

LINE_KEYS = {Stage.PRIMARY: Key.LINE_PRIMARY, Stage.JUNIOR: Key.LINE_JUNIOR}


class RateQuery(serializers.Serializer):
    """Parameters. year: in which the school year began. region or school: one unit alone. tag: only
    children who are of this focus group on the day, without lines, targets, alerts."""

    measure = serializers.ChoiceField(Measure.choices, default=Measure.LEDGER.value)
    year = serializers.IntegerField(min_value=EARLIEST_YEAR, max_value=2100, required=False)
    on = serializers.DateField(required=False)
    region = serializers.RegexField(r"^\d{12}$", required=False)
    school = serializers.RegexField(r"^\w{1,12}$", required=False)
    tag = GroupField(required=False, default="")


class ChildrenQuery(RateQuery):
    stage = serializers.ChoiceField(Stage.choices)


class PartsQuery(RateQuery):
    """measure: net or consolidation; stage: only of the net rate; part: of those answered."""

    measure = serializers.ChoiceField([(one.value, one.label) for one in sorted(IN_PARTS)])
    stage = serializers.ChoiceField(Stage.choices, required=False, default="")
    part = serializers.CharField(max_length=20, required=False, default="")


class Rates(ApiView):
    """Every unit in reach, by stage: exact fraction, base, day, control line, target, years."""

    duty = Duty.SEE_RATES

    @extend_schema(parameters=[RateQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        given = _checked(self, RateQuery)
        measure, year = Measure(given["measure"]), _year(self.scope, given)
        found = rate_table.table(self.scope, measure, year, _unit(self.scope, given, year))
        return Response(shown(found))


class RateChildren(ApiView):
    """The cases behind a numerator, as far as the caller sees them."""

    duty = Duty.SEE_RATES

    @extend_schema(parameters=[ChildrenQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        given = _checked(self, ChildrenQuery)
        measure, year = Measure(given["measure"]), _year(self.scope, given)
        area = _unit(self.scope, given, year)
        if area is None:
            text = _("Say which unit: ?region= or ?school=.")
            raise serializers.ValidationError({"region": text}, "required")
        found = rates.behind(year, measure, area, given["stage"])
        audit.record(
            self.scope, "rate.children", f"unit:{area.key}", now=clock.now(), stage=given["stage"]
        )
        return page(request, rates.children(self.scope, found), child)


class RateParts(ApiView):
    """The parts of a rate that is made of parts; with ?part= the children of one in sight."""

    duty = Duty.SEE_RATES

    @extend_schema(
        parameters=[PartsQuery], operation_id="rate_parts", responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request) -> Response:
        given = _checked(self, PartsQuery)
        measure, year = Measure(given["measure"]), _year(self.scope, given)
        area, part = _unit(self.scope, given, year), given["part"]
        if area is None or given["stage"] not in rates.stages(measure):
            raise serializers.ValidationError({"stage": _("Say which unit and stage.")}, "required")
        number = Asked(measure, year, area, given["stage"])
        counts = rate_parts.parts(number)
        if part not in counts:
            return Response({"parts": counts})
        subject = f"unit:{area.key}"
        audit.record(self.scope, "rate.children", subject, now=clock.now(), part=part)
        rows = rate_parts.children(self.scope, number, part)
        return page(request, rows, lambda row: _line(rate_parts.line(row, part)))


def _line(one: rate_parts.Line) -> dict[str, object]:
    return {
        "student": str(one.student.public_id),
        "name": one.student.name,
        "school": one.record.school.name,
        "class": one.record.school_class.name,
        "on": one.on.isoformat(),
    }


def _checked(view: ApiView, kind: type[serializers.Serializer]) -> dict[str, Any]:
    query = kind(data=view.request.query_params, context={"scope": view.scope})
    query.is_valid(raise_exception=True)
    return query.validated_data


def _year(scope: Scope, given: dict[str, Any]) -> Span:
    """The school year and day asked for; by default those of today. Refuses what lies ahead."""
    on: date = given.get("on") or scope.on
    school_year: int = given.get("year") or school_year_of(on)
    if on > scope.on:
        raise serializers.ValidationError({"on": _("This day is still to come.")}, "future")
    if school_year > school_year_of(scope.on):
        raise serializers.ValidationError({"year": _("This school year lies ahead.")}, "future")
    return span(scope.county_id, school_year, on, given["tag"])


def _unit(scope: Scope, given: dict[str, Any], year: Span) -> Area | None:
    """The unit asked for. Raises NotVisible."""
    if school := given.get("school"):
        return rates.unit_for(scope, AreaKind.SCHOOL, school, year.on)
    region = given.get("region")
    if not region:
        return None
    kind = AreaKind.COUNTY if level(region) == Level.COUNTY else AreaKind.TOWNSHIP
    return rates.unit_for(scope, kind, region, year.on)


def shown(found: RateTable) -> dict[str, object]:
    """The whole answer as plain values."""
    year = found.year
    return {
        "measure": found.measure.value,
        "name": str(found.measure.label),
        "definition": str(DEFINITIONS[found.measure]),
        "school_year": year.school_year,
        "base_on": year.opens_on.isoformat(),
        "as_of": year.on.isoformat(),
        "ended": year.ended,
        "tag": year.tag or None,
        "rises": found.limits.rises,
        "small_base": found.limits.small_base,
        "lines": {stage.value: _limit(found, stage) for stage in Stage},
        "rows": [_row(found, row) for row in found.rows],
    }


def _limit(found: RateTable, stage: Stage) -> dict[str, object]:
    """The control line in force on the day, with its source."""
    entry = found.policy.entries[LINE_KEYS[stage]]
    line = found.limits.lines[stage]
    return {"exact": str(line), "shown": percent_text(line), "source": entry.source}


def _row(found: RateTable, row: Row) -> dict[str, object]:
    target = row.target
    return {
        "unit": row.area.kind.value,
        "key": row.area.key,
        "name": row.area.name,
        "stage": row.stage or None,
        "gap": row.figure is None,
        **(figure(row.figure) if row.figure else {}),
        "small_base": row.is_small,
        "line": percent_text(row.line) if row.line is not None else None,
        "above_line": row.above,
        "target": {"sense": target.sense.value, "percent": target.limit, "source": target.source}
        if target
        else None,
        "target_missed": row.missed,
        "years": [
            {
                "school_year": one.school_year,
                "gap": one.figure is None,
                **(figure(one.figure) if one.figure else {}),
            }
            for one in row.past
        ],
        "risen": row.risen,
        "alert": reverse("api_alert", args=[row.alert]) if row.alert else None,
        "href": _href(found, row),
    }


def figure(one: Figure) -> dict[str, object]:
    """Numerator and denominator, the exact value as a text, what is shown, day and source."""
    rate = one.rate
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "exact": rate.exact or None,
        "shown": rate.shown or None,
        "as_of": one.on.isoformat(),
        "counted": one.is_counted,
        "source": one.source or None,
        "parts": dict(one.parts) if one.parts else None,
    }


def _href(found: RateTable, row: Row) -> str | None:
    """The list behind the numerator; what was entered has none."""
    if row.figure is None or not row.figure.is_counted:
        return None
    unit = "school" if row.area.kind == AreaKind.SCHOOL else "region"
    asked = {
        "measure": found.measure.value,
        "year": found.year.school_year,
        "on": found.year.on.isoformat(),
        **({"stage": row.stage} if row.stage else {}),
        unit: row.area.key,
        "count": 1,
        **({"tag": found.year.tag} if found.year.tag else {}),
    }
    page_ = "api_rate_children" if row.stage else "api_rate_parts"
    return f"{reverse(page_)}?{urlencode(asked)}"


def child(case: Case) -> dict[str, object]:
    return {
        "case": str(case.public_id),
        "number": case.number,
        "student": str(case.student.public_id),
        "name": case.student.name,
        "school": case.school.name if case.school else None,
        "class": case.school_class.name if case.school_class else None,
        "state": case.state,
    }

"""The board for machines: every figure with its definition, and the rows behind it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit
from reporting import forms
from reporting.queries import areas, behind
from reporting.queries.behind import Row, Wanted
from reporting.queries.board import Board, Figure, Unit, board_for
from reporting.rules.areas import Area, AreaKind
from reporting.rules.indicators import CATALOGUE, Rows
from students.api.fields import GroupField


class Query(serializers.Serializer):
    """Parameters: at most one of region (12 digits), school (code) and class (id)."""

    region = serializers.RegexField(r"^\d{12}$", required=False)
    school = serializers.CharField(max_length=12, required=False)
    on = serializers.DateField(required=False)
    rest = serializers.BooleanField(required=False)
    figure = serializers.ChoiceField(list(CATALOGUE), required=False)
    tag = GroupField(required=False, default="")

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "class": serializers.UUIDField(required=False)}


class Dashboard(ApiView):
    """The figures of an area on a day, and of each unit below it."""

    duty = Duty.SEE_BOARD

    @extend_schema(parameters=[Query], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        area, on, tag = asked(self, request)
        return Response(shown(board_for(self.scope, area, on, clock.now(), tag)))


class DashboardRows(ApiView):
    """The students, classes or cases behind one figure."""

    duty = Duty.SEE_BOARD

    @extend_schema(parameters=[Query], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        area, on, tag = asked(self, request)
        figure = request.query_params.get("figure")
        if figure is None:
            raise serializers.ValidationError({"figure": _("Say which figure.")}, "required")
        rest = request.query_params.get("rest") in ("1", "true")
        wanted = Wanted(figure, replace(area, rest=rest), on, tag=tag)
        found = behind.listing(self.scope, wanted, clock.now())
        audit.record(self.scope, "board.list", f"figure:{figure}"[:60], now=clock.now(), tag=tag)
        link = LINKS[CATALOGUE[figure].rows]
        answer = page(request, found.rows, lambda row: _row(found.show(cast(dict, row)), link, on))
        return Response({**answer.data, "count": found.rows.count()})


def asked(view: ApiView, request: Request) -> tuple[Area, date, str]:
    """The area, the day and the group. Raises ValidationError (400) and NotVisible (404)."""
    query = Query(data=request.query_params, context={"scope": view.scope})
    query.is_valid(raise_exception=True)
    today = clock.now().astimezone(CHINA).date()
    try:
        on = forms.day(request.query_params, today)
    except ValueError as error:
        wrong = _("The day lies in the future or too far back.")
        raise serializers.ValidationError({"on": wrong}, "out_of_range") from error
    where = forms.area(request.query_params)
    area = areas.asked(view.scope, *where, on) if where else areas.own(view.scope, on)
    return area, on, query.validated_data["tag"]


def shown(board: Board) -> dict[str, object]:
    """The board as the contract words it."""
    area, as_of = board.area, board.as_of.astimezone(CHINA).isoformat()
    return {
        "region": area.path.ljust(12, "0"),
        "school": area.key if area.kind == AreaKind.SCHOOL else None,
        "class": area.key if area.kind == AreaKind.CLASS else None,
        "name": area.name,
        "level": area.kind,
        "on": board.on.isoformat(),
        "tag": board.tag or None,
        "as_of": as_of,
        "is_school_day": board.is_school_day,
        "figures": [_figure(board, figure, as_of) for figure in board.figures],
        "rows": [_unit(board, unit) for unit in board.rows],
    }


def _figure(board: Board, figure: Figure, as_of: str) -> dict[str, object]:
    return {
        "key": figure.key,
        "name": str(figure.indicator.name),
        "definition": figure.indicator.definition,
        "numerator": figure.number,
        "denominator": figure.denominator,
        "as_of": as_of,
        "unknown": figure.unknown,
        "href": _list_href(board, board.area.kind, board.area.key, figure.key),
    }


def _unit(board: Board, unit: Unit) -> dict[str, object]:
    kind = board.area.kind if unit.rest else unit.kind
    where = forms.query(kind, unit.key, board.on, tag=board.tag)
    return {
        "unit": unit.name,
        "kind": unit.kind,
        "id": None if unit.rest else unit.key,
        "rest": unit.rest,
        "figures": {figure.key: unit.counts[figure.key] for figure in board.figures},
        "hrefs": {
            figure.key: _list_href(board, kind, unit.key, figure.key, rest=unit.rest)
            for figure in board.figures
        },
        "href": None if unit.rest else f"{reverse('api_dashboard')}?{where}",
    }


def _list_href(board: Board, kind: AreaKind, key: str, figure: str, *, rest: bool = False) -> str:
    more = {"figure": figure, "rest": "1" if rest else "", "tag": board.tag}
    address = forms.query(kind, key, board.on, **more)
    return f"{reverse('api_dashboard_rows')}?{address}"


LINKS: dict[Rows, Callable[[str, date], str]] = {
    Rows.STUDENTS: lambda key, on: f"/api/v1/students/{key}/",
    Rows.CLASSES: lambda key, on: f"/api/v1/classes/{key}/roll/{on.isoformat()}/",
    Rows.CASES: lambda key, on: f"/api/v1/cases/{key}/",
}


def _row(row: Row, link: Callable[[str, date], str], on: date) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "school": row.school,
        "class": row.class_name,
        "since": row.since.isoformat() if row.since else None,
        "extra": row.extra,
        "href": link(row.id, on),
    }

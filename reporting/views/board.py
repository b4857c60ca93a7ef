"""The board's pages: figures of an area, and the list behind each number."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import clock
from agencies.errors import NotVisible
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from reporting import forms
from reporting.queries import areas, behind
from reporting.queries.board import Board, Unit, board_for, rest_name, shown
from reporting.rules.areas import Area, AreaKind, in_reach
from reporting.rules.indicators import Indicator, heat
from students.focus_forms import GroupFilter
from students.queries.focus import group_for, groups_for
from students.rules.focus import FocusGroup


@dataclass(frozen=True)
class Cell:
    """One number of the table. number None: it says nothing on this day."""

    key: str
    number: int | None
    href: str
    heat: int = 0


@dataclass(frozen=True)
class Line:
    name: str
    href: str
    cells: tuple[Cell, ...]


@needs(Duty.SEE_BOARD)
def board(request: PageRequest) -> HttpResponse:
    """The board of the widest area that I see."""
    return _page(request, None)


@needs(Duty.SEE_BOARD)
def board_area(request: PageRequest, kind: str, key: str) -> HttpResponse:
    return _page(request, (kind, key))


def _page(request: PageRequest, wanted: tuple[str, str] | None) -> HttpResponse:
    now = clock.now()
    today = now.astimezone(CHINA).date()
    try:
        on, problem = forms.day(request.GET, today), False
    except ValueError:
        on, problem = today, True
    scope = request.scope
    tag = _tag(request)
    area = areas.find(scope, *wanted, on) if wanted else areas.own(scope, on)
    found = board_for(scope, area, on, now, tag)
    context = {
        "board": found,
        "crumbs": _crumbs(request, area, on, tag),
        "filters": GroupFilter({"tag": tag}, groups=groups_for(scope)),
        "cards": [
            (figure, _list_href(area.kind, area.key, on, figure.key, tag=tag))
            for figure in found.figures
            if figure.indicator.is_key
        ],
        "columns": shown(area),
        "lines": _lines(found),
        "today": today,
        "is_today": on == today,
        "problem": problem,
    }
    return render(request, "reporting/board.html", context, status=400 if problem else 200)


def _tag(request: PageRequest) -> str:
    """The focus group of the address, "" for all. Raises NotVisible for what is none to me."""
    name = request.GET.get("tag", "")
    return group_for(request.scope, name) if name else ""


def _crumbs(request: PageRequest, area: Area, on: date, tag: str) -> list[tuple[str, str]]:
    """The areas around this one, as links where the person may go."""
    return [
        (one.name, _area_href(one.kind, one.key, on, tag) if in_reach(request.scope, one) else "")
        for one in area.above
    ]


def _lines(found: Board) -> list[Line]:
    """The whole area first, then its units; shades compare the units."""
    area, columns = found.area, shown(found.area)
    most = {key: max((row.counts[key] for row in found.rows), default=0) for key in columns}
    whole = Unit(area.kind, area.key, _("Total"), found.totals)
    return [
        _line(found, whole, columns, {}),
        *(_line(found, row, columns, most) for row in found.rows),
    ]


def _line(
    found: Board, row: Unit, columns: Mapping[str, Indicator], most: Mapping[str, int]
) -> Line:
    kind = found.area.kind if row.rest else row.kind
    cells = []
    for key, indicator in columns.items():
        silent = indicator.is_of_roll and not found.is_school_day
        number = row.counts.get(key, 0)
        shade = heat(number, most.get(key, 0)) if indicator.is_worry else 0
        href = _list_href(kind, row.key, found.on, key, rest=row.rest, tag=found.tag)
        cells.append(Cell(key, None if silent else number, href, shade))
    leads_on = most and not row.rest
    href = _area_href(kind, row.key, found.on, found.tag) if leads_on else ""
    return Line(row.name, href, tuple(cells))


def _area_href(kind: AreaKind, key: str, on: date, tag: str) -> str:
    parts = {"on": on.isoformat()} | ({"tag": tag} if tag else {})
    return f"{reverse('board_area', args=[kind, key])}?{urlencode(parts)}"


def _list_href(
    kind: AreaKind, key: str, on: date, figure: str, *, rest: bool = False, tag: str = ""
) -> str:
    address = forms.query(kind, key, on, figure=figure, rest="1" if rest else "", tag=tag)
    return f"{reverse('board_list')}?{address}"


@needs(Duty.SEE_BOARD)
def board_list(request: PageRequest) -> HttpResponse:
    """The students, classes or cases behind one number."""
    now = clock.now()
    today = now.astimezone(CHINA).date()
    try:
        on = forms.day(request.GET, today)
    except ValueError as error:
        raise NotVisible from error
    scope = request.scope
    asked = forms.area(request.GET)
    area = areas.asked(scope, *asked, on) if asked else areas.own(scope, on)
    rest = request.GET.get("rest") == "1"
    figure = request.GET.get("figure", "")
    tag, page = _tag(request), forms.page(request.GET)
    wanted = behind.Wanted(figure, replace(area, rest=rest), on, page, tag)
    found = behind.rows(scope, wanted, now)
    audit.record(scope, "board.list", f"figure:{figure}"[:60], now=now, area=area.kind, tag=tag)
    address = _list_href(area.kind, area.key, on, figure, rest=rest, tag=tag)
    context = {
        "found": found,
        "crumbs": [
            *_crumbs(request, area, on, tag),
            (area.name, _area_href(area.kind, area.key, on, tag)),
            *([(rest_name(area), "")] if rest else []),
        ],
        "next_page": f"{address}&page={found.next}" if found.next else "",
        "previous_page": f"{address}&page={found.previous}" if found.previous else "",
        "is_today": on == today,
        "group": FocusGroup(tag) if tag else None,
    }
    return render(request, "reporting/behind.html", context)

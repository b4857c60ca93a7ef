"""The balance on pages: the table of an area, the flow between two days, the names of each cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agencies import clock
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.rules.disposition import Disposition
from reporting import forms
from reporting.forms import BalanceForm
from reporting.queries import areas
from reporting.queries import balance as books
from reporting.queries.balance import PAGE, Balance, Child, Wanted
from reporting.rules.areas import Area, AreaKind, in_reach
from reporting.rules.balance import NOT_COUNTED, PARTS
from students.queries.focus import groups_for

FLOW_BACK = timedelta(days=30)  # the first day of a flow, unless another is asked for
NOBODY = ""  # not counted on that day


@dataclass(frozen=True)
class Cell:
    part: str
    number: int
    href: str


@dataclass(frozen=True)
class Line:
    """href: the balance of this unit, "" for what lies in none. total: heads of the line."""

    name: str
    href: str
    total: int
    cells: tuple[Cell, ...]


@needs(Duty.SEE_BALANCE)
def show(request: PageRequest) -> HttpResponse:
    """The parts of an area and of each unit below it; every number opens its names."""
    form, wanted = _asked(request)
    found = books.balance(wanted)
    parts = _columns(found)
    context = {
        **_common(request, form, wanted),
        "found": found,
        "parts": parts,
        "whole": _line(wanted, wanted.area.name, found.counts, parts, leads=False),
        "lines": [
            _line(_below(wanted, line.code), line.name, line.counts, parts, leads=bool(line.code))
            for line in found.lines
            if wanted.area.kind != AreaKind.VILLAGE
        ],
        "flow_href": f"{reverse('balance_flow')}?{query(wanted)}",
    }
    return render(request, "reporting/balance.html", context, status=_status(form))


@needs(Duty.SEE_BALANCE)
def names(request: PageRequest) -> HttpResponse:
    """The children behind one number."""
    _form, wanted = _asked(request)
    part = request.GET.get("part", "")
    if part not in PARTS:
        raise NotVisible
    page = forms.page(request.GET)
    total = books.balance(wanted).counts[part]
    rows = books.names(wanted, part, page)
    title = str(Disposition(part).label)
    _noted(request, f"balance:{part}")
    back = f"{reverse('balance')}?{query(wanted)}"
    address = f"{reverse('balance_names')}?{query(wanted, part=part)}"
    return _list(request, wanted, Listing(title, total, rows, page, address, back))


@needs(Duty.SEE_BALANCE)
def flow(request: PageRequest) -> HttpResponse:
    """Who moved from where to where between two days."""
    form, wanted = _asked(request, flow=True)
    since = _since(form, wanted)
    found = books.flow(wanted, since)
    ways = [part.value for part in PARTS] + [NOBODY]
    there = [one for one in ways if any(cell[0] == one for cell in found.cells)]
    here = [one for one in ways if any(cell[1] == one for cell in found.cells)]
    lines = [
        Line(
            _name(one),
            "",
            sum(found.cells.get((one, other), 0) for other in here),
            tuple(_step(wanted, since, one, other, found.cells) for other in here),
        )
        for one in there
    ]
    context = {
        **_common(request, form, wanted),
        "found": found,
        "since": since,
        "heads": [_name(other) for other in here],
        "lines": lines,
        "balance_href": f"{reverse('balance')}?{query(wanted)}",
    }
    return render(request, "reporting/balance_flow.html", context, status=_status(form))


@needs(Duty.SEE_BALANCE)
def moved(request: PageRequest) -> HttpResponse:
    """The children behind one cell of the flow."""
    form, wanted = _asked(request, flow=True)
    since = _since(form, wanted)
    step = request.GET.get("from", NOBODY), request.GET.get("to", NOBODY)
    total = books.flow(wanted, since).cells.get(step)
    if total is None:
        raise NotVisible
    page = forms.page(request.GET)
    rows = books.moved(wanted, since, step, page)
    title = f"{_name(step[0])} → {_name(step[1])}"
    _noted(request, "balance:moved")
    more = {"since": since.isoformat(), "from": step[0], "to": step[1]}
    back = f"{reverse('balance_flow')}?{query(wanted, since=since.isoformat())}"
    address = f"{reverse('balance_moved')}?{query(wanted, **more)}"
    return _list(request, wanted, Listing(title, total, rows, page, address, back))


@dataclass(frozen=True)
class Listing:
    """One page of names. address: of the first page; back: where the number stands."""

    title: str
    total: int
    rows: list[Child]
    page: int
    address: str
    back: str

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def previous(self) -> str:
        return f"{self.address}&page={self.page - 1}" if self.page > 1 else ""

    @property
    def next(self) -> str:
        return f"{self.address}&page={self.page + 1}" if self.page < self.pages else ""


def query(wanted: Wanted, **more: str) -> str:
    """Area, day and group as the end of an address."""
    tag = {"tag": wanted.tag} if wanted.tag else {}
    parts = {"region": wanted.area.key, "on": wanted.on.isoformat(), **tag, **more}
    return urlencode(parts)


def _asked(request: PageRequest, *, flow: bool = False) -> tuple[BalanceForm, Wanted]:
    """What the address asks for; a wrong day or group is said, and today and all are shown."""
    today = clock.today()
    blank = {"on": today, "since": today - FLOW_BACK}
    groups = groups_for(request.scope)
    form = BalanceForm(request.GET or None, initial=blank, groups=groups, today=today, flow=flow)
    form.is_valid()
    given = form.cleaned_data if form.is_bound else {}
    on = given.get("on") or today
    code = request.GET.get("region", "")
    area = areas.find_region(request.scope, code, on) if code else areas.own(request.scope, on)
    if area.kind not in (AreaKind.COUNTY, AreaKind.TOWNSHIP, AreaKind.VILLAGE):
        raise NotVisible
    return form, Wanted(area, on, today, given.get("tag") or "")


def _since(form: BalanceForm, wanted: Wanted) -> date:
    """The first day of the flow, never after the second."""
    given = form.cleaned_data.get("since") if form.is_bound else None
    return min(given or wanted.on - FLOW_BACK, wanted.on)


def _status(form: BalanceForm) -> int:
    return 400 if form.errors else 200


def _common(request: PageRequest, form: BalanceForm, wanted: Wanted) -> dict[str, object]:
    return {
        "wanted": wanted,
        "form": form,
        "as_of": clock.now(),
        "crumbs": [
            (one.name, _area_href(wanted, one) if in_reach(request.scope, one) else "")
            for one in wanted.area.above
        ],
    }


def _area_href(wanted: Wanted, area: Area) -> str:
    other = Wanted(area, wanted.on, wanted.today, wanted.tag)
    return f"{reverse('balance')}?{query(other)}"


def _columns(found: Balance) -> list[Disposition]:
    """Parts with anybody in them; the unaccounted always."""
    return [part for part in PARTS if found.counts[part] or part is Disposition.UNACCOUNTED]


def _below(wanted: Wanted, code: str) -> Wanted:
    """The unit of a line as an area, as far as an address needs it."""
    if not code:
        return wanted
    area = wanted.area
    kind = AreaKind.TOWNSHIP if area.kind == AreaKind.COUNTY else AreaKind.VILLAGE
    return Wanted(Area(kind, code, "", area.county_id, ""), wanted.on, wanted.today, wanted.tag)


def _line(
    wanted: Wanted, name: str, counts: Mapping[str, int], parts: list[Disposition], *, leads: bool
) -> Line:
    numbers = {part: counts.get(part, 0) for part in parts}
    return Line(
        name,
        f"{reverse('balance')}?{query(wanted)}" if leads else "",
        sum(numbers.values()),
        tuple(
            Cell(part, number, f"{reverse('balance_names')}?{query(wanted, part=part)}")
            for part, number in numbers.items()
        ),
    )


def _step(wanted: Wanted, since: date, one: str, other: str, cells: Mapping) -> Cell:
    number = cells.get((one, other), 0)
    more = {"since": since.isoformat(), "from": one, "to": other}
    href = f"{reverse('balance_moved')}?{query(wanted, **more)}"
    return Cell("" if one == other else "moved", number, href)


def _name(part: str) -> str:
    return str(Disposition(part).label) if part else str(NOT_COUNTED)


def _noted(request: PageRequest, subject: str) -> None:
    audit.record(request.scope, "balance.list", subject, now=clock.now())


def _list(request: PageRequest, wanted: Wanted, listing: Listing) -> HttpResponse:
    context = {"wanted": wanted, "listing": listing, "as_of": clock.now()}
    return render(request, "reporting/balance_names.html", context)

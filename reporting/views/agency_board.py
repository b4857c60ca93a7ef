"""The board of a body, in three parts, and the list of the boards in reach."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.errors import Text
from agencies.models import Agency, Obligation
from agencies.models.obligation import ObligationQuerySet
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import standing
from agencies.rules.duties import AgencyKind, Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from agencies.views.base import PageRequest, needs
from agencies.views.duties import line_of, places_of
from reporting.board_forms import Asked, BoardFilterForm, BoardsFilterForm
from reporting.queries import agency_board as queries
from reporting.queries import agency_boards
from reporting.queries.agency_board import Board, Bodies, Link, Open
from reporting.queries.agency_duties import agencies_for, agency_for, own_agency
from reporting.rules.agency_board import NONE, Part, Result
from students.views.paging import slice_of

# What stands beside a row that is left out of the rate; extensions have a mark of their own.
EXCUSED = {Result.WAITING: Result.WAITING.label}


@require_GET
@needs(Duty.SEE_DUTIES)
def own(request: PageRequest) -> HttpResponse:
    """The board of the own body."""
    return redirect("agency_board", own_agency(request.scope).public_id)


@require_GET
@needs(Duty.SEE_DUTIES)
def one(request: PageRequest, agency_id: UUID) -> HttpResponse:
    """One part of the board with its rows, and the numbers of all three."""
    scope, now = request.scope, clock.now()
    agency = agency_for(scope, agency_id)
    form = BoardFilterForm(
        request.GET.dict(), scope.on, is_township=agency.kind == AgencyKind.TOWNSHIP
    )
    asked = form.asked()
    bodies = queries.bodies_of(agency, alone=asked.alone)
    links = queries.links_of(bodies.ids)
    board = queries.board_of(bodies, links, asked.span, now)
    found, more = slice_of(request, _wanted(scope, bodies, links, asked, now))
    context = {
        "agency": agency,
        "several": bool(bodies.path),
        "filters": form,
        "asked": asked,
        "parts": _parts(board, asked),
        "open_kinds": _open_kinds(board, asked),
        "answered": _answered(board, asked),
        "results": list(Result),
        "narrowed": _narrowed_to(asked),
        "back": asked.to(asked.part),
        "lines": _lines(scope, found, links, asked.part, now),
        "next_cursor": more,
        "sees_others": scope.everything or bool(scope.paths),
    }
    return render(request, "reporting/agency_board.html", context)


def _wanted(
    scope: Scope, bodies: Bodies, links: list[Link], asked: Asked, now: datetime
) -> ObligationQuerySet:
    if not asked.lists:
        return Obligation.objects.none()
    rows = queries.with_result(queries.rows_of(bodies, links, asked.part, asked.span), now)
    return queries.shown_to(scope, asked.narrowed(rows), asked.part)


def _parts(board: Board, asked: Asked) -> list[dict[str, object]]:
    """The three numbers, each the way into its part."""
    rate = board.rate
    numbers = {
        Part.WAITING: (
            sum(one.total for one in board.waiting),
            sum(one.late for one in board.waiting),
        ),
        Part.ANSWERED: (f"{rate.numerator} / {rate.denominator}", 0),
        Part.ASKED: (sum(one.total for one in board.asked), sum(one.late for one in board.asked)),
    }
    return [
        {"part": part, "number": number, "late": late, "url": asked.to(part)}
        for part, (number, late) in numbers.items()
    ]


def _open_kinds(board: Board, asked: Asked) -> list[tuple[Open, str]]:
    """The kinds of the part that is shown, each with the way to its rows."""
    kinds = {Part.WAITING: board.waiting, Part.ASKED: board.asked}.get(asked.part, [])
    return [(one, asked.to(asked.part, one.kind)) for one in kinds]


def _answered(board: Board, asked: Asked) -> list[dict[str, object]]:
    """A row for each kind, and the whole last; each number leads to its rows."""
    whole = sum(board.answered.values(), NONE)
    several = [(str(kind.label), kind.value, each) for kind, each in board.answered.items()]
    if len(several) > 1:
        several.append((_("all"), "", whole))
    return [
        {
            "label": label,
            "rate": each.rate,
            "numbers": [
                (result, each.of(result), asked.to(Part.ANSWERED, kind, result))
                for result in Result
            ],
        }
        for label, kind, each in several
    ]


def _narrowed_to(asked: Asked) -> list[Text]:
    """The kind and the result to which the rows are narrowed, in words."""
    kind: list[Text] = [ObligationKind(asked.kind).label] if asked.kind else []
    return [*kind, Result(asked.result).label] if asked.result else kind


def _lines(
    scope: Scope, rows: Iterable[Obligation], links: Iterable[Link], part: Part, now: datetime
) -> list[dict[str, object]]:
    """Each leads to where it is answered, as far as the person may open that page."""
    found, calendar = queries.led(rows, links), working_calendar()
    places = places_of(scope, found)
    return [
        {
            **line_of(scope, standing(row, calendar, now), places),
            "since": row.starts_on if part == Part.ASKED else None,
            "unseen": not row.seen,  # type: ignore[attr-defined]  # of shown_to
            "excused": EXCUSED.get(row.result, ""),  # type: ignore[attr-defined]  # of with_result
        }
        for row in found
    ]


@require_GET
@needs(Duty.SEE_DUTIES)
def list_of(request: PageRequest) -> HttpResponse:
    """The bodies in reach by kind and name, 50 on a page: no ranking."""
    scope, now = request.scope, clock.now()
    form = BoardsFilterForm(request.GET.dict(), scope.on)
    bodies, more = slice_of(request, _narrowed(agencies_for(scope).on(scope.on), form))
    context = {
        "filters": form,
        "lines": agency_boards.lines_of(bodies, form.span, now),
        "period": form.data["period"],
        "next_cursor": more,
    }
    return render(request, "reporting/agency_boards.html", context)


def _narrowed(rows: QuerySet[Agency], form: BoardsFilterForm) -> QuerySet[Agency]:
    """A filter that is wrong is shown as wrong and narrows nothing."""
    form.is_valid()
    given = form.cleaned_data
    if given.get("kind"):
        rows = rows.filter(kind=given["kind"])
    if text := given.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(code=text))
    return rows.order_by("kind", "name", "pk")
